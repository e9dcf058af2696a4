/**
 * The nonce that the page's content security policy asks of style elements. The server puts a fresh one
 * into the page each time (src/http/console.ts).
 */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
}

/** For the library under dialogs that keeps the page from scrolling: this is where it looks. */
export function publishNonce(): void {
  Object.assign(globalThis, { __webpack_nonce__: styleNonce() });
}
