/** Ctrl-K: every page, every action of the page in view, and the console's own. */
import { useMantineColorScheme } from "@mantine/core";
import { Spotlight } from "@mantine/spotlight";
import type { SpotlightActionData, SpotlightActionGroupData } from "@mantine/spotlight";
import {
  IconBolt,
  IconBook2,
  IconChartHistogram,
  IconDeviceDesktop,
  IconKeyboard,
  IconMoon,
  IconSearch,
  IconSun,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { DOCS, METRICS } from "../lib/links.ts";
import { PAGES, hrefOf } from "./pages.tsx";
import { keyName, usePageShortcuts } from "./shortcuts.ts";

const ICON = { size: 17, stroke: 1.7 } as const;

interface Props {
  readonly onHelp: () => void;
}

export function CommandPalette({ onHelp }: Props): ReactNode {
  const pages = usePageActions();
  const here = usePageShortcuts().map(({ label, key, run }) => ({
    id: `here-${label}`,
    label,
    onClick: run,
    leftSection: <IconBolt {...ICON} />,
    ...(key === null ? {} : { rightSection: <kbd>{keyName(key)}</kbd> }),
  }));
  const console = useConsoleActions(onHelp);
  const groups: SpotlightActionGroupData[] = [
    ...(here.length === 0 ? [] : [{ group: "On this page", actions: here }]),
    { group: "Go to", actions: pages },
    { group: "Console", actions: console },
  ];
  return (
    <Spotlight
      actions={groups}
      shortcut={["mod + K", "mod + P"]}
      nothingFound="Nothing by that name"
      highlightQuery
      attributes={{ content: { "aria-label": "Command palette" } }}
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch {...ICON} />,
        placeholder: "Search pages and actions",
        "aria-label": "Search pages and actions",
      }}
    />
  );
}

function usePageActions(): SpotlightActionData[] {
  const [, navigate] = useLocation();
  return PAGES.map((page) => ({
    id: `page-${page.label}`,
    label: page.label,
    description: page.description,
    onClick: () => navigate(hrefOf(page)),
    leftSection: <page.icon {...ICON} />,
    rightSection: <kbd>g {page.key}</kbd>,
  }));
}

function useConsoleActions(onHelp: () => void): SpotlightActionData[] {
  const { setColorScheme } = useMantineColorScheme();
  const open = (url: string) => () => void window.open(url, "_blank", "noopener");
  return [
    {
      id: "help",
      label: "Show the keyboard shortcuts",
      leftSection: <IconKeyboard {...ICON} />,
      onClick: onHelp,
    },
    {
      id: "docs",
      label: "Open the API documentation",
      leftSection: <IconBook2 {...ICON} />,
      onClick: open(DOCS),
    },
    {
      id: "metrics",
      label: "Open the metrics",
      leftSection: <IconChartHistogram {...ICON} />,
      onClick: open(METRICS),
    },
    {
      id: "light",
      label: "Light colours",
      leftSection: <IconSun {...ICON} />,
      onClick: () => setColorScheme("light"),
    },
    {
      id: "dark",
      label: "Dark colours",
      leftSection: <IconMoon {...ICON} />,
      onClick: () => setColorScheme("dark"),
    },
    {
      id: "auto",
      label: "Colours as the system has them",
      leftSection: <IconDeviceDesktop {...ICON} />,
      onClick: () => setColorScheme("auto"),
    },
  ];
}
