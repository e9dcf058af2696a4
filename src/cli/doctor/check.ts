/** What a check of `pykv doctor` finds. */
export type Status = "ok" | "warn" | "fail";

export interface Finding {
  /** Short, and the same every time: "disk speed". */
  readonly name: string;
  readonly status: Status;
  /** What was found. */
  readonly detail: string;
  /** What to do about it. */
  readonly advice?: string;
  /** For programs. */
  readonly figures?: Readonly<Record<string, number | string | null>>;
}

export function ok(name: string, detail: string, figures?: Finding["figures"]): Finding {
  return { name, status: "ok", detail, ...(figures === undefined ? {} : { figures }) };
}

export function warn(
  name: string,
  detail: string,
  advice: string,
  figures?: Finding["figures"],
): Finding {
  return { name, status: "warn", detail, advice, ...(figures === undefined ? {} : { figures }) };
}

export function fail(
  name: string,
  detail: string,
  advice: string,
  figures?: Finding["figures"],
): Finding {
  return { name, status: "fail", detail, advice, ...(figures === undefined ? {} : { figures }) };
}

/** An error's message. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
