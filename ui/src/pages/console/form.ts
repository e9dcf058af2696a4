/** What is in the forms, which share it: a key that was typed for SET is there for GET. */
import { parseTtl } from "../../lib/deadline.ts";
import type { TtlText } from "../../components/ttl-field.tsx";
import { jsonFault } from "../../lib/json-layout.ts";
import type { Operation, ValueText } from "./operations.ts";

export const FORMS = [
  { op: "set", label: "SET", help: "Add a key, or replace it with its time to live." },
  { op: "get", label: "GET", help: "Read a value with its version and the seconds it has left." },
  { op: "update", label: "UPDATE", help: "Replace the value of a key that is there." },
  { op: "delete", label: "DELETE", help: "Delete a key, at once and for good." },
  { op: "list", label: "LIST", help: "List keys, a page at a time, in no order." },
  { op: "incr", label: "INCR", help: "Add to an integer of 64 bits, in one step." },
  { op: "expire", label: "EXPIRE", help: "Set the time to live, or take it away." },
  { op: "batch", label: "BATCH", help: "Many operations in one request, all or none of them." },
] as const;

export type FormName = (typeof FORMS)[number]["op"];

export interface FormState {
  readonly key: string;
  readonly value: ValueText;
  readonly ttl: TtlText;
  /** Of UPDATE: what happens to the time to live. */
  readonly ttlMode: "keep" | "set" | "clear";
  readonly ifVersion: string;
  readonly ifAbsent: boolean;
  readonly upsert: boolean;
  readonly prefix: string;
  readonly limit: string;
  readonly cursor: string;
  readonly values: boolean;
  readonly by: string;
  readonly operations: string;
  readonly atomic: boolean;
}

export const EMPTY_FORM: FormState = {
  key: "",
  value: { kind: "text", text: "" },
  ttl: { amount: "", unit: "s" },
  ttlMode: "keep",
  ifVersion: "",
  ifAbsent: false,
  upsert: false,
  prefix: "",
  limit: "20",
  cursor: "",
  values: false,
  by: "1",
  operations: `[
  {"op": "set", "key": "user:1", "value": {"name": "Ada"}},
  {"op": "incr", "key": "visits"},
  {"op": "get", "key": "user:1"}
]`,
  atomic: true,
};

/** The operation that a form makes, or a sentence on what is wrong with what was typed. */
export function operationOf(form: FormName, state: FormState): Operation | string {
  const { key } = state;
  if (form === "list") {
    const { prefix, limit, cursor, values } = state;
    if (!/^\d*$/.test(limit)) return "The limit is a number from 1 to 10,000.";
    return { op: "list", prefix, limit: limit === "" ? null : Number(limit), cursor, values };
  }
  if (form === "batch") {
    const fault = jsonFault(state.operations);
    if (fault !== null) return `The operations are not valid JSON: ${fault}`;
    return { op: "batch", operations: state.operations, atomic: state.atomic };
  }
  if (key === "") return "A key has at least one character.";
  if (form === "get") return { op: "get", key };
  return writeOf(form, state);
}

function writeOf(
  form: Exclude<FormName, "list" | "batch" | "get">,
  state: FormState,
): Operation | string {
  const { key, value, upsert, ifAbsent } = state;
  const ttl = parseTtl(state.ttl.amount, state.ttl.unit);
  if (ttl === undefined) return "The time to live is a number above 0, or nothing.";
  const ifVersion = state.ifVersion.trim() === "" ? null : Number(state.ifVersion);
  if (ifVersion !== null && !(Number.isSafeInteger(ifVersion) && ifVersion > 0)) {
    return "A version is a whole number from 1.";
  }
  if (form === "delete") return { op: "delete", key, ifVersion };
  if (form === "expire") return { op: "expire", key, ttl };
  if (form === "incr") {
    if (!/^[+-]?\d+$/.test(state.by.trim())) return "What to add is a whole number.";
    return { op: "incr", key, by: BigInt(state.by.trim().replace("+", "")), ttl };
  }
  const fault = value.kind === "json" ? jsonFault(value.text) : null;
  if (fault !== null) return `The value is not valid JSON: ${fault}`;
  if (form === "set") return { op: "set", key, value, ttl, ifAbsent, ifVersion };
  const modes = { keep: undefined, clear: null, set: ttl } as const;
  return { op: "update", key, value, ttl: modes[state.ttlMode], upsert, ifVersion };
}

/** What a stored form has to look like; parts that an older console did not have are added. */
export function readForm(stored: unknown): FormState | undefined {
  const form = Object(stored) as Partial<FormState>;
  if (typeof form.key !== "string" || typeof form.value?.text !== "string") return undefined;
  return { ...EMPTY_FORM, ...form };
}
