/** The start of the web console. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { loadAhead, loadNow } from "./app/lazily.tsx";
import { pageAt } from "./app/pages.tsx";
import { BASE } from "./lib/links.ts";
import { onReconnect, startLive } from "./lib/live/live.ts";
import { publishNonce } from "./lib/nonce.ts";
import { queryClient } from "./lib/query.ts";
import "./app/styles.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root");

// The page's script comes while the frame around it is drawn.
const page = pageAt(location.pathname.slice(BASE.length) || "/");
if (page !== undefined) loadNow(page.component);
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
