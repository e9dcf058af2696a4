/** Adds to an integer, exactly, all 64 bits of it. */
import { Button, Group, Popover, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { SubmitEvent, ReactNode } from "react";
import { explain } from "../../../lib/explain.ts";
import { kv } from "../../../lib/kv.ts";
import classes from "./value-panel.module.css";

interface Props {
  readonly namespace: string;
  readonly name: string;
  readonly value: bigint;
  readonly onChanged: () => void;
}

export function Increment({ namespace, name, value, onChanged }: Props): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const [by, setBy] = useState("1");
  const [error, setError] = useState<string | null>(null);
  const amount = /^[+-]?\d+$/.test(by.trim()) ? BigInt(by.trim()) : null;
  const add = async (change: bigint): Promise<void> => {
    setError(null);
    try {
      await kv.namespace(namespace).increment(name, change);
      onChanged();
    } catch (thrown) {
      setError(explain(thrown));
    }
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (amount !== null) void add(amount);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} width={300} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" onClick={() => setOpen(!isOpen)} aria-label="Increment">
          ±1
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Increment">
        <form onSubmit={submit}>
          <TextInput
            label="Add"
            labelProps={{ mb: 4 }}
            value={by}
            onChange={(event) => setBy(event.currentTarget.value)}
            inputMode="numeric"
            autoComplete="off"
            error={amount === null ? "A whole number; negative subtracts" : null}
            data-autofocus
          />
          <Text size="xs" c="dimmed" mt={6} className="tabular">
            {amount === null ? " " : `${value} becomes ${value + amount}, counted on the server`}
          </Text>
          {error === null ? null : (
            <Text size="xs" mt={6} className={classes.fault} role="alert">
              {error}
            </Text>
          )}
          <Group gap={6} mt="sm" justify="space-between">
            <Group gap={6}>
              {[-1n, 1n, 10n].map((each) => (
                <UnstyledButton
                  key={String(each)}
                  className={classes.factButton}
                  onClick={() => void add(each)}
                >
                  {each > 0n ? `+${each}` : String(each)}
                </UnstyledButton>
              ))}
            </Group>
            <Button type="submit" disabled={amount === null}>
              Add
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
