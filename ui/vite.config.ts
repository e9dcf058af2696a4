/**
 * How the web console is bundled; scripts/build.mjs runs it, and adds the compressed copies.
 *
 * Everything is served below /ui/. The nonce is a placeholder: the server puts a fresh one in its
 * place with every page it sends (src/http/console.ts).
 */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev:ui` finds a server to speak to. */
const SERVER = "http://127.0.0.1:8000";
const API =
  /^\/(kv|batch|namespaces|stats|performance|health|ready|compact|metrics|events|config|storage|docs|openapi\.json)\b/;

export default defineConfig({
  base: "/ui/",
  plugins: [react()],
  html: { cspNonce: "__CSP_NONCE__" },
  resolve: {
    alias: { "pykv/client": new URL("../src/client/index.ts", import.meta.url).pathname },
  },
  build: {
    emptyOutDir: true,
    // What runs a current console: light-dark(), :has() and the like need no fallback.
    target: "baseline-widely-available",
    modulePreload: { polyfill: false },
    // Data URLs would need the policy to allow them for every kind of asset.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // The bound is on what is sent first, compressed: test/ui/serving.test.ts.
    chunkSizeWarningLimit: 1000,
  },
  server: { proxy: { [API.source]: { target: SERVER } } },
});
