/**
 * The keys that were loaded, as folders by a separator: `user:1:name` lies in `user:`, in `user:1:`.
 *
 * Keys arrive in no order and a page at a time, so the tree is always that of what has been loaded and
 * grows by insertion; nothing is ever built anew. Each folder keeps its folders and its keys sorted, and
 * counts the rows that it would show if it were open. A row is found by its number by going down
 * through the open folders alone, so scrolling costs the same with a million keys as with ten. Without
 * a separator all keys lie in the root, which is the flat list.
 *
 * Costs: adding or removing a key is a search on each level; a row by number is a step for each open
 * folder before it on its level.
 */
import { compareKeys } from "./order.ts";
import { SortedList } from "./sorted-list.ts";

export interface Folder {
  /** What all its keys start with, its separator included; empty for the root. */
  readonly prefix: string;
  readonly parent: Folder | null;
  /** 0 for what lies in the root. */
  readonly depth: number;
  /** Keys in it and in the folders below. */
  readonly keyCount: number;
  readonly isOpen: boolean;
}

interface Placed {
  readonly depth: number;
  /** Among those that lie in the same folder, from 1. */
  readonly place: number;
  readonly siblings: number;
}

export interface FolderRow extends Placed {
  readonly kind: "folder";
  readonly folder: Folder;
}

export interface KeyRow extends Placed {
  readonly kind: "key";
  readonly key: string;
  /** What the folder it lies in says already. */
  readonly prefix: string;
}

export type Row = FolderRow | KeyRow;

/** Lists are shared empty ones until something is put in: there may be a million folders. */
interface Node extends Folder {
  prefix: string;
  readonly parent: Node | null;
  folders: SortedList<Node>;
  keys: SortedList<string>;
  open: SortedList<Node>;
  keyCount: number;
  isOpen: boolean;
  /** Rows below it, were it open. */
  rows: number;
}

/** Below this the rest of a key is its name: a key of nothing but separators is no ladder. */
const DEPTH_MAX = 32;

const NO_NODES = new SortedList<Node>(compareNodes);
const NO_KEYS = new SortedList<string>(compareKeys);

export class KeyTree {
  /** What separates folders; empty puts all keys into one list. */
  readonly separator: string;
  readonly #root: Node;
  /** Folders that are open, or will be once there are keys in them. */
  readonly #openPrefixes: Set<string>;

  constructor(separator: string, openPrefixes: ReadonlySet<string> = new Set()) {
    this.separator = separator;
    this.#openPrefixes = new Set(openPrefixes);
    this.#root = makeNode("", null, true);
  }

  get keyCount(): number {
    return this.#root.keyCount;
  }

  get rowCount(): number {
    return this.#root.rows;
  }

  get openPrefixes(): ReadonlySet<string> {
    return this.#openPrefixes;
  }

  /** Whether it is new: a listing may bring a key twice. */
  add(key: string): boolean {
    const node = this.#nodeFor(key, true)!;
    if (node.keys === NO_KEYS) node.keys = new SortedList(compareKeys);
    if (!node.keys.add(key)) return false;
    changeRows(node, 1);
    for (let each: Node | null = node; each !== null; each = each.parent) each.keyCount += 1;
    return true;
  }

  /** Whether it was there. A folder goes with its last key. */
  delete(key: string): boolean {
    const node = this.#nodeFor(key, false);
    if (node?.keys.delete(key) !== true) return false;
    changeRows(node, -1);
    for (let each: Node | null = node; each !== null; each = each.parent) each.keyCount -= 1;
    for (let each = node; each.parent !== null && each.keyCount === 0; each = each.parent) {
      if (each.isOpen) each.parent.open.delete(each);
      each.parent.folders.delete(each);
      changeRows(each.parent, -1);
    }
    return true;
  }

  has(key: string): boolean {
    return this.#nodeFor(key, false)?.keys.find(key) !== undefined;
  }

  /** The row with this number, from 0. */
  rowAt(number: number): Row | undefined {
    let node = this.#root;
    let at = number;
    for (let inside: Node | null = node; inside !== null;) {
      node = inside;
      inside = null;
      let before = 0;
      for (const each of node.open) {
        const row = node.folders.rank(each) + before;
        if (at < row) break;
        if (at === row) return rowOfNode(each, at - before);
        if (at <= row + each.rows) {
          at -= row + 1;
          inside = each;
          break;
        }
        before += each.rows;
      }
      if (inside === null) at -= before;
    }
    const folder = node.folders.at(at);
    if (folder !== undefined) return rowOfNode(folder, at);
    const key = node.keys.at(at - node.folders.size);
    if (key === undefined) return undefined;
    const siblings = node.folders.size + node.keys.size;
    const { prefix, depth } = node;
    return { kind: "key", key, prefix, depth: depth + 1, place: at + 1, siblings };
  }

