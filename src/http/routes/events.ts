/** Live figures, once a second, as server-sent events. */
import { PyKVError } from "../../base/errors.ts";
import type { App, HttpContext } from "../context.ts";
import { operation, replies } from "../describe.ts";
import { Broadcast } from "../live/broadcast.ts";
import { EventsQuery, HistoryEvent, SampleEvent } from "../live/schemas.ts";
import { recordDone } from "../reply.ts";

const config = { operation: "other" as const };

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  // What proxies that collect replies are told by.
  "x-accel-buffering": "no",
};

export function eventRoutes(app: App, context: HttpContext): void {
  const broadcast = new Broadcast(context);
  const schema = {
    ...operation({
      id: "followEvents",
      summary: "Live figures once a second, as server-sent events",
      tag: "observability",
      description:
        "First an event `history` with the last 15 minutes, then an event `sample` each second. " +
        "A client that comes back with `Last-Event-ID` is sent only what it missed. At most 64 " +
        "clients at the same time.",
    }),
    querystring: EventsQuery,
    response: replies({
      200: { description: "Events without end", events: [HistoryEvent, SampleEvent] },
    }),
  };
  // Before connections are waited for: these would never end by themselves.
  app.addHook("preClose", (done) => {
    broadcast.close();
    done();
  });
  app.get("/events", { schema, config, exposeHeadRoute: false }, (request, reply) => {
    if (broadcast.isFull) {
      throw new PyKVError("TOO_MANY_SUBSCRIBERS", "64 clients follow the events already");
    }
    const last = request.headers["last-event-id"];
    const since = typeof last === "string" ? last : (request.query.since ?? "");
    recordDone(context, "other", request, 200);
    const given = reply.getHeaders() as Record<string, string>;
    reply.hijack();
    reply.raw.writeHead(200, { ...given, ...HEADERS });
    broadcast.subscribe(reply.raw, since);
  });
}
