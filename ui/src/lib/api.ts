/**
 * The console's way to the server: JSON over fetch, errors as one class.
 *
 * Reading and writing keys goes through the SDK; this is for what only the console asks.
 */

/** What the server, or the lack of one, answered instead of a result. */
export class ApiError extends Error {
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The code of the error catalogue, or UNREACHABLE. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
  }

  /** Whether asking again may help without anybody doing anything. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 503;
  }
}

interface Request {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Statuses besides 2xx whose body is a result, such as the 503 of a degraded /health. */
  readonly accept?: readonly number[];
}

/** Sends a request and returns the JSON of the answer; rejects with ApiError. */
export async function api<T>(path: string, request: Request = {}): Promise<T> {
  const { method = "GET", body, signal, accept = [] } = request;
  const response = await send(path, {
    method,
    ...(signal === undefined ? {} : { signal }),
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  if (!response.ok && !accept.includes(response.status)) throw await errorOf(response);
  return (await response.json()) as T;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "UNREACHABLE", "The server does not answer. Is it running?");
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Record<string, string>>;
  const { code = "UNKNOWN", title = response.statusText, detail } = problem;
  const message = detail === undefined ? title : `${title}: ${detail}`;
  return new ApiError(response.status, code, message);
}

/** What to tell a user of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
