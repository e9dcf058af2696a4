/** What the console reads of the events is what the server's schema says that it sends. */
import type { Static } from "typebox";
import { expect, expectTypeOf, test } from "vitest";
import { COLUMNS as SENT } from "../../src/http/live/columns.ts";
import type { HistoryEvent, SampleEvent } from "../../src/http/live/schemas.ts";
import { COLUMNS } from "../../ui/src/lib/live/types.ts";
import type * as read from "../../ui/src/lib/live/types.ts";

test("the columns are the same, in the same order", () => {
  expect(COLUMNS).toEqual(SENT);
});

test("the types fit", () => {
  expectTypeOf<Static<typeof HistoryEvent>>().toExtend<read.HistoryEvent>();
  expectTypeOf<Static<typeof SampleEvent>>().toExtend<read.SampleEvent>();
});