  /** The number of a key's row; -1 when it is not there or lies in a folder that is closed. */
  rowOfKey(key: string): number {
    const node = this.#nodeFor(key, false);
    if (node?.keys.find(key) === undefined) return -1;
    const first = this.#firstRowIn(node);
    if (first < 0) return -1;
    return first + node.folders.size + openRows(node) + node.keys.rank(key);
  }

  rowOfFolder(prefix: string): number {
    const node = this.#find(prefix);
    const parent = node?.parent ?? null;
    if (node === undefined || parent === null) return -1;
    const first = this.#firstRowIn(parent);
    return first < 0 ? -1 : first + placeIn(parent, node);
  }

  setOpen(prefix: string, isOpen: boolean): void {
    if (isOpen) this.#openPrefixes.add(prefix);
    else this.#openPrefixes.delete(prefix);
    const node = this.#find(prefix);
    const parent = node?.parent ?? null;
    if (node === undefined || parent === null || node.isOpen === isOpen) return;
    node.isOpen = isOpen;
    if (isOpen) openIn(parent).add(node);
    else parent.open.delete(node);
    changeRows(parent, isOpen ? node.rows : -node.rows);
  }

  /** Opens every folder that the key or prefix lies in. */
  reveal(key: string): void {
    for (const prefix of this.#prefixesOf(key)) this.setOpen(prefix, true);
  }

  /** Every key below a prefix of a folder, in order; all of them for the root's, which is empty. */
  *keysIn(prefix: string): Generator<string> {
    const node = this.#find(prefix);
    if (node !== undefined) yield* keysBelow(node);
  }

  #firstRowIn(node: Node): number {
    let row = 0;
    for (let each = node; each.parent !== null; each = each.parent) {
      if (!each.isOpen) return -1;
      row += placeIn(each.parent, each) + 1;
    }
    return row;
  }

  #find(prefix: string): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const each of this.#prefixesOf(prefix)) node = node?.folders.find(probe(each));
    return node?.prefix === prefix ? node : undefined;
  }

  #nodeFor(key: string, makes: boolean): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const prefix of this.#prefixesOf(key)) {
      const parent: Node | undefined = node;
      node = parent?.folders.find(probe(prefix));
      if (node === undefined && makes && parent !== undefined) node = this.#make(prefix, parent);
    }
    return node;
  }

  #make(prefix: string, parent: Node): Node {
    const node = makeNode(prefix, parent, this.#openPrefixes.has(prefix));
    if (parent.folders === NO_NODES) parent.folders = new SortedList(compareNodes);
    parent.folders.add(node);
    if (node.isOpen) openIn(parent).add(node);
    changeRows(parent, 1);
    return node;
  }

  /** Of the folders that lead to a key, the outermost first. */
  *#prefixesOf(key: string): Generator<string> {
    const { separator } = this;
    if (separator === "") return;
    let from = 0;
    for (let depth = 0; depth < DEPTH_MAX; depth++) {
      const at = key.indexOf(separator, from);
      if (at < 0) return;
      from = at + separator.length;
      yield key.slice(0, from);
    }
  }
}

function makeNode(prefix: string, parent: Node | null, isOpen: boolean): Node {
  const depth = parent === null ? -1 : parent.depth + 1;
  const lists = { folders: NO_NODES, keys: NO_KEYS, open: NO_NODES };
  return { prefix, parent, depth, isOpen, ...lists, keyCount: 0, rows: 0 };
}

function openIn(node: Node): SortedList<Node> {
  if (node.open === NO_NODES) node.open = new SortedList(compareNodes);
  return node.open;
}

/** What to look for a folder with; one for all, since it is needed for no longer than a search. */
function probe(prefix: string): Node {
  PROBE.prefix = prefix;
  return PROBE;
}

function compareNodes(a: Node, b: Node): number {
  return compareKeys(a.prefix, b.prefix);
}

const PROBE = makeNode("", null, false);

function rowOfNode(node: Node, rank: number): FolderRow {
  const { folders, keys } = node.parent!;
  const siblings = folders.size + keys.size;
  return { kind: "folder", folder: node, depth: node.depth, place: rank + 1, siblings };
}

/** Rows of a folder count in those above it as long as it is open. */
function changeRows(node: Node, by: number): void {
  for (let each: Node | null = node; each !== null; each = each.parent) {
    each.rows += by;
    if (!each.isOpen) return;
  }
}

/** Place of a folder's row among all rows of its parent. */
function placeIn(parent: Node, folder: Node): number {
  let place = parent.folders.rank(folder);
  for (const each of parent.open) {
    if (compareNodes(each, folder) >= 0) break;
    place += each.rows;
  }
  return place;
}

function openRows(node: Node): number {
  let rows = 0;
  for (const each of node.open) rows += each.rows;
  return rows;
}

function* keysBelow(node: Node): Generator<string> {
  for (const folder of node.folders) yield* keysBelow(folder);
  yield* node.keys;
}
