/**
 * Addresses as CLIENT LIST shows them.
 */

/** How long a peer may take to close its side after we have closed ours. */
export const END_GRACE_MS = 1000;

/** Such as `127.0.0.1:50312`, `[::1]:50312`; an address of IPv4 in IPv6 clothes loses them. */
export function addressText(address: string | undefined, port: number | undefined): string {
  const plain = (address ?? "").replace(/^::ffff:(?=\d+\.)/, "");
  return `${plain.includes(":") ? `[${plain}]` : plain}:${port ?? 0}`;
}
