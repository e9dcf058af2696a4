/** The start of the web console. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { loadAhead } from "./app/lazily.tsx";
import { onReconnect, startLive } from "./lib/live/live.ts";
import { publishNonce } from "./lib/nonce.ts";
import { queryClient } from "./lib/query.ts";
import "./app/styles.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root");

publishNonce();
startLive();
// What failed meanwhile, and what may have changed, is asked for again.
onReconnect(() => void queryClient.invalidateQueries());
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
loadAhead();
