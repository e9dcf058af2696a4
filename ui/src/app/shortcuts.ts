/**
 * Keyboard shortcuts: those of the console, and those that the page in view has registered.
 *
 * A page calls `useShortcuts` with what it offers; while it is in view its keys work, the help lists
 * them and the command palette offers them. Keys are not taken while somebody types, and a dialog has
 * the keyboard to itself.
 */
import { useDisclosure } from "@mantine/hooks";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { useLocation } from "wouter";
import { PAGES, hrefOf } from "./pages.tsx";

export interface Shortcut {
  /** As `event.key` says it, such as `/`, `e`, `Delete`; null for what only the palette offers. */
  readonly key: string | null;
  readonly label: string;
  readonly run: () => void;
}

export const MOD = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

const KEY_NAMES = new Map([
  [" ", "Space"],
  ["Delete", "Del"],
  ["Escape", "Esc"],
]);

/** After `g`, the letter of a page must follow within this. */
const SEQUENCE_MS = 1000;
const NONE: readonly Shortcut[] = [];

let registered: readonly (readonly Shortcut[])[] = [];
let flat: readonly Shortcut[] = NONE;
const listeners = new Set<() => void>();
let openHelp = (): void => undefined;

/** Offers shortcuts while the calling component is shown. `shortcuts` may be new with each render. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  const names = shortcuts.map(({ key, label }) => `${key ?? ""} ${label}`).join("\n");
  useEffect(() => {
    // Runs what is offered now, not what was when the shortcut was registered.
    const stable = current.current.map((each, at) => ({
      ...each,
      run: () => current.current[at]?.run(),
    }));
    change([...registered, stable]);
    return () => change(registered.filter((each) => each !== stable));
  }, [names]);
}

/** A key as it stands on a keyboard. */
export function keyName(key: string): string {
  return KEY_NAMES.get(key) ?? key;
}

/** What the page in view offers. */
export function usePageShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(subscribe, () => flat);
}

/** The keys that work everywhere; the shell calls this once. */
export function useGlobalShortcuts(): void {
  const [, navigate] = useLocation();
  const startedMs = useRef(-Infinity);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTaken(event)) return;
      const isSecond = event.timeStamp - startedMs.current < SEQUENCE_MS;
      startedMs.current = event.key === "g" && !isSecond ? event.timeStamp : -Infinity;
      const page = isSecond ? PAGES.find(({ key }) => key === event.key) : undefined;
      const shortcut = flat.findLast(({ key }) => key === event.key);
      const run = page === undefined ? shortcut?.run : () => navigate(hrefOf(page));
      const action = event.key === "?" ? openHelp : run;
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [navigate]);
}

export interface Help {
  readonly isOpen: boolean;
  readonly open: () => void;
  readonly close: () => void;
}

/** The state of the help dialog; the shell calls this once. */
export function useHelp(): Help {
  const [isOpen, { open, close }] = useDisclosure(false);
  useEffect(() => {
    openHelp = open;
  }, [open]);
  return { isOpen, open, close };
}

function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("[role=dialog]") !== null) return true;
  return /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isToggle(target);
}

/** Letters typed at a checkbox go nowhere else. */
function isToggle(target: HTMLElement): boolean {
  return target instanceof HTMLInputElement && /^(?:checkbox|radio|button)$/.test(target.type);
}

function change(next: readonly (readonly Shortcut[])[]): void {
  registered = next;
  flat = next.flat();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
