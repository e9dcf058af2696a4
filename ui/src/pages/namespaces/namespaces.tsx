/** Namespaces. */
import { Title } from "@mantine/core";
import type { ReactNode } from "react";

export default function Namespaces(): ReactNode {
  return <Title order={1}>Namespaces</Title>;
}
