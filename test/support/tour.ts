/**
 * The tour in the README, as steps that a test can run.
 *
 * A block that starts with "```sh tour" holds commands; the lines after a command that start with
 * "# " are what it prints, where "..." stands for anything. "```sh tour restart" asks for the server
 * to be killed and started again first.
 */

export interface Step {
  readonly command: string;
  readonly prints: string;
  /** Kill the server and start it again before this step. */
  readonly restart: boolean;
}

export function stepsOf(markdown: string): Step[] {
  const blocks = markdown.matchAll(/^```sh tour( restart)?\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, restart, body = ""]) =>
    body
      .split(/\n(?!# )/)
      .filter((part) => part.trim() !== "")
      .map((part, at) => ({ ...stepOf(part), restart: restart !== undefined && at === 0 })),
  );
}

/** Whether a command printed what the tour says. */
export function printsAs(expected: string, actual: string): boolean {
  const pieces = expected.split("...").map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${pieces.join(".*")}$`, "s").test(actual.trim());
}

function stepOf(part: string): { command: string; prints: string } {
  const [command = "", ...comments] = part.trim().split("\n");
  return { command, prints: comments.map((line) => line.slice("# ".length)).join("\n") };
}
