/** Beside the list while no key is chosen: what the keyboard does here. */
import type { ReactNode } from "react";
import { MOD } from "../../../app/shortcuts.ts";
import classes from "./value-panel.module.css";

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["/"], "find keys by how they start"],
  [["↑", "↓", "Home", "End"], "move through the list"],
  [["→", "←"], "open and close a folder"],
  [["Enter"], "show the value"],
  [["Space"], "select; with Shift and arrows, a range"],
  [["e"], "edit, and"],
  [[MOD, "S"], "save"],
  [["Del"], "delete, with a few seconds to undo it"],
  [["n"], "new key"],
];

export function NoKey({ hasKeys }: { readonly hasKeys: boolean }): ReactNode {
  return (
    <section className={classes.panel} aria-label="Value">
      <div className={classes.message}>
        <h2>{hasKeys ? "Choose a key to see its value" : "Values are shown here"}</h2>
        <dl className={classes.keys}>
          {KEYS.map(([keys, what]) => (
            <KeyLine key={what} keys={keys} what={what} />
          ))}
        </dl>
      </div>
    </section>
  );
}

function KeyLine({ keys, what }: { readonly keys: readonly string[]; readonly what: string }) {
  return (
    <>
      <dt>
        {keys.map((each) => (
          <span key={each}>
            <kbd>{each}</kbd>{" "}
          </span>
        ))}
      </dt>
      <dd>{what}</dd>
    </>
  );
}
