/** What CLIENT's subcommands have in common. */
import type { CommandFlag } from "../../../command.ts";

export const CLIENT_FLAGS: readonly CommandFlag[] = ["noscript", "loading", "stale"];
export const ADMIN_FLAGS: readonly CommandFlag[] = ["admin", "noscript", "loading", "stale"];
