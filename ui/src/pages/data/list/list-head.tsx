/** Over the list: which namespace, which prefix, and how it is laid out. */
import {
  ActionIcon,
  Button,
  Popover,
  SegmentedControl,
  Text,
  TextInput,
  Tooltip,
} from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconPlus,
  IconRefresh,
  IconSearch,
  IconX,
} from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode, RefObject } from "react";
import { DEFAULT_SEPARATOR } from "../address.ts";
import type { Address, Go } from "../address.ts";
import classes from "./list-pane.module.css";
import { NamespacePicker } from "./namespace-picker.tsx";

/** After the last letter, so that typing a word asks once. */
const SEARCH_DELAY_MS = 180;
const SEPARATORS = [":", "/", ".", "-", "_", "|"] as const;
const SEPARATOR_LENGTH_MAX = 8;

interface Props {
  readonly address: Address;
  readonly go: Go;
  readonly onNew: () => void;
  readonly onRefresh: () => void;
  readonly searchRef: RefObject<HTMLInputElement | null>;
  /** Enter or an arrow in the search field. */
  readonly onLeaveSearch: (opensFirst: boolean) => void;
}

export function ListHead(props: Props): ReactNode {
  const { address, go, onNew, onRefresh } = props;
  return (
    <div className={classes.head}>
      <div className={classes.line}>
        <NamespacePicker
          value={address.namespace}
          onChange={(namespace) => go({ namespace, prefix: "", key: null, view: null })}
        />
        <Tooltip label="Read the list anew (r)">
          <ActionIcon variant="default" size="md" aria-label="Refresh" onClick={onRefresh}>
            <IconRefresh size={15} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Button leftSection={<IconPlus size={14} />} onClick={onNew} aria-label="New key">
          New
        </Button>
      </div>
      <div className={classes.line}>
        <SearchField {...props} />
        <Layout address={address} go={go} />
      </div>
    </div>
  );
}

function SearchField({ address, go, searchRef, onLeaveSearch }: Props): ReactNode {
  const [text, setText] = useState(address.prefix);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(address.prefix), [address.prefix]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (prefix: string): void => {
    clearTimeout(timer.current);
    go({ prefix }, { replace: true });
  };
  const change = (prefix: string): void => {
    setText(prefix);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => search(prefix), SEARCH_DELAY_MS);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && text !== "") search("");
    else if (event.key === "Enter" || event.key === "ArrowDown") {
      search(text);
      onLeaveSearch(event.key === "Enter");
    } else return;
    event.preventDefault();
  };
  return (
    <TextInput
      ref={searchRef}
      size="xs"
      className={classes.search}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      placeholder="Keys that start with…"
      aria-label="Keys that start with"
      spellCheck={false}
      autoComplete="off"
      leftSection={<IconSearch size={14} stroke={1.8} />}
      rightSection={
        text === "" ? (
          <kbd aria-hidden="true">/</kbd>
        ) : (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label="Clear the search"
            onClick={() => search("")}
          >
            <IconX size={13} />
          </ActionIcon>
        )
      }
    />
  );
}

function Layout({ address, go }: { readonly address: Address; readonly go: Go }): ReactNode {
  const { separator } = address;
  const isFlat = separator === "";
  return (
    <Popover position="bottom-end" shadow="md" width={264} trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label="Folders or a flat list">
          <ActionIcon variant="default" size={30} aria-label="Layout of the list">
            <IconAdjustmentsHorizontal size={15} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="Layout of the list">
        <SegmentedControl
          withItemsBorders={false}
          fullWidth
          size="xs"
          aria-label="Layout"
          value={isFlat ? "flat" : "tree"}
          onChange={(layout) => go({ separator: layout === "flat" ? "" : DEFAULT_SEPARATOR })}
          data={[
            { value: "tree", label: "Folders" },
            { value: "flat", label: "Flat list" },
          ]}
        />
        {isFlat ? null : (
          <>
            <Text size="xs" c="dimmed" mt="sm" mb={4}>
              Folders end with
            </Text>
            <SegmentedControl
              withItemsBorders={false}
              fullWidth
              size="xs"
              aria-label="Separator"
              value={separator}
              onChange={(next) => go({ separator: next })}
              data={SEPARATORS.map((each) => ({ value: each, label: each }))}
            />
            <TextInput
              mt={6}
              size="xs"
              label="or with another separator"
              defaultValue={(SEPARATORS as readonly string[]).includes(separator) ? "" : separator}
              maxLength={SEPARATOR_LENGTH_MAX}
              onChange={(event) => {
                const { value } = event.currentTarget;
                if (value !== "") go({ separator: value }, { replace: true });
              }}
            />
          </>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
