/** How the value is shown, and the beginning and end of editing it. */
import { Button, SegmentedControl } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { MOD } from "../../../app/shortcuts.ts";
import type { View } from "../address.ts";
import { EDITABLE_BYTES_MAX, draftFault, integerOf } from "./entry.ts";
import type { Draft, Entry } from "./entry.ts";
import { Increment } from "./increment.tsx";
import type { Saving } from "./use-save.ts";
import classes from "./value-panel.module.css";

const VIEW_NAMES: Readonly<Record<View, string>> = { text: "Text", json: "JSON", hex: "Hex" };

interface Props {
  readonly namespace: string;
  readonly name: string;
  readonly entry: Entry | null;
  readonly draft: Draft | undefined;
  readonly views: readonly View[];
  readonly view: View;
  readonly saving: Saving;
  /** Whether what is shown could not be read anew. */
  readonly isStale: boolean;
  readonly onView: (view: View) => void;
  readonly onEdit: () => void;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
  readonly onKind: (kind: Draft["kind"]) => void;
  readonly onChanged: () => void;
}

export function ValueBar(props: Props): ReactNode {
  const { draft } = props;
  return (
    <div className={classes.bar}>
      {draft === undefined ? <Reading {...props} /> : <Editing {...props} draft={draft} />}
    </div>
  );
}

function Reading({ namespace, name, entry, views, view, isStale, ...props }: Props): ReactNode {
  if (entry === null) return null;
  const integer = integerOf(entry);
  const isText = views.length > 1;
  return (
    <>
      <SegmentedControl
        withItemsBorders={false}
        size="xs"
        aria-label="View"
        value={view}
        onChange={(next) => {
          const found = views.find((each) => each === next);
          if (found !== undefined) props.onView(found);
        }}
        data={(["text", "json", "hex"] as const)
          .filter((each) => views.includes(each))
          .map((each) => ({ value: each, label: VIEW_NAMES[each] }))}
      />
      <span className={classes.spacer}>
        <span className={classes.note}>
          {isStale ? "Read before the connection was lost" : noteOf(entry, isText)}
        </span>
      </span>
      {integer === null ? null : (
        <Increment namespace={namespace} name={name} value={integer} onChanged={props.onChanged} />
      )}
      {isText ? (
        <Button
          variant="default"
          leftSection={<IconPencil size={14} stroke={1.7} />}
          rightSection={<kbd className={classes.kbd}>e</kbd>}
          onClick={props.onEdit}
        >
          Edit
        </Button>
      ) : null}
    </>
  );
}

function noteOf({ kind, bytes }: Entry, isText: boolean): string {
  if (isText) return "";
  if (kind === "binary") return "Not UTF-8: replace it with a file to change it";
  return bytes.length > EDITABLE_BYTES_MAX ? "Too large to edit here: download and replace it" : "";
}

function Editing({ draft, saving, ...props }: Props & { readonly draft: Draft }): ReactNode {
  const fault = draftFault(draft);
  const { phase } = saving.state;
  return (
    <>
      <SegmentedControl
        withItemsBorders={false}
        size="xs"
        aria-label="Stored as"
        value={draft.kind}
        onChange={(kind) => props.onKind(kind === "json" ? "json" : "text")}
        data={[
          { value: "text", label: "Store as text" },
          { value: "json", label: "Store as JSON" },
        ]}
      />
      <span className={classes.spacer}>
        {fault === null ? (
          <span className={classes.note}>
            {draft.isLaidOut ? "Stored without the line breaks" : ""}
          </span>
        ) : (
          <span className={classes.fault} role="status">
            Not valid JSON: {fault}
          </span>
        )}
      </span>
      <Button variant="default" onClick={props.onDiscard}>
        Discard
      </Button>
      <Button
        onClick={props.onSave}
        loading={phase === "saving"}
        disabled={fault !== null}
        rightSection={<span aria-hidden="true">{MOD} S</span>}
      >
        {phase === "failed" ? "Save again" : "Save"}
      </Button>
    </>
  );
}
