/** Where there is nothing yet: what would be here, and the first thing to try. */
import type { ComponentType, ReactNode } from "react";
import classes from "./empty.module.css";

interface Props {
  readonly icon: ComponentType<{ readonly size?: number; readonly stroke?: number }>;
  readonly title: string;
  readonly children?: ReactNode;
}

export function Empty({ icon: Icon, title, children }: Props): ReactNode {
  return (
    <div className={classes.empty}>
      <span className={classes.icon} aria-hidden="true">
        <Icon size={20} stroke={1.6} />
      </span>
      <p className={classes.title}>{title}</p>
      {children}
    </div>
  );
}
