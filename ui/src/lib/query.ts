/**
 * How the console asks for what is not live: kept a moment, asked again when the page is looked at, and
 * tried again only when trying again can help.
 */
import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api.ts";

const RETRIES_MAX = 3;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // The server is mostly on this machine: whether the network is up says nothing about it.
      networkMode: "always",
      retry: (failures, error) =>
        failures < RETRIES_MAX && error instanceof ApiError && error.isPassing,
    },
    mutations: { networkMode: "always" },
  },
});
