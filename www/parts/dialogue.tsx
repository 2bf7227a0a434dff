// A dialogue over the page: `Esc` closes it, focus returns to where it was.

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

import { dialogue } from "../state/keys";
import { Kbd } from "./small";

interface Props {
  title: string;
  children: ComponentChildren;
  foot?: ComponentChildren;
  /** Where closing is more than closing the dialogue. */
  onClose?: () => void;
}

export function Dialogue({ title, children, foot, onClose }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  const close = onClose ?? (() => (dialogue.value = null));
  useEffect(() => {
    const before = document.activeElement;
    element.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      else document.querySelector<HTMLElement>("main")?.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        if (event.target === element.current) close();
      }}
    >
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" class="btn quiet" onClick={close}>
          Close <Kbd keys={["Esc"]} />
        </button>
      </div>
      <div class="dialog-body">{children}</div>
      {foot !== undefined && <div class="dialog-foot">{foot}</div>}
    </dialog>
  );
}
