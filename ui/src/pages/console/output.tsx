/** What was sent and what came back, the newest at the end, like a terminal. */
import { Badge, Button, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { memo, useState } from "react";
import type { ReactNode } from "react";
import { copyText } from "../../lib/copy.ts";
import { adviceFor } from "../../lib/explain.ts";
import { formatBytes, formatLatency } from "../../lib/format.ts";
import { jsonFault, prettyJson } from "../../lib/json-layout.ts";
import { visiblePieces } from "../../lib/visible.ts";
import { VERBS } from "./command-line.ts";
import classes from "./console.module.css";
import type { Exchange, Item, Reply } from "./exchange.ts";
import { Snippets } from "./snippets-view.tsx";

/** More of a body would make the page slow; it can be copied whole. */
const BODY_SHOWN_MAX = 20_000;

export const OutputItem = memo(function OutputItem({ item }: { readonly item: Item }): ReactNode {
  if (item.kind === "help") return <Help />;
  if (item.kind === "exchange") return <ExchangeView exchange={item.exchange} />;
  return (
    <div className={classes.item}>
      {item.line === "" ? null : <code className={classes.line}>{item.line}</code>}
      {item.fault === null ? null : (
        <p className={classes.fault} role="alert">
          {item.fault}
        </p>
      )}
    </div>
  );
});

function ExchangeView({ exchange }: { readonly exchange: Exchange }): ReactNode {
  const [hasDetails, setDetails] = useState(false);
  const { call, reply, error, durationMs, operation, namespace } = exchange;
  return (
    <article className={classes.item} aria-label={`${call.method} ${call.path}`}>
      <div className={classes.itemHead}>
        <span className={classes.method}>{call.method}</span>
        <code className={classes.path} title={call.path}>
          {call.path}
        </code>
        <Outcome exchange={exchange} />
        {durationMs === null ? null : (
          <span className={classes.figure}>{formatLatency(durationMs)}</span>
        )}
      </div>
      {error === null ? null : (
        <p className={classes.fault} role="alert">
          No answer came. {adviceFor(error)}
        </p>
      )}
      {reply === null ? null : <ReplyView reply={reply} />}
      <UnstyledButton
        className={classes.more}
        aria-expanded={hasDetails}
        onClick={() => setDetails(!hasDetails)}
      >
        <IconChevronRight size={13} className={classes.chevron} data-open={hasDetails} />
        Request and headers
      </UnstyledButton>
      {hasDetails ? (
        <div className={classes.details}>
          <Headers title="Sent" headers={Object.entries(call.headers)} body={call.body} />
          {reply === null ? null : <Headers title="Received" headers={reply.headers} body={null} />}
          <Snippets operation={operation} namespace={namespace} />
        </div>
      ) : null}
    </article>
  );
}

function Outcome({ exchange: { reply, error } }: { readonly exchange: Exchange }): ReactNode {
  if (reply === null) {
    const text = error === null ? "sending…" : "no answer";
    return <Mark kind={error === null ? "waiting" : "bad"}>{text}</Mark>;
  }
  const { status, statusText } = reply;
  const kind = status < 300 ? "good" : status < 500 ? "warn" : "bad";
  return <Mark kind={kind}>{`${status} ${statusText}`}</Mark>;
}

function Mark({ kind, children }: { readonly kind: string; readonly children: ReactNode }) {
  return (
    <Badge variant="light" radius="sm" className={classes.mark} data-kind={kind}>
      {children}
    </Badge>
  );
}

interface HeadersProps {
  readonly title: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
}

function Headers({ title, headers, body }: HeadersProps): ReactNode {
  return (
    <div>
      <p className={classes.detailsTitle}>{title}</p>
      <dl className={classes.headers}>
        {headers.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {body === null ? null : <Body text={body} label={`Body ${title.toLowerCase()}`} />}
    </div>
  );
}

interface Problem {
  readonly title: string;
  readonly detail: string | undefined;
  readonly code: string;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

function ReplyView({ reply }: { readonly reply: Reply }): ReactNode {
  const problem = problemOf(reply);
  if (problem === null) return <Body text={reply.body} label="Body received" />;
  return (
    <div className={classes.problem}>
      <p>
        <b>{problem.title}.</b> <Visible text={problem.detail ?? ""} />
      </p>
      {problem.errors.map(({ path, message }) => (
        <p key={path + message}>
          <code>{path}</code> {message}
        </p>
      ))}
      <p className={classes.advice}>
        {adviceFor(problem.code)} <code>{problem.code}</code>
      </p>
    </div>
  );
}

function problemOf({ headers, body }: Reply): Problem | null {
  const type = headers.find(([name]) => name === "content-type")?.[1] ?? "";
  if (!type.includes("problem+json") || jsonFault(body) !== null) return null;
  const { title, detail, code, errors } = Object(JSON.parse(body)) as Partial<Problem>;
  return { title: title ?? "", detail, code: code ?? "", errors: errors ?? [] };
}

function Body({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const isJson = jsonFault(text) === null;
  const pretty = isJson ? prettyJson(text) : text;
  const isCut = pretty.length > BODY_SHOWN_MAX;
  if (text === "") return null;
  return (
    <div className={classes.body}>
      <pre className={classes.code} tabIndex={0} role="group" aria-label={label}>
        <Lines text={isCut ? pretty.slice(0, BODY_SHOWN_MAX) : pretty} isJson={isJson} />
      </pre>
      <span className={classes.bodyFoot}>
        {isCut ? `The first ${formatBytes(BODY_SHOWN_MAX)} of ` : ""}
        {formatBytes(new TextEncoder().encode(text).length)}
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => void copyText(text, "Body")}
          aria-label={`Copy: ${label}`}
        >
          Copy
        </Button>
      </span>
    </div>
  );
}

interface LinesProps {
  readonly text: string;
  readonly isJson: boolean;
}

function Lines({ text, isJson }: LinesProps): ReactNode {
  return text.split("\n").map((each, at) => (
    <bdi key={at}>
      {at === 0 ? "" : "\n"}
      {isJson ? <JsonLine text={each} /> : <Visible text={each} />}
    </bdi>
  ));
}

/** One line of JSON that has been laid out: an indent, perhaps a name, and a value. */
const JSON_LINE = /^( *)("(?:[^"\\]|\\.)*"(?=: ))?(?:(: )?)(.*)$/s;

function JsonLine({ text }: { readonly text: string }): ReactNode {
  const [, indent = "", name = "", colon = "", rest = ""] = JSON_LINE.exec(text) ?? [];
  return (
    <>
      {indent}
      <span className={classes.name}>
        <Visible text={name} />
      </span>
      {colon}
      <span className={classes[kindOf(rest)]}>
        <Visible text={rest} />
      </span>
    </>
  );
}

function kindOf(value: string): "string" | "number" | "atom" | "plain" {
  if (value.startsWith('"')) return "string";
  if (/^[-\d]/.test(value)) return "number";
  return /^[a-z]/.test(value) ? "atom" : "plain";
}

/** Text with what would be invisible in it made visible. */
function Visible({ text }: { readonly text: string }): ReactNode {
  return visiblePieces(text).map(({ text: shown, isEscape }, at) =>
    isEscape ? (
      <span key={at} className={classes.escape}>
        {shown}
      </span>
    ) : (
      shown
    ),
  );
}

function Help(): ReactNode {
  return (
    <div className={classes.item}>
      <dl className={classes.help}>
        {Object.entries(VERBS).map(([name, { usage, help }]) => (
          <div key={name}>
            <dt>
              <code>{usage}</code>
            </dt>
            <dd>{help}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.note}>
        A value that is JSON is stored as JSON; in double quotes it is text. Tab completes, arrows
        bring back earlier lines.
      </p>
    </div>
  );
}
