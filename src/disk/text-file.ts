/**
 * A text file that is replaced as a whole: written beside it, made durable, then renamed over it, so
 * that no crash leaves half of it.
 */
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";

export function readTextFile(path: string): Promise<string> {
  return readFile(path, "utf8");
}

/** Rejects with the file system's error; the old file is then as it was. */
export async function replaceTextFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.new-${process.pid}`;
  try {
    const { mode } = await stat(path);
    await writeDurably(fresh, text, mode);
    await rename(fresh, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** With the rights of the file that it replaces: it may hold a password. */
async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, "w", mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
