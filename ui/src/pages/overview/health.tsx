/** Whether all is well, in a word, and in sentences when it is not. */
import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { countOf, formatDuration } from "../../lib/format.ts";
import type { Now } from "../../lib/live/types.ts";
import classes from "./overview.module.css";

export function HealthLine({ now }: { readonly now: Now }): ReactNode {
  const { status } = now.health;
  return (
    <span className={classes.health}>
      <span className={status === "healthy" ? classes.healthy : classes.degraded}>
        {status === "healthy" ? "Healthy" : "Degraded"}
      </span>
      <span aria-hidden="true">·</span>
      <span>up {formatDuration(now.uptime_seconds)}</span>
      {now.redis_connections === null ? null : (
        <>
          <span aria-hidden="true">·</span>
          <span>{countOf(now.redis_connections, "Redis client")}</span>
        </>
      )}
    </span>
  );
}

export function HealthProblems({ health }: { readonly health: Now["health"] }): ReactNode {
  if (health.reasons.length === 0) return null;
  return (
    <Alert
      color="red"
      variant="light"
      title="The server is degraded: reads work, writes may not"
      icon={<IconAlertTriangle size={17} />}
    >
      {health.reasons.map((reason) => (
        <div key={reason}>{reason}</div>
      ))}
    </Alert>
  );
}
