/** For a server that holds nothing and was asked nothing: the first commands. */
import { IconRocket } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Copyable } from "../../components/copyable.tsx";
import { Empty } from "../../components/empty.tsx";
import { Panel } from "../../components/panel.tsx";
import type { Latest } from "../../lib/live/live.ts";
import classes from "./overview.module.css";

export function FirstSteps({ latest: { now } }: { readonly latest: Latest }): ReactNode {
  const { keys, cache_hits: hits, cache_misses: misses } = now.totals;
  if (keys > 0 || hits + misses > 0) return null;
  const { origin } = window.location;
  return (
    <Panel title="First steps">
      <Empty icon={IconRocket} title="The server runs, and holds nothing yet">
        <p>Write a key from a terminal, and watch the charts move:</p>
        <div className={classes.commands}>
          <Copyable text={`curl ${origin}/kv/ --json '{"key": "greeting", "value": "hello"}'`} />
          <Copyable text={`curl ${origin}/kv/greeting`} />
        </div>
      </Empty>
    </Panel>
  );
}
