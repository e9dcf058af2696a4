/** All namespaces: how large, how well used, and emptying or starting one. */
import { Button, TextInput } from "@mantine/core";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { ReactNode } from "react";
import { useSearchParams } from "wouter";
import { useShortcuts } from "../../app/shortcuts.ts";
import { Failure } from "../../components/failure.tsx";
import { Page } from "../../components/page.tsx";
import { Panel } from "../../components/panel.tsx";
import { formatCount } from "../../lib/format.ts";
import { useStats } from "../../lib/server.ts";
import { ClearDialog } from "./clear-dialog.tsx";
import { CreateDialog } from "./create-dialog.tsx";
import { LimitsLine } from "./limits-line.tsx";
import { NoMatch, NoNamespaces } from "./nothing.tsx";
import { rowsOf, type Row } from "./rows.ts";
import { NamespacesTable } from "./table.tsx";

export default function Namespaces(): ReactNode {
  const stats = useStats();
  const [params, setParams] = useSearchParams();
  const search = params.get("q") ?? "";
  const [isCreating, setCreating] = useState(false);
  const [clearing, setClearing] = useState<Row | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const setSearch = (text: string): void => {
    setParams(text === "" ? {} : { q: text }, { replace: true });
  };
  useShortcuts([
    { key: "/", label: "Search the namespaces", run: () => input.current?.focus() },
    { key: "n", label: "Start a namespace", run: () => setCreating(true) },
  ]);
  const rows = rowsOf(stats.data?.namespaces ?? {});
  const found = rows.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  return (
    <Page
      title="Namespaces"
      description={<LimitsLine />}
      actions={
        <>
          <TextInput
            ref={input}
            size="xs"
            w={220}
            type="search"
            aria-label="Search the namespaces"
            placeholder="Search"
            leftSection={<IconSearch size={14} stroke={1.8} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Button leftSection={<IconPlus size={14} />} onClick={() => setCreating(true)}>
            New namespace
          </Button>
        </>
      }
    >
      <Panel
        title={search === "" ? "All namespaces" : "Found"}
        note={stats.data === undefined ? "" : formatCount(found.length)}
        flush
      >
        {stats.error === null ? null : (
          <Failure error={stats.error} onRetry={() => void stats.refetch()} />
        )}
        {stats.data !== undefined && rows.length === 0 ? <NoNamespaces /> : null}
        {rows.length > 0 && found.length === 0 ? <NoMatch search={search} /> : null}
        {found.length > 0 ? <NamespacesTable rows={found} onClear={setClearing} /> : null}
      </Panel>
      <CreateDialog isOpen={isCreating} onClose={() => setCreating(false)} />
      <ClearDialog row={clearing} onClose={() => setClearing(null)} />
    </Page>
  );
}
