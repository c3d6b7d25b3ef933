/** What the editor is made of, for one file. */
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  startCompletion,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yamlLanguage } from "@codemirror/lang-yaml";
import { bracketMatching, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  tooltips,
} from "@codemirror/view";

import { caretInSight } from "./caret";
import { completions } from "./completion";
import { colours } from "./highlighting";
import { hovering, meaningAt } from "./hovering";
import { marks } from "./marks";
import { mend } from "./problems";
import type { Session } from "./session";
import { wrapping } from "./wrapping";

export interface Surroundings {
  readonly session: Session;
  readonly hintId: string;
  /** The reader has typed something. */
  readonly changed: (view: EditorView) => void;
}

export function extensions({ session, hintId, changed }: Surroundings): Extension {
  const { bridge, texts, file, isPolicy } = session;
  return [
    EditorView.cspNonce.of(bridge.nonce),
    EditorView.darkTheme.of(bridge.state().theme === "dark"),
    EditorState.phrases.of(texts.phrases),
    EditorView.contentAttributes.of({
      "aria-label": texts.label(file),
      "aria-describedby": hintId,
      tabindex: "0",
      spellcheck: "false",
      autocorrect: "off",
      autocapitalize: "off",
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some((one) => one.isUserEvent("playground"))) {
        changed(update.view);
      }
    }),
    lineNumbers(),
    marks,
    lintGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    caretInSight,
    EditorState.allowMultipleSelections.of(true),
    indentOnInput(),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    search(),
    wrapping,
    tooltips({ position: "fixed" }),
    /\.ya?ml$/.test(file) ? yamlLanguage : [],
    colours(isPolicy),
    autocompletion({
      override: [
        completions(
          () => session.knowledge().vocabularySoon(session.file),
          () => session.isPolicy,
        ),
      ],
      icons: false,
      activateOnTypingDelay: 60,
    }),
    hovering(session),
    keymap.of([
      { key: "F12", run: (view) => goToDefinition(session, view) },
      { key: "F8", run: nextDiagnostic, shift: previousDiagnostic },
      { key: "Mod-.", run: mend },
      { key: "Tab", run: acceptCompletion },
      { key: "Alt-/", run: startCompletion },
      ...closeBracketsKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
      ...defaultKeymap,
      indentWithTab,
    ]),
    EditorView.domEventHandlers({
      mousedown: (event, view) => {
        const at = event.ctrlKey || event.metaKey ? view.posAtCoords(event) : null;
        return at !== null && goToDefinition(session, view, at);
      },
    }),
  ];
}

function goToDefinition(session: Session, view: EditorView, at?: number): boolean {
  const pos = at ?? view.state.selection.main.head;
  const defined = meaningAt(session, view, pos)?.defined;
  if (defined) {
    session.show(defined);
    return true;
  }
  return false;
}
