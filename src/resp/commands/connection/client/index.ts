/** CLIENT: what it holds, in the order of docs/redis.md. */
import type { Command } from "../../../command.ts";
import { wrongArity } from "../../../errors.ts";
import { caching } from "./caching.ts";
import { getname } from "./getname.ts";
import { getredir } from "./getredir.ts";
import { help } from "./help.ts";
import { id } from "./id.ts";
import { info } from "./info.ts";
import { kill } from "./kill.ts";
import { list } from "./list.ts";
import { noEvict } from "./no-evict.ts";
import { noTouch } from "./no-touch.ts";
import { pause } from "./pause.ts";
import { reply } from "./reply.ts";
import { setinfo } from "./setinfo.ts";
import { setname } from "./setname.ts";
import { tracking } from "./tracking.ts";
import { trackinginfo } from "./trackinginfo.ts";
import { unblock } from "./unblock.ts";
import { unpause } from "./unpause.ts";

export const client: Command = {
  name: "client",
  arity: -2,
  flags: [],
  group: "connection",
  since: "2.4.0",
  summary: "A container for client connection commands.",
  complexity: "Depends on subcommand.",
  subcommands: [
    id,
    info,
    list,
    getname,
    setname,
    setinfo,
    kill,
    pause,
    unpause,
    reply,
    noEvict,
    noTouch,
    unblock,
    tracking,
    caching,
    getredir,
    trackinginfo,
    help,
  ],
  run: ({ out }) => out.error(wrongArity("client")),
};
