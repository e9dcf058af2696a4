/** `?`: the keys that work here. */
import type { ReactNode } from "react";
import { Dialog } from "../components/dialog.tsx";
import classes from "./help-dialog.module.css";
import { PAGES } from "./pages.tsx";
import { MOD, keyName, usePageShortcuts } from "./shortcuts.ts";

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

type Row = readonly [keys: readonly string[], label: string];

export function HelpDialog({ isOpen, onClose }: Props): ReactNode {
  const here = usePageShortcuts().flatMap(({ key, label }): Row[] =>
    key === null ? [] : [[[keyName(key)], label]],
  );
  const everywhere: Row[] = [
    [[MOD, "K"], "Command palette"],
    [["?"], "This help"],
    [["Esc"], "Close what is open"],
  ];
  const pages = PAGES.map(({ key, label }): Row => [["g", key], `Go to ${label}`]);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Keyboard shortcuts">
      {here.length === 0 ? null : <Keys title="On this page" rows={here} />}
      <Keys title="Everywhere" rows={everywhere} />
      <Keys title="Pages" rows={pages} />
    </Dialog>
  );
}

function Keys({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly Row[];
}): ReactNode {
  return (
    <section className={classes.group}>
      <h2 className={classes.title}>{title}</h2>
      <dl className={classes.rows}>
        {rows.map(([keys, label]) => (
          <div key={label} className={classes.row}>
            <dt>{label}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
