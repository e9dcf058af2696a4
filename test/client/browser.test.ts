/** The SDK in a real browser, on a page that came from the server. */
import { expect } from "vitest";
import { testInBrowser, useConsole } from "../support/browser.ts";
import { bundleClient, PROBE, PROBE_RESULT } from "../support/client-bundle.ts";

const server = useConsole();

testInBrowser("the client works in chromium", async () => {
  const page = await server.open("/ready");
  const probe = `${await bundleClient()}; (${PROBE})(location.origin)`;
  expect(JSON.parse(await page.evaluate<string>(probe))).toEqual(PROBE_RESULT);
});
