/**
 * Whether what is shown is live: green and quiet when it is, and else when it will be tried again, which
 * a click does at once.
 */
import { Tooltip, UnstyledButton } from "@mantine/core";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { reconnectNow, useConnection } from "../lib/live/live.ts";
import type { Connection } from "../lib/live/stream.ts";
import classes from "./connection-badge.module.css";

/** So many failures in a row are no hiccup any more. */
const OFFLINE_FAILURES = 3;

interface Shown {
  readonly state: "live" | "waiting" | "offline";
  readonly text: string;
  readonly hint: string;
}

export function ConnectionBadge(): ReactNode {
  const connection = useConnection();
  const seconds = useSecondsUntil(connection.status === "waiting" ? connection.retryAtMs : null);
  const { state, text, hint } = shownOf(connection, seconds);
  const isLost = connection.status === "waiting";
  return (
    <Tooltip label={hint} multiline maw={260}>
      <UnstyledButton
        className={classes.badge}
        data-state={state}
        onClick={isLost ? reconnectNow : undefined}
        aria-label={`Connection: ${text}. ${hint}`}
      >
        <span className={classes.dot} aria-hidden="true" />
        <span role="status" className={classes.text}>
          {text}
        </span>
      </UnstyledButton>
    </Tooltip>
  );
}

function shownOf(connection: Connection, seconds: number): Shown {
  switch (connection.status) {
    case "live":
      return { state: "live", text: "Live", hint: "Figures arrive once a second." };
    case "resting":
      return { state: "waiting", text: "Resting", hint: "Goes on when the page is seen again." };
    case "connecting":
      return { state: "waiting", text: "Connecting…", hint: "Asking the server for its figures." };
    case "waiting": {
      const isOffline = connection.failures >= OFFLINE_FAILURES;
      const hint = "The server does not answer. Click to try now; what you typed is kept.";
      const text = `${isOffline ? "Offline" : "Reconnecting"} · ${seconds} s`;
      return { state: isOffline ? "offline" : "waiting", text, hint };
    }
  }
}

function useSecondsUntil(timeMs: number | null): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (timeMs === null) return undefined;
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), 250);
    return () => clearInterval(timer);
  }, [timeMs]);
  return timeMs === null ? 0 : Math.max(0, Math.ceil((timeMs - nowMs) / 1000));
}
