/** What lies on disk: the log's segments and the snapshots. */
import type { StorageFile } from "../../store/types.ts";
import type { App, HttpContext } from "../context.ts";
import { operation, replies } from "../describe.ts";
import { recordDone, sendJson } from "../reply.ts";
import { StorageReply } from "../reply-schemas-server.ts";
import { NoQuery } from "../schemas.ts";

const config = { operation: "other" as const };

export function storageRoute(app: App, context: HttpContext): void {
  const schema = {
    ...operation({
      id: "getStorage",
      summary: "Segments and snapshots on disk",
      tag: "administration",
      description: "Without a data directory `data_dir` is null and there are no files.",
    }),
    querystring: NoQuery,
    response: replies({ 200: { description: "The files", schema: StorageReply } }),
  };
  app.get("/storage", { schema, config }, async (request, reply) => {
    const report = await context.store.storage();
    const { segments = [], snapshots = [], freeBytes = null } = report ?? {};
    const body = {
      data_dir: context.loaded.options.dataDir,
      free_bytes: freeBytes,
      segments: segments.map((file, at) => ({
        ...render(file),
        active: at === segments.length - 1,
      })),
      snapshots: snapshots.map(render),
    };
    recordDone(context, "other", request, 200);
    sendJson(reply, 200, JSON.stringify(body));
    return reply;
  });
}

function render({ name, seq, bytes }: StorageFile): object {
  return { name, seq, bytes };
}
