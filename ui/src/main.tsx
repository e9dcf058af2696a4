/** The start of the web console. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { startLive } from "./lib/live/live.ts";
import { publishNonce } from "./lib/nonce.ts";
import "./app/styles.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root");

publishNonce();
startLive();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
