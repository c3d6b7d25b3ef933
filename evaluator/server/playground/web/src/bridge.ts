/** What page, editor and sharing tell each other; neither imports the other's insides. */
import type { JSX } from "preact";
import type {
  Diagnostic,
  Edits,
  Place,
  Request,
  RuleExplained,
  SourceFile,
  TypesAnswer,
  VocabularyAnswer,
} from "./api";

export type Locale = "en" | "da";
export type Theme = "light" | "dark";

/** What the editor shows. A new object with each change; compare its fields by identity. */
export interface EditorState {
  /** The open file, and the files as on disk, of the chosen pack first. */
  readonly file: string;
  readonly files: readonly SourceFile[];
  /** The whole new text of each edited file; a text as on disk is no edit. */
  readonly edits: Edits;
  /** Of all files, of disk and edits; `checked` is the edits that they are about. */
  readonly diagnostics: readonly Diagnostic[];
  readonly checked: Edits;
  /** The last explanation. `explained` is the edits that its places are about. */
  readonly rules: readonly RuleExplained[];
  readonly explained: Edits;
  /** The page's language and its theme, with "auto" resolved. */
  readonly locale: Locale;
  readonly theme: Theme;
}

/** What the page gives the editor. */
export interface EditorBridge {
  state(): EditorState;
  /** Calls the listener after each change of the state; gives what ends that. */
  subscribe(listener: () => void): () => void;
  /** The reader has typed: the file's whole new text. Null takes the edit of the file back. */
  onEdit(file: string, text: string | null): void;
  /** The reader has chosen another file. */
  onOpen(file: string): void;
  /** Goes to a place in any file, as a click on a definition does. */
  show(place: Place): void;
  /** Says something to screen readers, politely. */
  announce(message: string): void;
  readonly nonce: string;
  readonly api: {
    vocabulary(file: string): Promise<VocabularyAnswer>;
    types(file: string): Promise<TypesAnswer>;
  };
}

export interface MountedEditor {
  /** Opens the file of the place, scrolls to it, flashes it; moves the focus there if told to. */
  show(place: Place, focus?: boolean): void;
  focus(): void;
  destroy(): void;
}

/** `editor/index.ts` exports `mountEditor` of this type: files, editor and difference in one. */
export type MountEditor = (element: HTMLElement, bridge: EditorBridge) => MountedEditor;

/** What a link holds. */
export interface Shared {
  readonly pack: string;
  /** The digest of the pack as on disk, for which the edits were made. */
  readonly digest: string;
  readonly request: Request;
  readonly now: string;
  readonly locale: Locale;
  readonly edits: Edits;
}

export interface BadLink {
  readonly bad: "version" | "damaged" | "too-large" | "invalid";
}

/**
 * `sharing/index.ts` exports
 * - `readLink(fragment: string): Promise<Shared | BadLink | null>`: null where there is no link;
 *   whether the pack and the files exist is for the page to look after;
 * - `writeLink(shared: Shared): Promise<string | null>`: the fragment with its `#`, or null where
 *   it would be too long;
 * - `ShareMenu(props: ShareMenuProps): JSX.Element`, a button with what it opens.
 * Editor and sharing keep their texts in modules of their own, by locale.
 */
export interface ShareMenuProps {
  readonly locale: Locale;
  /** The present state, read when something is chosen. */
  readonly shared: () => Shared;
  readonly files: readonly SourceFile[];
  readonly edits: Edits;
  readonly announce: (message: string) => void;
  /** The YAML of a suite case with the present decision. */
  readonly suiteCase: (name: string) => Promise<string>;
}

export type ReadLink = (fragment: string) => Promise<Shared | BadLink | null>;
export type WriteLink = (shared: Shared) => Promise<string | null>;
export type ShareMenu = (props: ShareMenuProps) => JSX.Element | null;
