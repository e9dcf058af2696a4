/** A surface with a name. */
import { useId } from "react";
import type { ReactNode } from "react";
import classes from "./panel.module.css";

interface Props {
  readonly title: string;
  /** Said once, in small letters beside the title. */
  readonly note?: ReactNode;
  readonly aside?: ReactNode;
  /** Without the space around the content, for tables. */
  readonly flush?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Panel(props: Props): ReactNode {
  const { title, note, aside, flush = false, className = "", children } = props;
  const id = useId();
  return (
    <section className={`${classes.panel} ${className}`} aria-labelledby={id}>
      <div className={classes.head}>
        <h2 className={classes.title} id={id}>
          {title}
        </h2>
        {note === undefined ? null : <span className={classes.note}>{note}</span>}
        {aside === undefined ? null : <div className={classes.aside}>{aside}</div>}
      </div>
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  );
}
