/** A text to be copied by hand, where the browser does not let the page do it. */
import { useEffect, useId, useRef } from "preact/hooks";

import type { Texts } from "./texts";

interface Props {
  readonly text: string;
  readonly t: Texts;
  readonly onClose: () => void;
}

export function ByHand({ text, t, onClose }: Props) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    field.current?.select();
  }, []);
  return (
    <dialog ref={dialog} class="by-hand" aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{t.byHand}</h2>
      <p class="help">{t.byHandHelp}</p>
      <textarea ref={field} readOnly rows={8} aria-label={t.byHand} value={text} />
      <button type="button" class="primary" onClick={() => dialog.current?.close()}>
        {t.close}
      </button>
    </dialog>
  );
}
