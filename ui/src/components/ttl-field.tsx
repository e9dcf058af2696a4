/** A time to live as people say it: an amount and a unit; empty is for ever. */
import { NativeSelect, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { TTL_UNITS, parseTtl } from "../lib/deadline.ts";
import type { TtlUnit } from "../lib/deadline.ts";

export interface TtlText {
  readonly amount: string;
  readonly unit: TtlUnit;
}

interface Props {
  readonly value: TtlText;
  readonly onChange: (value: TtlText) => void;
  readonly hasFocus?: boolean;
  readonly label?: string;
}

export function TtlField({
  value,
  onChange,
  hasFocus = false,
  label = "Time to live",
}: Props): ReactNode {
  const isWrong = parseTtl(value.amount, value.unit) === undefined;
  return (
    <TextInput
      label={label}
      labelProps={{ mb: 4 }}
      value={value.amount}
      onChange={(event) => onChange({ ...value, amount: event.currentTarget.value })}
      placeholder="never expires"
      inputMode="decimal"
      autoComplete="off"
      data-autofocus={hasFocus || undefined}
      error={isWrong ? "A number above 0, or nothing" : null}
      rightSectionWidth={104}
      rightSection={
        <NativeSelect
          variant="unstyled"
          size="xs"
          w={100}
          rightSectionWidth={24}
          aria-label="Unit"
          value={value.unit}
          onChange={(event) => {
            const unit = TTL_UNITS.find((each) => each.value === event.currentTarget.value);
            if (unit !== undefined) onChange({ ...value, unit: unit.value });
          }}
          data={TTL_UNITS.map(({ value: unit, label: name }) => ({ value: unit, label: name }))}
        />
      }
    />
  );
}
