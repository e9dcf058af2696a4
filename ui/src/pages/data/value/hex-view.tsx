/** Bytes as they are, sixteen to a line, or eight where there is less room; only lines in view exist. */
import { useElementSize, useMergedRef } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import type { ReactNode } from "react";
import { hexLine, hexLineCount } from "../../../lib/hex.ts";
import classes from "./value-panel.module.css";

const LINE_PX = 20;
const OVERSCAN_LINES = 20;
/** What sixteen bytes take. */
const WIDE_PX = 640;

export function HexView({ bytes }: { readonly bytes: Uint8Array }): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width } = useElementSize();
  const perLine = width === 0 || width >= WIDE_PX ? 16 : 8;
  const virtualizer = useVirtualizer({
    count: hexLineCount(bytes.length, perLine),
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: OVERSCAN_LINES,
  });
  return (
    <div
      ref={useMergedRef(scroller, sizeRef)}
      className={classes.hex}
      tabIndex={0}
      role="region"
      aria-label="Bytes of the value, in hexadecimal"
    >
      <div className={classes.hexLines} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const { offset, digits, letters } = hexLine(bytes, index, perLine);
          return (
            <div
              key={index}
              className={classes.hexLine}
              style={{ transform: `translateY(${start}px)` }}
            >
              <span className={classes.hexOffset}>{offset}</span>
              <span>{spaced(digits, perLine)}</span>
              <span className={classes.hexLetters}>{letters}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** In groups of eight, as wide as a full line. */
function spaced(digits: readonly string[], perLine: number): string {
  const text = digits.map((each, at) => (at === 8 ? ` ${each}` : each)).join(" ");
  return text.padEnd(perLine * 3 - 1 + (perLine > 8 ? 1 : 0));
}
