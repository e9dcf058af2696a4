/** Everything that all pages stand on: theme, queries, notices, routes, the shell. */
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Router } from "wouter";
import { BASE } from "../lib/links.ts";
import { styleNonce } from "../lib/nonce.ts";
import { queryClient } from "../lib/query.ts";
import { Shell } from "./shell.tsx";
import { colorSchemeManager, cssVariablesResolver, theme } from "./theme.ts";

export function App(): ReactNode {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" limit={4} zIndex={400} />
        <Router base={BASE}>
          <Shell />
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  );
}
