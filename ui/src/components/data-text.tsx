/** A key, or another short piece of data, as it is: see lib/visible.ts. Never markup. */
import type { ReactNode } from "react";
import { shorten, visiblePieces } from "../lib/visible.ts";
import classes from "./data-text.module.css";

interface Props {
  readonly text: string;
  /** What is longer is cut; styles do the rest with an ellipsis. */
  readonly lengthMax?: number;
  readonly className?: string | undefined;
}

const LENGTH_MAX = 300;

export function DataText({ text, lengthMax = LENGTH_MAX, className }: Props): ReactNode {
  const pieces = visiblePieces(shorten(text, lengthMax));
  return (
    <bdi className={className === undefined ? classes.text : `${classes.text} ${className}`}>
      {pieces.map(({ text: shown, isEscape }, at) =>
        isEscape ? (
          <span key={at} className={classes.escape}>
            {shown}
          </span>
        ) : (
          shown
        ),
      )}
    </bdi>
  );
}
