/** The diagnostics of the open file, underlined, each with its help, its notes and its fix. */
import {
  type Action,
  type Diagnostic as Shown,
  forEachDiagnostic,
  setDiagnostics,
} from "@codemirror/lint";
import type { EditorView } from "@codemirror/view";

import type { Diagnostic, Place } from "../api";
import { button, element } from "./dom";
import type { Session } from "./session";

/** Shows what is known. While an edit has not been checked, what is shown stays and moves. */
export function showProblems(session: Session, view: EditorView): void {
  const { diagnostics, checked } = session.bridge.state();
  if (!session.isPresent(checked)) {
    return;
  }
  const shown = diagnostics
    .filter(({ at }) => at?.file === session.file)
    .map((one) => shownAs(session, view, one));
  shown.sort((one, other) => one.from - other.from);
  view.dispatch(setDiagnostics(view.state, shown));
}

/** Mends the problem that the caret is at, where there is a way to: what its button does, by a key. */
export function mend(view: EditorView): boolean {
  const { head } = view.state.selection.main;
  const found: { action: Action; from: number; to: number }[] = [];
  forEachDiagnostic(view.state, ({ actions }, from, to) => {
    const action = actions?.[0];
    if (action !== undefined && from <= head && head <= to) {
      found.push({ action, from, to });
    }
  });
  const [first] = found;
  first?.action.apply(view, first.from, first.to);
  return first !== undefined;
}

function shownAs(session: Session, view: EditorView, diagnostic: Diagnostic): Shown {
  const most = view.state.doc.length;
  const from = Math.min(most, diagnostic.at?.from ?? 0);
  const to = Math.min(most, Math.max(from, diagnostic.at?.to ?? 0));
  return {
    from,
    to,
    severity: diagnostic.severity,
    source: diagnostic.code,
    message: [diagnostic.message, diagnostic.help].filter(Boolean).join("\n"),
    renderMessage: () => draw(session, diagnostic),
    actions: diagnostic.fix === null ? [] : [actionOf(session, diagnostic)],
  };
}

function draw(session: Session, { message, help, notes }: Diagnostic): HTMLElement {
  const frame = element("div", "cm-problem", element("div", "cm-problem-message", message));
  if (help !== null) {
    frame.append(element("div", "cm-problem-help", help));
  }
  for (const note of notes) {
    frame.append(element("div", "cm-problem-note", note.message, ...link(session, note.at)));
  }
  return frame;
}

function link(session: Session, at: Place | null): Node[] {
  return at === null ? [] : [button(`${at.file}:${at.line}`, "line-link", () => session.show(at))];
}

function actionOf(session: Session, { fix }: Diagnostic): Action {
  return {
    name: fix?.message ?? "",
    apply: (view) => {
      // From the end, so that what has been replaced moves nothing that is still to be.
      const others = (fix?.edits ?? []).filter(({ file }) => file !== session.file);
      for (const edit of others.sort((one, other) => other.from - one.from)) {
        applyElsewhere(session, edit);
      }
      const changes = (fix?.edits ?? [])
        .filter(({ file }) => file === session.file)
        .map(({ from, to, text }) => ({ from, to, insert: text }));
      view.dispatch({ changes, userEvent: "input.fix" });
      view.focus();
      session.bridge.announce(session.texts.fixed(fix?.message ?? ""));
    },
  };
}

function applyElsewhere(
  session: Session,
  edit: { file: string; from: number; to: number; text: string },
): void {
  const { files, edits } = session.bridge.state();
  const text = edits[edit.file] ?? files.find(({ name }) => name === edit.file)?.text;
  if (text !== undefined) {
    session.bridge.onEdit(edit.file, text.slice(0, edit.from) + edit.text + text.slice(edit.to));
  }
}
