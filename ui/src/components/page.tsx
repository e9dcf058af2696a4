/** The frame of a page: its name, what it can do, its content. */
import type { ReactNode } from "react";
import classes from "./page.module.css";

interface Props {
  readonly title: string;
  /** A sentence below the title. */
  readonly description?: ReactNode;
  /** At the right of the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, description, actions, children }: Props): ReactNode {
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <div className={classes.words}>
          <h1 className={classes.title}>{title}</h1>
          {description === undefined ? null : <p className={classes.description}>{description}</p>}
        </div>
        {actions === undefined ? null : <div className={classes.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}
