/**
 * Two people have changed the same key: both values side by side, and the choice between them, or of
 * something made out of both.
 */
import { Button, Group, Text } from "@mantine/core";
import { Suspense, lazy, useState } from "react";
import type { ReactNode } from "react";
import { Dialog } from "../../../components/dialog.tsx";
import { formatBytes } from "../../../lib/format.ts";
import { draftFault, shownText, textOf } from "./entry.ts";
import type { Draft, Entry } from "./entry.ts";

const MergeEditor = lazy(() => import("../../../components/merge-editor.tsx"));

interface Props {
  readonly mine: Draft;
  /** Null when the key is gone. */
  readonly theirs: Entry | null;
  readonly onClose: () => void;
  readonly onSave: (merged: Draft, theirs: Entry | null) => void;
  readonly onTakeTheirs: (theirs: Entry | null) => void;
}

export function Conflict({ mine, theirs, onClose, onSave, onTakeTheirs }: Props): ReactNode {
  const [merged, setMerged] = useState(mine.text);
  const theirText = theirs === null ? null : textOf(theirs);
  const result = { ...mine, text: merged };
  const isMerged = merged !== mine.text;
  const fault = draftFault(result);
  return (
    <Dialog isOpen title={titleOf(theirs)} onClose={onClose} size="min(1100px, 96vw)">
      <Text size="sm" c="dimmed" mb="sm">
        {theirs === null
          ? "The key was deleted or has expired since you read it. Saving adds it anew, without a time to live."
          : `It is version ${theirs.version} now. Nothing has been overwritten. You can edit the right side, and carry changes over with the arrows.`}
      </Text>
      {theirs !== null && theirText === null ? (
        <Text size="sm" mb="sm">
          What is there now is binary, {formatBytes(theirs.bytes.length)}.
        </Text>
      ) : (
        <Suspense fallback={<div aria-busy="true" />}>
          <MergeEditor
            theirs={theirs === null ? "" : shownText(theirs, mine.view)}
            mine={mine.text}
            language={mine.view}
            onChange={setMerged}
          />
        </Suspense>
      )}
      {fault === null ? null : (
        <Text size="xs" c="var(--kv-bad)" mt="xs" role="status">
          The right side is not valid JSON: {fault}
        </Text>
      )}
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="subtle" onClick={onClose}>
          Decide later
        </Button>
        <Button variant="default" onClick={() => onTakeTheirs(theirs)}>
          {theirs === null ? "Let it be gone" : "Take theirs"}
        </Button>
        <Button disabled={fault !== null} onClick={() => onSave(result, theirs)}>
          {theirs === null ? "Add it again" : isMerged ? "Save the merged value" : "Keep mine"}
        </Button>
      </Group>
    </Dialog>
  );
}

function titleOf(theirs: Entry | null): string {
  return theirs === null ? "The key is gone" : "Somebody else has changed this key";
}
