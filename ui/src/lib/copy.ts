/** Copies text, and says so. */
import { notifications } from "@mantine/notifications";

export async function copyText(text: string, what: string): Promise<void> {
  try {
    await write(text);
    notifications.show({ message: `${what} copied`, autoClose: 1500, withCloseButton: false });
  } catch {
    notifications.show({
      color: "red",
      title: `${what} not copied`,
      message: "The browser did not allow it. Select the text and copy it by hand.",
    });
  }
}

/** Over plain HTTP from another machine there is no clipboard, but the old command still works. */
async function write(text: string): Promise<void> {
  const { clipboard } = navigator as { readonly clipboard?: Clipboard };
  if (clipboard !== undefined) return clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = (document as unknown as OldCopy).execCommand("copy");
  area.remove();
  if (!isCopied) throw new Error("not allowed");
}

/** On its way out of the standard, and in every browser. */
interface OldCopy {
  execCommand(command: "copy"): boolean;
}
