/** A namespace starts with its first key: this writes it. */
import { Button, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog } from "../../components/dialog.tsx";
import { messageOf } from "../../lib/api.ts";
import { writeKey } from "../../lib/server.ts";
import classes from "./namespaces.module.css";

const NAME = /^[A-Za-z0-9._:-]{1,64}$/;
const EMPTY = { namespace: "", key: "", value: "" };

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function CreateDialog({ isOpen, onClose }: Props): ReactNode {
  const [fields, setFields] = useState(EMPTY);
  const [isTried, setTried] = useState(false);
  const client = useQueryClient();
  const write = useMutation({
    mutationFn: () => writeKey(fields.namespace, fields.key, fields.value),
    onSuccess: async () => {
      const { namespace, key } = fields;
      notifications.show({ color: "green", message: `${namespace} is there, with the key ${key}` });
      setFields(EMPTY);
      setTried(false);
      onClose();
      await client.invalidateQueries({ queryKey: ["stats"] });
    },
  });
  const isNamed = NAME.test(fields.namespace);
  const isKeyed = fields.key !== "";
  const submit = (): void => {
    setTried(true);
    if (isNamed && isKeyed) write.mutate();
  };
  const edit = (name: keyof typeof EMPTY) => (event: { currentTarget: { value: string } }) => {
    setFields({ ...fields, [name]: event.currentTarget.value });
  };
  return (
    <Dialog title="New namespace" isOpen={isOpen} onClose={onClose}>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextInput
          label="Namespace"
          description="1 to 64 letters, digits and . _ : -"
          placeholder="shop"
          required
          data-autofocus
          value={fields.namespace}
          onChange={edit("namespace")}
          error={isTried && !isNamed ? "1 to 64 letters, digits and . _ : -" : null}
        />
        <TextInput
          label="First key"
          description="A namespace is there with its first key, and gone with its last"
          placeholder="cart:1"
          required
          value={fields.key}
          onChange={edit("key")}
          error={isTried && !isKeyed ? "At least one character" : null}
        />
        <Textarea
          label="Value"
          autosize
          minRows={2}
          maxRows={8}
          value={fields.value}
          onChange={edit("value")}
        />
        {write.error === null ? null : <div role="alert">{messageOf(write.error)}</div>}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={write.isPending}>
            Write the key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
