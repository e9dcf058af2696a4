/** A page that fails says so and can be tried again; the rest of the console goes on. */
import { Button, Code, Group, Text, Title } from "@mantine/core";
import { Component } from "react";
import type { ReactNode } from "react";
import { retryFailed } from "./lazily.tsx";
import classes from "./message.module.css";

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | null;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  readonly retry = (): void => {
    retryFailed();
    this.setState({ error: null });
  };

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <section className={classes.message} role="alert">
        <Title order={1}>This page failed</Title>
        <Text c="dimmed">
          {isMissingChunk(error)
            ? "A part of the console could not be loaded. The server may have been updated or stopped."
            : "This is a fault of the console. Your data is not affected."}
        </Text>
        <Code block>{error.message}</Code>
        <Group>
          <Button onClick={this.retry}>Try again</Button>
          <Button variant="default" onClick={() => window.location.reload()}>
            Reload the console
          </Button>
        </Group>
      </section>
    );
  }
}

/** Browsers word it differently; all of them name the import. */
function isMissingChunk({ message }: Error): boolean {
  return /import|module|fetch/i.test(message);
}
