/**
 * The pages: where they are, what they are called, and how each is loaded when it is first wanted.
 *
 * Navigation, command palette, shortcuts and routes all come from this one table.
 */
import {
  IconActivity,
  IconDatabase,
  IconServer2,
  IconStack2,
  IconTerminal2,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { lazily } from "./lazily.tsx";

export interface Page {
  /** Below the base; a page that has addresses of its own below that ends in `/*?`. */
  readonly path: string;
  readonly label: string;
  /** For the command palette. */
  readonly description: string;
  readonly icon: ComponentType<{ readonly size?: number; readonly stroke?: number }>;
  /** `g` and this letter go there. */
  readonly key: string;
  readonly component: ComponentType;
}

export const PAGES: readonly Page[] = [
  {
    path: "/",
    label: "Overview",
    description: "What the server is doing now and did in the last 15 minutes",
    icon: IconActivity,
    key: "o",
    component: lazily(() => import("../pages/overview/overview.tsx")),
  },
  {
    path: "/data",
    label: "Data",
    description: "Find, read and change keys and values",
    icon: IconDatabase,
    key: "d",
    component: lazily(() => import("../pages/data/data.tsx")),
  },
  {
    path: "/console",
    label: "Console",
    description: "Send requests by form or command line, and see what comes back",
    icon: IconTerminal2,
    key: "c",
    component: lazily(() => import("../pages/console/console.tsx")),
  },
  {
    path: "/namespaces",
    label: "Namespaces",
    description: "Sizes, hit ratios and limits of each namespace",
    icon: IconStack2,
    key: "n",
    component: lazily(() => import("../pages/namespaces/namespaces.tsx")),
  },
  {
    path: "/server/*?",
    label: "Server",
    description: "Configuration, files on disk, compaction, latencies",
    icon: IconServer2,
    key: "s",
    component: lazily(() => import("../pages/server/server.tsx")),
  },
];

/** The page at a path below the base, such as `/server/latency`. */
export function pageAt(path: string): Page | undefined {
  return PAGES.find((page) => {
    const href = hrefOf(page);
    return path === href || (href !== page.path && path.startsWith(`${href}/`));
  });
}

/** Where a page's link leads: its path without the pattern. */
export function hrefOf({ path }: Page): string {
  return path.replace(/\/\*\?$/, "");
}
