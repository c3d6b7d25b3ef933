/** The editor's side of the page: the bridge that it is mounted with. */
import type { EditorBridge, EditorState } from "./bridge";
import type { Page } from "./page";
import type { State } from "./store";
import { darkNow } from "./theme";

const NONE = Object.freeze({});

export function bridgeOf({ store, actions, ask, nonce }: Page): EditorBridge {
  return {
    state: () => editorState(store.state),
    subscribe: (listener) => store.subscribe(listener),
    onEdit: (file, text) => actions.setEdit(file, text),
    onOpen: (file) => actions.openFile(file),
    show: (place) => actions.show(place),
    announce: (message) => actions.announce(message),
    nonce,
    api: {
      vocabulary: (file) => ask("vocabulary", { ...asked(store.state), file }),
      types: (file) => ask("types", { ...asked(store.state), file }),
    },
  };
}

function asked({ edits, locale }: State) {
  return { edits, locale };
}

let last: { from: State; state: EditorState } | null = null;

/** The files of the chosen pack come first. */
function editorState(state: State): EditorState {
  if (last?.from === state) {
    return last.state;
  }
  const own = state.opened?.files.filter(({ pack }) => pack === state.pack) ?? [];
  const others = state.opened?.files.filter(({ pack }) => pack !== state.pack) ?? [];
  const sameFiles =
    last !== null && last.from.opened === state.opened && last.from.pack === state.pack;
  const result: EditorState = {
    file: state.file,
    files: sameFiles && last !== null ? last.state.files : [...own, ...others],
    edits: state.edits,
    diagnostics: state.check?.answer.diagnostics ?? state.opened?.diagnostics ?? [],
    checked: state.check?.basis.edits ?? NONE,
    rules: state.explain?.answer.rules ?? [],
    explained: state.explain?.basis.edits ?? NONE,
    locale: state.locale,
    theme: darkNow(state.theme) ? "dark" : "light",
  };
  last = { from: state, state: result };
  return result;
}
