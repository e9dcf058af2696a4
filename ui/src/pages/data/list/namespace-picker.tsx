/** Chooses the namespace: one of those that hold keys, or any other name, which a first key creates. */
import { Combobox, InputBase, useCombobox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ReactNode } from "react";
import { formatShort } from "../../../lib/format.ts";
import { kv } from "../../../lib/kv.ts";
import classes from "./list-pane.module.css";

const NAME = /^[A-Za-z0-9._:-]{1,64}$/;
/** The filter finds the others. */
const SHOWN_MAX = 200;

interface Props {
  readonly value: string;
  readonly onChange: (namespace: string) => void;
}

interface Option {
  readonly name: string;
  readonly keys: number;
}

export function NamespacePicker({ value, onChange }: Props): ReactNode {
  const [filter, setFilter] = useState("");
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setFilter("");
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const { options, refetch } = useNamespaces(value);
  const wanted = filter.trim();
  const found = options.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
  const isNew = wanted !== "" && !options.some(({ name }) => name === wanted);
  const open = (): void => {
    void refetch();
    combobox.toggleDropdown();
  };
  return (
    <Combobox
      store={combobox}
      withinPortal
      width={280}
      position="bottom-start"
      onOptionSubmit={(name) => {
        onChange(name);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target targetType="button">
        <InputBase
          component="button"
          type="button"
          pointer
          size="xs"
          className={classes.namespace}
          aria-label={`Namespace: ${value}`}
          rightSection={<Combobox.Chevron />}
          rightSectionPointerEvents="none"
          onClick={open}
        >
          <span className={classes.namespaceName}>{value}</span>
        </InputBase>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={filter}
          onChange={(event) => {
            setFilter(event.currentTarget.value);
            combobox.updateSelectedOptionIndex();
          }}
          placeholder="Find or name a namespace"
          aria-label="Find or name a namespace"
        />
        <Combobox.Options mah={320} className={classes.options} aria-label="Namespaces">
          {found.slice(0, SHOWN_MAX).map(({ name, keys }) => (
            <Combobox.Option key={name} value={name} active={name === value}>
              <span className={classes.option}>
                <span className={classes.optionName}>{name}</span>
                <span className={classes.optionCount}>{formatShort(keys)}</span>
              </span>
            </Combobox.Option>
          ))}
          {isNew && NAME.test(wanted) ? (
            <Combobox.Option value={wanted}>
              Go to <b>{wanted}</b>, which its first key will create
            </Combobox.Option>
          ) : null}
          {isNew && !NAME.test(wanted) ? (
            <Combobox.Empty>A namespace is 1 to 64 of letters, digits and . _ : -</Combobox.Empty>
          ) : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** Those that hold keys, the largest first, and the one that is chosen. */
function useNamespaces(chosen: string) {
  const { data, refetch } = useQuery({
    queryKey: ["namespaces", "counts"],
    queryFn: async ({ signal }) => {
      const { namespaces } = await kv.stats({ signal });
      return Object.entries(namespaces).map(([name, each]) => ({ name, keys: each.total_keys }));
    },
  });
  const options: Option[] = [...(data ?? [])].filter(({ keys }) => keys > 0);
  if (!options.some(({ name }) => name === chosen)) options.push({ name: chosen, keys: 0 });
  options.sort((a, b) => b.keys - a.keys || (a.name < b.name ? -1 : 1));
  return { options, refetch };
}
