/** What happened to the key while it is being edited, or to the attempt to save it. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { explain } from "../../../lib/explain.ts";
import type { Draft, Entry } from "./entry.ts";
import type { Saving } from "./use-save.ts";
import classes from "./value-panel.module.css";

interface Props {
  readonly draft: Draft | undefined;
  /** Undefined while it has not been read; null when it is gone. */
  readonly entry: Entry | null | undefined;
  readonly saving: Saving;
  /** Saves, which shows both values when they differ. */
  readonly onCompare: () => void;
}

export function ValueBanner({ draft, entry, saving, onCompare }: Props): ReactNode {
  if (draft === undefined) return null;
  if (saving.state.phase === "failed") {
    return (
      <div className={classes.banner} data-kind="bad" role="alert">
        <span className={classes.bannerText}>
          <b>Not saved.</b> {explain(saving.state.error)} Your text is kept, also over a reload.
        </span>
      </div>
    );
  }
  if (entry === null && draft.baseVersion !== null) {
    return (
      <div className={classes.banner} role="status">
        <span className={classes.bannerText}>
          <b>The key is gone:</b> deleted, or expired. Your text is still here.
        </span>
        <Button variant="default" size="compact-xs" onClick={onCompare}>
          See what can be done
        </Button>
      </div>
    );
  }
  if (entry === undefined || entry === null || entry.version === draft.baseVersion) return null;
  return (
    <div className={classes.banner} role="status">
      <span className={classes.bannerText}>
        <b>Changed on the server</b> while you edit: it is version {entry.version} now, and you
        began with {draft.baseVersion ?? "none"}.
      </span>
      <Button variant="default" size="compact-xs" onClick={onCompare}>
        Compare
      </Button>
    </div>
  );
}
