/** Overview. */
import { Title } from "@mantine/core";
import type { ReactNode } from "react";

export default function Overview(): ReactNode {
  return <Title order={1}>Overview</Title>;
}
