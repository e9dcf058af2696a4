/** What clients may call themselves and their libraries. */
import type { Args } from "./args.ts";

/** Every client may have three of them, for as long as it is there. */
const NAME_BYTES_MAX = 4096;

/** Why argument `i` is no name, or null: nothing but printable ASCII without spaces is one. */
export function nameProblem(args: Args, i: number, what = "Client names"): string | null {
  if (args.length[i]! > NAME_BYTES_MAX) {
    return `ERR ${what} cannot be longer than ${NAME_BYTES_MAX} bytes.`;
  }
  for (const byte of args.view(i)) {
    if (byte < 0x21 || byte > 0x7e) {
      return `ERR ${what} cannot contain spaces, newlines or special characters.`;
    }
  }
  return null;
}
