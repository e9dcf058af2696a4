/** The key in view: its name, what is known of it, and what can be done with it as a whole. */
import { ActionIcon, Menu, Title, Tooltip } from "@mantine/core";
import {
  IconArrowLeft,
  IconCopy,
  IconCopyPlus,
  IconDotsVertical,
  IconDownload,
  IconLink,
  IconTrash,
  IconUpload,
} from "@tabler/icons-react";
import { useRef } from "react";
import type { ReactNode } from "react";
import { DataText } from "../../../components/data-text.tsx";
import { copyText } from "../../../lib/copy.ts";
import { formatBytes, formatCount } from "../../../lib/format.ts";
import { download, fileNameOf } from "../bulk/bulk.ts";
import { textOf } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { TimeLeft } from "./time-left.tsx";
import classes from "./value-panel.module.css";

const NAME_LENGTH_MAX = 2000;
const KIND_NAMES = { text: "text", json: "JSON", binary: "binary" } as const;

export interface HeadProps {
  readonly namespace: string;
  readonly name: string;
  readonly entry: Entry | null;
  readonly onBack: () => void;
  readonly onChanged: () => void;
  readonly onDelete: () => void;
  readonly onDuplicate: () => void;
  readonly onReplace: (file: File) => void;
}

export function ValueHead(props: HeadProps): ReactNode {
  const { namespace, name, entry } = props;
  return (
    <header className={classes.head}>
      <div className={classes.titleLine}>
        <ActionIcon
          className={classes.back}
          variant="subtle"
          color="gray"
          size="md"
          aria-label="Back to the list"
          onClick={props.onBack}
        >
          <IconArrowLeft size={17} />
        </ActionIcon>
        <Title order={2} className={classes.title} tabIndex={-1}>
          <DataText text={name} lengthMax={NAME_LENGTH_MAX} />
        </Title>
        <div className={classes.actions}>
          <Tooltip label="Copy the key">
            <ActionIcon
              variant="subtle"
              color="gray"
              size="md"
              aria-label="Copy the key"
              onClick={() => void copyText(name, "Key")}
            >
              <IconCopy size={15} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
          {entry === null ? null : <Actions {...props} entry={entry} />}
        </div>
      </div>
      {entry === null ? null : (
        <dl className={classes.facts}>
          <Fact name="Kind">{KIND_NAMES[entry.kind]}</Fact>
          <Fact name="Size">
            <span title={`${formatCount(entry.bytes.length)} bytes`}>
              {formatBytes(entry.bytes.length)}
            </span>
          </Fact>
          <Fact name="Version">{formatCount(entry.version)}</Fact>
          <Fact name="Expires">
            <TimeLeft
              namespace={namespace}
              name={name}
              deadlineMs={entry.deadlineMs}
              onChanged={props.onChanged}
            />
          </Fact>
        </dl>
      )}
    </header>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Actions(props: HeadProps & { readonly entry: Entry }): ReactNode {
  const { name, entry, onDelete, onDuplicate, onReplace } = props;
  const picker = useRef<HTMLInputElement>(null);
  const text = textOf(entry);
  const icon = { size: 15, stroke: 1.7 } as const;
  const extension = entry.kind === "binary" ? "bin" : entry.kind === "json" ? "json" : "txt";
  const save = (): void => {
    const bytes = new Uint8Array(entry.bytes);
    download(new Blob([bytes], { type: "application/octet-stream" }), fileNameOf(name, extension));
  };
  return (
    <>
      <Tooltip label="Delete (Del)">
        <ActionIcon variant="subtle" color="red" size="md" aria-label="Delete" onClick={onDelete}>
          <IconTrash {...icon} />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" shadow="md" width={230}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="md" aria-label="More actions">
            <IconDotsVertical {...icon} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCopyPlus {...icon} />} onClick={onDuplicate}>
            Duplicate…
          </Menu.Item>
          {text === null ? null : (
            <Menu.Item
              leftSection={<IconCopy {...icon} />}
              onClick={() => void copyText(text, "Value")}
            >
              Copy the value
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconLink {...icon} />}
            onClick={() => void copyText(window.location.href, "Link")}
          >
            Copy a link to it
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconDownload {...icon} />} onClick={save}>
            Download the value
          </Menu.Item>
          <Menu.Item leftSection={<IconUpload {...icon} />} onClick={() => picker.current?.click()}>
            Replace with a file…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label="File with the new value"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file !== undefined) onReplace(file);
        }}
      />
    </>
  );
}
