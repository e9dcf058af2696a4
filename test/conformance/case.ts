/**
 * What a case of the conformance table is, and the words that the cases share.
 *
 * Each case starts with an empty store. A request is a line such as `PUT /kv/a?ns=x`, and perhaps a
 * body, as an object or as raw text; `given` come first and must succeed.
 */
export interface Ask {
  readonly line: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Case extends Ask {
  readonly title: string;
  readonly given?: readonly Ask[];
  readonly status: number;
  /** What the JSON of the reply must contain; a string is the exact text. */
  readonly reply?: object | string;
  readonly code?: string;
  /** Path of the one field that is named. */
  readonly field?: string;
  readonly replyHeaders?: Readonly<Record<string, string | undefined>>;
}

export const set = (key: string, value: unknown, more: object = {}): Ask => ({
  line: "POST /kv/",
  body: { key, value, ...more },
});

export const a = [set("a", "1")];
export const NOT_FOUND = { status: 404, code: "KEY_NOT_FOUND" } as const;
export const invalid = (code: string, field: string) => ({ status: 400, code, field }) as const;
export const written = (status: string, version: number, ttl: number | null = null): object => ({
  ...{ status, key: "a", namespace: "default", version, ttl },
});
