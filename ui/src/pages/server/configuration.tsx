/** Every option with its value, where that came from, and what it means. */
import { Badge, SegmentedControl, TextInput } from "@mantine/core";
import { IconSearch, IconSearchOff } from "@tabler/icons-react";
import { Fragment, useRef } from "react";
import type { ReactNode } from "react";
import { useSearchParams } from "wouter";
import { useShortcuts } from "../../app/shortcuts.ts";
import { Empty } from "../../components/empty.tsx";
import { Failure } from "../../components/failure.tsx";
import { Panel } from "../../components/panel.tsx";
import table from "../../components/table.module.css";
import { useConfig } from "../../lib/server.ts";
import type { Option } from "../../lib/server.ts";
import { groupsOf, matching, readable } from "../../lib/options.ts";
import classes from "./server.module.css";

const SOURCES: Readonly<Record<Option["source"], string>> = {
  default: "default",
  flag: "flag",
  environment: "environment",
  file: "file",
  argument: "program",
  runtime: "changed since the start",
};

export function Configuration(): ReactNode {
  const config = useConfig();
  const [params, setParams] = useSearchParams();
  const input = useRef<HTMLInputElement>(null);
  const search = params.get("q") ?? "";
  const isSetOnly = params.has("set");
  const show = (q: string, isOnly: boolean): void => {
    const next = { ...(q === "" ? {} : { q }), ...(isOnly ? { set: "" } : {}) };
    setParams(next, { replace: true });
  };
  useShortcuts([{ key: "/", label: "Search the options", run: () => input.current?.focus() }]);
  const found = matching(config.data ?? [], search, isSetOnly);
  return (
    <Panel
      title="Options"
      note={config.data === undefined ? "" : `${found.length} of ${config.data.length}`}
      flush
      aside={
        <>
          <SegmentedControl
            size="xs"
            aria-label="Which options"
            value={isSetOnly ? "set" : "all"}
            onChange={(value) => show(search, value === "set")}
            data={[
              { value: "all", label: "All" },
              { value: "set", label: "Set" },
            ]}
          />
          <TextInput
            ref={input}
            size="xs"
            w={200}
            type="search"
            aria-label="Search the options"
            placeholder="Search"
            leftSection={<IconSearch size={14} stroke={1.8} />}
            value={search}
            onChange={(event) => show(event.currentTarget.value, isSetOnly)}
          />
        </>
      }
    >
      {config.error === null ? null : (
        <Failure error={config.error} onRetry={() => void config.refetch()} />
      )}
      {config.data !== undefined && found.length === 0 ? (
        <Empty icon={IconSearchOff} title={search === "" ? "Nothing is set" : "No option matches"}>
          <p>
            {search === ""
              ? "Every option has its default. A flag, a PYKV_ variable or a file sets one."
              : "The search looks at names, values and meanings."}
          </p>
        </Empty>
      ) : null}
      {found.length > 0 ? <OptionTable options={found} /> : null}
    </Panel>
  );
}

function OptionTable({ options }: { readonly options: readonly Option[] }): ReactNode {
  return (
    <div className={table.scroll} tabIndex={0} role="region" aria-label="Options, a table">
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Option</th>
            <th scope="col">Value</th>
            <th scope="col">Source</th>
            <th scope="col">Default</th>
          </tr>
        </thead>
        <tbody>
          {groupsOf(options).map(([group, members]) => (
            <Fragment key={group}>
              <tr>
                <th scope="colgroup" colSpan={4} className={classes.group}>
                  {group}
                </th>
              </tr>
              {members.map((option) => (
                <OptionRow key={option.name} option={option} />
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function OptionRow({ option }: { readonly option: Option }): ReactNode {
  const { name, source, source_name: from, description } = option;
  const isSet = source !== "default";
  return (
    <tr>
      <td>
        <div className={classes.option}>
          <span className={table.name} title={option.environment}>
            {name}
          </span>
          <span className={classes.meaning}>{withCode(description)}</span>
        </div>
      </td>
      <td>
        <div className={`${table.name} ${classes.value} ${isSet ? classes.changed : ""}`}>
          {readable(option)}
        </div>
      </td>
      <td>
        <Badge
          variant={isSet ? "light" : "default"}
          className={classes.source}
          radius="sm"
          tt="none"
          fw={500}
        >
          {from ?? SOURCES[source]}
        </Badge>
      </td>
      <td>
        <div className={`${classes.value} ${classes.meaning}`}>
          {option.default === "" ? "none" : option.default}
        </div>
      </td>
    </tr>
  );
}

/** The declaration marks words as code for the documents, by backticks. */
function withCode(text: string): ReactNode {
  return text.split("`").map((part, i) => (i % 2 === 0 ? part : <code key={i}>{part}</code>));
}
