/** The same request for a shell, a program and redis-cli, to copy. */
import { Button, SegmentedControl } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { copyText } from "../../lib/copy.ts";
import classes from "./console.module.css";
import { callOf } from "./operations.ts";
import type { Operation } from "./operations.ts";
import { useRedisTarget } from "./redis-target.ts";
import { curlOf, redisOf, sdkOf } from "./snippets.ts";
import type { RedisTarget, Snippet } from "./snippets.ts";

const FORMS = [
  { value: "curl", label: "curl" },
  { value: "sdk", label: "SDK" },
  { value: "redis", label: "redis-cli" },
] as const;

type Form = (typeof FORMS)[number]["value"];

interface Props {
  readonly operation: Operation;
  readonly namespace: string;
}

export function Snippets({ operation, namespace }: Props): ReactNode {
  const [form, setForm] = useState<Form>("curl");
  const redis = useRedisTarget();
  const { text, note } = snippetOf(form, operation, namespace, redis);
  return (
    <div className={classes.snippets}>
      <div className={classes.snippetHead}>
        <SegmentedControl
          withItemsBorders={false}
          size="xs"
          aria-label="Snippet"
          value={form}
          onChange={(next) => {
            const found = FORMS.find(({ value }) => value === next);
            if (found !== undefined) setForm(found.value);
          }}
          data={[...FORMS]}
        />
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<IconCopy size={13} />}
          disabled={text === null}
          onClick={() => void copyText(text ?? "", "Snippet")}
        >
          Copy
        </Button>
      </div>
      {text === null ? null : (
        <pre className={classes.code} tabIndex={0} role="group" aria-label={`Snippet for ${form}`}>
          {text}
        </pre>
      )}
      {note === null ? null : <p className={classes.note}>{note}</p>}
    </div>
  );
}

function snippetOf(
  form: Form,
  operation: Operation,
  namespace: string,
  redis: RedisTarget | null,
): Snippet {
  const { origin } = window.location;
  if (form === "sdk") return { text: sdkOf(operation, namespace, origin), note: null };
  if (form === "redis") {
    if (redis !== null) return redisOf(operation, namespace, redis);
    return { text: null, note: "The Redis protocol is turned off on this server." };
  }
  const call = callOf(operation, namespace);
  if (call !== null) return { text: curlOf(call, origin), note: null };
  return { text: null, note: NO_SINGLE_REQUEST };
}

export const NO_SINGLE_REQUEST =
  "No URL can carry this key, and no single request changes it: the SDK reads it and writes it again.";
