/** Where Redis clients reach this server: what the configuration says. */
import { useQuery } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import type { RedisTarget } from "./snippets.ts";

const PORT_DEFAULT = 6380;

interface Config {
  readonly options: readonly { readonly name: string; readonly value: unknown }[];
}

/** Null when that door is closed. */
export function useRedisTarget(): RedisTarget | null {
  const { data } = useQuery({
    queryKey: ["config"],
    queryFn: ({ signal }) => api<Config>("/config", { signal }),
    staleTime: Infinity,
    retry: false,
  });
  const option = data?.options.find(({ name }) => name === "resp-port");
  const given = Number(option?.value ?? PORT_DEFAULT);
  // `any` is a port that only the server's log tells.
  const port = Number.isNaN(given) ? PORT_DEFAULT : given;
  return port > 0 ? { host: window.location.hostname, port } : null;
}
