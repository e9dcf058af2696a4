/** The server itself: how it is configured, what it has on disk, how fast each operation is. */
import { Button, Tabs } from "@mantine/core";
import { IconAdjustments, IconBook2, IconChartHistogram, IconDatabase } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useLocation, useParams } from "wouter";
import { Page } from "../../components/page.tsx";
import { formatDuration } from "../../lib/format.ts";
import { DOCS, METRICS } from "../../lib/links.ts";
import { useLatest } from "../../lib/live/live.ts";
import { Configuration } from "./configuration.tsx";
import { Latency } from "./latency.tsx";
import classes from "./server.module.css";
import { Storage } from "./storage.tsx";

const TABS = [
  {
    value: "configuration",
    label: "Configuration",
    icon: IconAdjustments,
    component: Configuration,
  },
  { value: "storage", label: "Storage", icon: IconDatabase, component: Storage },
  { value: "latency", label: "Latency", icon: IconChartHistogram, component: Latency },
] as const;

const ICON = { size: 15, stroke: 1.7 } as const;

export default function Server(): ReactNode {
  const { "*": rest = "" } = useParams<{ "*"?: string }>();
  const [, navigate] = useLocation();
  const now = useLatest()?.now;
  const tab = TABS.find(({ value }) => value === rest) ?? TABS[0];
  return (
    <Page
      title="Server"
      description={
        now === undefined
          ? "Waiting for the server…"
          : `PyKV ${now.version}, up ${formatDuration(now.uptime_seconds)}`
      }
      actions={
        <>
          <Button
            component="a"
            href={METRICS}
            target="_blank"
            variant="default"
            leftSection={<IconChartHistogram {...ICON} />}
          >
            Metrics
          </Button>
          <Button
            component="a"
            href={DOCS}
            target="_blank"
            variant="default"
            leftSection={<IconBook2 {...ICON} />}
          >
            API documentation
          </Button>
        </>
      }
    >
      <Tabs
        value={tab.value}
        onChange={(value) =>
          navigate(value === TABS[0].value ? "/server" : `/server/${value ?? ""}`)
        }
        keepMounted={false}
        className={classes.tabs}
        classNames={{ panel: classes.tab }}
      >
        <Tabs.List>
          {TABS.map(({ value, label, icon: Icon }) => (
            <Tabs.Tab key={value} value={value} leftSection={<Icon {...ICON} />}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map(({ value, component: Content }) => (
          <Tabs.Panel key={value} value={value}>
            <Content />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
