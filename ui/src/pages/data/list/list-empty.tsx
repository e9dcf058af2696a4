/** In place of a list without keys: why, and what to try first. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { explain } from "../../../lib/explain.ts";
import classes from "./list-pane.module.css";

interface Props {
  readonly namespace: string;
  readonly prefix: string;
  readonly error: unknown;
  readonly onNew: () => void;
  readonly onRetry: () => void;
  readonly onClearPrefix: () => void;
}

export function ListEmpty(props: Props): ReactNode {
  const { namespace, prefix, error } = props;
  if (error !== null) {
    return (
      <div className={classes.empty} role="alert">
        <h2>The keys could not be read</h2>
        <p>{explain(error)}</p>
        <Button variant="default" onClick={props.onRetry}>
          Try again
        </Button>
      </div>
    );
  }
  if (prefix !== "") {
    return (
      <div className={classes.empty}>
        <h2>No key starts with that</h2>
        <p>A search is by the beginning of a key, and upper and lower case are different.</p>
        <Button variant="default" onClick={props.onClearPrefix}>
          Show all keys
        </Button>
      </div>
    );
  }
  const { origin } = window.location;
  const query = namespace === "default" ? "" : `?ns=${namespace}`;
  return (
    <div className={classes.empty}>
      <h2>No keys in {namespace} yet</h2>
      <p>Make the first one here, or from a terminal:</p>
      <pre className={classes.snippet} tabIndex={0}>
        {`curl ${origin}/kv/${query} \\
  -H 'content-type: application/json' \\
  -d '{"key": "user:1", "value": {"name": "Ada"}}'`}
      </pre>
      <p>Colons make folders: user:1 and user:2 lie together in a folder, user:.</p>
      <Button onClick={props.onNew}>New key</Button>
    </div>
  );
}
