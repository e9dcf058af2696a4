/** Server. */
import { Title } from "@mantine/core";
import type { ReactNode } from "react";

export default function Server(): ReactNode {
  return <Title order={1}>Server</Title>;
}
