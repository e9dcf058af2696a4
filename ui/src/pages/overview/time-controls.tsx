/** Which stretch of time the charts show, and whether they move. */
import { Button, SegmentedControl } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconZoomReset } from "@tabler/icons-react";
import type { ReactNode } from "react";
import {
  WINDOWS_MINUTES,
  resetZoom,
  setWindow,
  togglePause,
  useTimeframe,
} from "../../components/chart/timeframe.ts";

const CHOICES = WINDOWS_MINUTES.map((minutes) => ({
  value: String(minutes),
  label: `${minutes} min`,
}));

export function TimeControls(): ReactNode {
  const { windowMinutes, zoom, isPaused } = useTimeframe();
  return (
    <>
      {zoom === null ? null : (
        <Button
          variant="light"
          leftSection={<IconZoomReset size={15} stroke={1.8} />}
          onClick={resetZoom}
        >
          Reset zoom
        </Button>
      )}
      <SegmentedControl
        size="xs"
        aria-label="Time shown"
        value={String(windowMinutes)}
        onChange={(value) =>
          setWindow(WINDOWS_MINUTES.find((each) => String(each) === value) ?? 15)
        }
        data={CHOICES}
      />
      <Button
        variant="default"
        aria-pressed={isPaused}
        leftSection={isPaused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
        onClick={togglePause}
      >
        {isPaused ? "Go on" : "Pause"}
      </Button>
    </>
  );
}
