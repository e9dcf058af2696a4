/** What went wrong when something was asked for, and a way to ask again. */
import { Alert, Button, Group } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { messageOf } from "../lib/api.ts";

interface Props {
  readonly error: unknown;
  readonly onRetry: () => void;
}

export function Failure({ error, onRetry }: Props): ReactNode {
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle size={16} />} m="md">
      <Group justify="space-between" gap="sm">
        {messageOf(error)}
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      </Group>
    </Alert>
  );
}
