/** The editor with what is around it: files, what is edited, the difference. */
import { useEffect, useReducer, useRef, useState } from "preact/hooks";

import type { EditorBridge } from "../../bridge";
import { differenceOf } from "../../sharing/lines";
import { TEXTS } from "../texts";
import { TextEditor } from "../view";
import { Difference } from "./Difference";
import { FileList, shortName } from "./FileList";

const HINT = "editor-hint";

interface Props {
  readonly bridge: EditorBridge;
  /** Called with the text editor once it is there. */
  readonly onEditor: (editor: TextEditor, showText: () => void) => void;
}

export function Shell({ bridge, onEditor }: Props) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [comparing, setComparing] = useState(false);
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<TextEditor | null>(null);
  useEffect(() => {
    if (host.current === null) {
      return undefined;
    }
    const made = new TextEditor(host.current, bridge, HINT);
    editor.current = made;
    onEditor(made, () => setComparing(false));
    const end = bridge.subscribe(() => {
      made.keepUp();
      redraw(undefined);
    });
    return () => {
      end();
      made.destroy();
    };
  }, [bridge]);
  const state = bridge.state();
  const t = TEXTS[state.locale];
  const source = state.files.find(({ name }) => name === state.file);
  const edit = state.edits[state.file];
  const edited = edit !== undefined && source !== undefined;
  const shown = comparing && edited;
  const open = (file: string) => {
    setComparing(false);
    bridge.onOpen(file);
  };
  return (
    <div class="editor">
      <FileList state={state} onOpen={open} />
      <div class="editor-main">
        <div class="editor-bar">
          <span class="editor-name" title={state.file}>
            {shortName(state.file)}
          </span>
          {edited ? (
            <>
              <span class="muted">{sizeOf(source.text, edit, t.changedLines)}</span>
              <span class="editor-tools">
                <button type="button" onClick={() => setComparing(!shown)}>
                  {shown ? t.back : t.difference}
                </button>
                <button
                  type="button"
                  onClick={() => {
                    bridge.onEdit(state.file, null);
                    bridge.announce(t.reverted(state.file));
                    setComparing(false);
                    // The text may have been hidden behind the difference.
                    requestAnimationFrame(() => editor.current?.focus());
                  }}
                >
                  {t.revert}
                </button>
              </span>
            </>
          ) : (
            <span class="muted">{t.onDisk}</span>
          )}
        </div>
        {shown && (
          <Difference
            file={state.file}
            before={source.text}
            after={edit}
            locale={state.locale}
            onLine={() => setComparing(false)}
          />
        )}
        <div class="editor-host" ref={host} hidden={shown} />
        <p id={HINT} class="help editor-hint">
          {t.leave} {t.keys}
        </p>
      </div>
    </div>
  );
}

let counted: { before: string; after: string; text: [number, number] } | null = null;

/** How many lines an edit adds and removes; counted once for each text. */
function sizeOf(
  before: string,
  after: string,
  say: (added: number, removed: number) => string,
): string {
  if (counted?.before !== before || counted.after !== after) {
    const lines = differenceOf(before, after);
    const count = (kind: "added" | "removed") => lines.filter((line) => line.kind === kind).length;
    counted = { before, after, text: [count("added"), count("removed")] };
  }
  return say(...counted.text);
}
