/**
 * Passwords: who may go on.
 *
 * Both sides are hashed before they are compared, so that the time that it takes tells neither what
 * the password begins with nor how long it is. Failures are logged, without what was tried.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Args } from "./args.ts";
import { MODE } from "./client.ts";
import type { Client } from "./client.ts";

/** The only user there is. */
export const DEFAULT_USER = "default";

/**
 * Lets the client in if argument `password` is the server's password, and argument `user`, when there
 * is one (above 0), its only user. With no password set, any will do.
 */
export function authenticate(client: Client, args: Args, user: number, password: number): boolean {
  const { logger, settings } = client.door;
  const isUser = user === 0 || args.latin1(user) === DEFAULT_USER;
  const isRight = settings.password === null || isSame(args.view(password), settings.password);
  if (!isUser || !isRight) {
    logger.warn({ client: client.link.remoteAddress }, "a client gave a wrong user or password");
    return false;
  }
  client.mode &= ~MODE.stranger;
  client.user = DEFAULT_USER;
  client.link.trust();
  return true;
}

function isSame(given: Buffer, password: string): boolean {
  return timingSafeEqual(hash(given), hash(Buffer.from(password)));
}

function hash(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
