/** What stands where no namespace is shown. */
import { IconSearchOff, IconStack2 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Copyable } from "../../components/copyable.tsx";
import { Empty } from "../../components/empty.tsx";

export function NoNamespaces(): ReactNode {
  const url = `${window.location.origin}/kv/?ns=shop`;
  return (
    <Empty icon={IconStack2} title="No namespaces yet">
      <p>
        Namespaces keep the keys of tenants, environments or services apart. None has to be made:
        one is there with its first key.
      </p>
      <Copyable text={`curl '${url}' --json '{"key": "cart:1", "value": ["tea"]}'`} />
    </Empty>
  );
}

export function NoMatch({ search }: { readonly search: string }): ReactNode {
  return (
    <Empty icon={IconSearchOff} title="No namespace matches">
      <p>
        None has <code>{search}</code> in its name.
      </p>
    </Empty>
  );
}
