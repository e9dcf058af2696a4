/** How long a key has left, counting down, and the changing of it. */
import { Button, Group, Popover, Text, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect, useState } from "react";
import type { SubmitEvent, ReactNode } from "react";
import { TtlField } from "../../../components/ttl-field.tsx";
import { formatTimeLeft, parseTtl, splitTtl, tickMs } from "../../../lib/deadline.ts";
import { explain } from "../../../lib/explain.ts";
import { kv } from "../../../lib/kv.ts";
import classes from "./value-panel.module.css";

/** A key that goes within a minute is shown in another colour. */
const SOON_MS = 60_000;

interface Props {
  readonly namespace: string;
  readonly name: string;
  readonly deadlineMs: number | null;
  readonly onChanged: () => void;
}

export function TimeLeft({ namespace, name, deadlineMs, onChanged }: Props): ReactNode {
  const [isOpen, setOpen] = useState(false);
  /** A form that fades out still is there when it is opened again: each time it is a new one. */
  const [formNumber, setFormNumber] = useState(0);
  const nowMs = useNow(deadlineMs);
  const isSoon = deadlineMs !== null && deadlineMs - nowMs < SOON_MS;
  const text = deadlineMs === null ? "never" : formatTimeLeft(deadlineMs, nowMs);
  return (
    <Popover opened={isOpen} onChange={setOpen} width={280} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton
          className={isSoon ? `${classes.factButton} ${classes.soon}` : classes.factButton}
          onClick={() => {
            setOpen(!isOpen);
            setFormNumber(formNumber + 1);
          }}
          aria-label={`Expires ${deadlineMs === null ? text : `in ${text}`}. Change`}
        >
          {deadlineMs === null || text === "now" ? text : `in ${text}`}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label="Change the time to live">
        <TtlForm
          key={formNumber}
          namespace={namespace}
          name={name}
          secondsNow={deadlineMs === null ? null : Math.ceil((deadlineMs - Date.now()) / 1000)}
          onDone={() => {
            setOpen(false);
            onChanged();
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

interface FormProps {
  readonly namespace: string;
  readonly name: string;
  readonly secondsNow: number | null;
  readonly onDone: () => void;
}

function TtlForm({ namespace, name, secondsNow, onDone }: FormProps): ReactNode {
  const [ttl, setTtl] = useState(() =>
    secondsNow === null || secondsNow <= 0
      ? ({ amount: "", unit: "s" } as const)
      : splitTtl(secondsNow),
  );
  const [error, setError] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const seconds = parseTtl(ttl.amount, ttl.unit);
  const send = async (): Promise<void> => {
    if (seconds === undefined) return;
    setSending(true);
    try {
      const space = kv.namespace(namespace);
      const isThere =
        seconds === null ? await space.persist(name) : await space.expire(name, seconds);
      const message = seconds === null ? "The key stays now" : "The time to live has been set";
      notifications.show(
        isThere ? { message, autoClose: 2000 } : { color: "red", message: "The key is gone" },
      );
      onDone();
    } catch (thrown) {
      setError(explain(thrown));
      setSending(false);
    }
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void send();
  };
  return (
    <form onSubmit={submit}>
      <TtlField value={ttl} onChange={setTtl} hasFocus />
      <Text size="xs" c="dimmed" mt={6}>
        {seconds === null
          ? "The key will stay until it is deleted."
          : "The key is deleted when the time is over."}
      </Text>
      {error === null ? null : (
        <Text size="xs" className={classes.fault} mt={6} role="alert">
          {error}
        </Text>
      )}
      <Group justify="flex-end" mt="sm">
        <Button type="submit" loading={isSending} disabled={seconds === undefined}>
          {seconds === null ? "Keep for ever" : "Set"}
        </Button>
      </Group>
    </form>
  );
}

/** The time, as often as what is shown of it changes. */
function useNow(deadlineMs: number | null): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (deadlineMs === null) return undefined;
    const now = Date.now();
    if (now > deadlineMs) return undefined;
    const timer = setTimeout(() => setNowMs(Date.now()), tickMs(deadlineMs, now));
    return () => clearTimeout(timer);
  }, [deadlineMs, nowMs]);
  return nowMs;
}
