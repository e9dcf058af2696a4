/** One form for each operation, over a state that they share. */
import {
  Button,
  Checkbox,
  Group,
  SegmentedControl,
  Tabs,
  Text,
  TextInput,
  Textarea,
} from "@mantine/core";
import { IconSend2 } from "@tabler/icons-react";
import type { ReactNode, SubmitEvent } from "react";
import { TtlField } from "../../components/ttl-field.tsx";
import classes from "./console.module.css";
import { FORMS, operationOf } from "./form.ts";
import type { FormName, FormState } from "./form.ts";
import type { Operation } from "./operations.ts";
import { Snippets } from "./snippets-view.tsx";

interface Props {
  readonly form: FormName;
  readonly state: FormState;
  readonly namespace: string;
  readonly onForm: (form: FormName) => void;
  readonly onChange: (part: Partial<FormState>) => void;
  readonly onNamespace: (namespace: string) => void;
  readonly onSend: (operation: Operation) => void;
}

export function RequestForm(props: Props): ReactNode {
  const { form, state, namespace, onForm, onSend } = props;
  const operation = operationOf(form, state);
  const fault = typeof operation === "string" ? operation : null;
  const { help } = FORMS.find(({ op }) => op === form)!;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (typeof operation !== "string") onSend(operation);
  };
  return (
    <section className={classes.request} aria-label="Request">
      <Tabs
        value={form}
        onChange={(name) => {
          const found = FORMS.find(({ op }) => op === name);
          if (found !== undefined) onForm(found.op);
        }}
      >
        <Tabs.List className={classes.tabs} aria-label="Operation">
          {FORMS.map(({ op, label }) => (
            <Tabs.Tab key={op} value={op} className={classes.tab}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={form}>
          <form onSubmit={submit} className={classes.form}>
            <Text size="sm" c="dimmed" className={classes.wide}>
              {help}
            </Text>
            <Fields {...props} />
            <Group justify="space-between" className={classes.wide} wrap="nowrap">
              <Text size="xs" c="dimmed" role="status">
                {fault ?? ""}
              </Text>
              <Button
                type="submit"
                color={form === "delete" ? "red" : "iris"}
                disabled={fault !== null}
                leftSection={<IconSend2 size={14} stroke={1.7} />}
              >
                {form === "delete" ? "Delete now" : "Send"}
              </Button>
            </Group>
          </form>
        </Tabs.Panel>
      </Tabs>
      {typeof operation === "string" ? (
        <p className={classes.note}>The same for curl, the SDK and redis-cli will stand here.</p>
      ) : (
        <Snippets operation={operation} namespace={namespace} />
      )}
    </section>
  );
}

function Fields(props: Props): ReactNode {
  const { form, state, namespace, onChange, onNamespace } = props;
  const needsKey = form !== "list" && form !== "batch";
  const hasValue = form === "set" || form === "update";
  const hasTtl = form === "set" || form === "incr" || form === "expire";
  const hasVersion = form === "set" || form === "update" || form === "delete";
  return (
    <>
      {needsKey ? (
        <Field label="Key" value={state.key} onChange={(key) => onChange({ key })} />
      ) : null}
      {form === "list" ? (
        <Field label="Prefix" value={state.prefix} onChange={(prefix) => onChange({ prefix })} />
      ) : null}
      <Field label="Namespace" value={namespace} onChange={onNamespace} />
      {hasValue ? <ValueField {...props} /> : null}
      {form === "update" ? <UpdateTtl {...props} /> : null}
      {hasTtl || (form === "update" && state.ttlMode === "set") ? (
        <TtlField value={state.ttl} onChange={(ttl) => onChange({ ttl })} />
      ) : null}
      {form === "incr" ? (
        <Field label="Add" value={state.by} onChange={(by) => onChange({ by })} />
      ) : null}
      {hasVersion ? (
        <Field
          label="Only if the version is"
          value={state.ifVersion}
          placeholder="any"
          onChange={(ifVersion) => onChange({ ifVersion })}
        />
      ) : null}
      {form === "set" ? (
        <Check
          label="Only if there is no such key"
          isOn={state.ifAbsent}
          onChange={(ifAbsent) => onChange({ ifAbsent })}
        />
      ) : null}
      {form === "update" ? (
        <Check
          label="Add it when it is not there"
          isOn={state.upsert}
          onChange={(upsert) => onChange({ upsert })}
        />
      ) : null}
      {form === "list" ? <ListFields {...props} /> : null}
      {form === "batch" ? <BatchFields {...props} /> : null}
    </>
  );
}

function ValueField({ state, onChange }: Props): ReactNode {
  const { value } = state;
  return (
    <div className={classes.wide}>
      <Group justify="space-between" mb={4}>
        <Text component="label" htmlFor="console-value" size="sm" fw={500}>
          Value
        </Text>
        <SegmentedControl
          withItemsBorders={false}
          size="xs"
          aria-label="Kind of value"
          value={value.kind}
          onChange={(kind) =>
            onChange({
              value: {
                ...value,
                kind: kind === "json" ? "json" : kind === "base64" ? "base64" : "text",
              },
            })
          }
          data={[
            { value: "text", label: "Text" },
            { value: "json", label: "JSON" },
            { value: "base64", label: "Base64" },
          ]}
        />
      </Group>
      <Textarea
        id="console-value"
        autosize
        minRows={3}
        maxRows={12}
        spellCheck={false}
        classNames={{ input: classes.mono! }}
        placeholder={value.kind === "json" ? '{"name": "Ada"}' : ""}
        value={value.text}
        onChange={(event) => onChange({ value: { ...value, text: event.currentTarget.value } })}
      />
    </div>
  );
}

function UpdateTtl({ state, onChange }: Props): ReactNode {
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        Time to live
      </Text>
      <SegmentedControl
        withItemsBorders={false}
        size="xs"
        fullWidth
        aria-label="Time to live"
        value={state.ttlMode}
        onChange={(mode) =>
          onChange({ ttlMode: mode === "set" ? "set" : mode === "clear" ? "clear" : "keep" })
        }
        data={[
          { value: "keep", label: "Stays" },
          { value: "set", label: "Set" },
          { value: "clear", label: "Never" },
        ]}
      />
    </div>
  );
}

function ListFields({ state, onChange }: Props): ReactNode {
  return (
    <>
      <Field label="Limit" value={state.limit} onChange={(limit) => onChange({ limit })} />
      <Field
        label="Cursor"
        value={state.cursor}
        placeholder="from the start"
        onChange={(cursor) => onChange({ cursor })}
      />
      <Check label="With values" isOn={state.values} onChange={(values) => onChange({ values })} />
    </>
  );
}

function BatchFields({ state, onChange }: Props): ReactNode {
  return (
    <>
      <Textarea
        className={classes.wide}
        label="Operations"
        description="An array; op is get, set, delete or incr. Each may name its namespace."
        autosize
        minRows={5}
        maxRows={16}
        spellCheck={false}
        classNames={{ input: classes.mono! }}
        value={state.operations}
        onChange={(event) => onChange({ operations: event.currentTarget.value })}
      />
      <Check
        label="All or none of them"
        isOn={state.atomic}
        onChange={(atomic) => onChange({ atomic })}
      />
    </>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}

function Field({ label, value, placeholder, onChange }: FieldProps): ReactNode {
  return (
    <TextInput
      label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      classNames={{ input: classes.mono! }}
      spellCheck={false}
      autoComplete="off"
      {...(placeholder === undefined ? {} : { placeholder })}
    />
  );
}

interface CheckProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Check({ label, isOn, onChange }: CheckProps): ReactNode {
  return (
    <Checkbox
      className={classes.wide}
      label={label}
      checked={isOn}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
