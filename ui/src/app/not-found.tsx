/** For an address below /ui/ that is no page. */
import { Button, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import classes from "./message.module.css";

export function NotFound(): ReactNode {
  return (
    <section className={classes.message}>
      <Title order={1}>There is no such page</Title>
      <Text c="dimmed">The address may be mistyped, or from another version of the console.</Text>
      <Button component={Link} href="/">
        To the overview
      </Button>
    </section>
  );
}
