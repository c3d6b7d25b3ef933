/** The text editor itself: one view, which shows the open file and keeps up with the page. */
import { EditorState, type Extension, StateEffect } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

import type { Diagnostic, Place, RuleExplained } from "../api";
import type { EditorBridge } from "../bridge";
import { extensions } from "./extensions";
import { Knowledge } from "./knowledge";
import { goTo, showDecided } from "./marks";
import { showProblems } from "./problems";
import { Session } from "./session";

export class TextEditor {
  private readonly view: EditorView;
  private readonly knowledge: Knowledge;
  private readonly session: Session;
  /** What was open before, with its history and where the reader was. */
  private readonly kept = new Map<string, { state: EditorState; scroll: StateEffect<unknown> }>();
  private shownFile = "";
  /** What the states of the files are configured for. */
  private readonly looks = new Map<string, string>();
  private shownProblems: readonly Diagnostic[] | null = null;
  private shownRules: readonly RuleExplained[] | null = null;
  private shownText: string | null = null;
  /** A place in a file that is about to be opened. */
  private wanted: { place: Place; focus: boolean } | null = null;

  constructor(
    parent: HTMLElement,
    private readonly bridge: EditorBridge,
    private readonly hintId: string,
  ) {
    this.knowledge = new Knowledge(bridge);
    this.session = new Session(bridge, () => this.knowledge);
    // The first view of a page writes its style sheet, which the nonce lets in.
    this.view = new EditorView({ parent, extensions: EditorView.cspNonce.of(bridge.nonce) });
    this.keepUp();
  }

  /** Brings the view up to the page's state. Cheap when nothing that it shows has changed. */
  keepUp(): void {
    const { file } = this.bridge.state();
    if (file !== this.shownFile) {
      this.open(file);
    }
    this.restyle();
    this.takeText();
    this.knowledge.keepUp();
    this.showProblems();
    this.showDecided();
    if (this.wanted?.place.file === file) {
      const { place, focus } = this.wanted;
      this.wanted = null;
      this.goTo(place, focus);
    }
  }

  show(place: Place, focus: boolean): void {
    if (place.file !== this.shownFile) {
      this.wanted = { place, focus };
      if (this.bridge.state().file !== place.file) {
        this.bridge.onOpen(place.file);
      }
      this.keepUp();
    } else {
      this.goTo(place, focus);
    }
  }

  focus(): void {
    this.view.focus();
  }

  measure(): void {
    this.view.requestMeasure();
  }

  destroy(): void {
    this.knowledge.stop();
    this.view.destroy();
  }

  private goTo(place: Place, focus: boolean): void {
    goTo(this.view, place.from, place.to);
    if (focus) {
      this.view.focus();
    }
  }

  private open(file: string): void {
    if (this.shownFile !== "") {
      const scroll = this.view.scrollSnapshot();
      this.kept.set(this.shownFile, { state: this.view.state, scroll });
    }
    this.shownFile = file;
    this.shownText = null;
    const kept = this.kept.get(file);
    this.view.setState(kept?.state ?? this.fresh(this.session.text));
    // Another text is not scrolled to where the one before was.
    const scroll = kept?.scroll ?? EditorView.scrollIntoView(0, { y: "start" });
    this.view.dispatch({ effects: scroll });
    this.shownProblems = null;
    this.shownRules = null;
  }

  /** Languages and themes change what a state is configured with; text and history stay. */
  private restyle(): void {
    const wanted = this.look();
    if (this.looks.get(this.shownFile) !== wanted) {
      this.looks.set(this.shownFile, wanted);
      this.view.dispatch({ effects: StateEffect.reconfigure.of(this.extensions()) });
      this.shownProblems = null;
      this.shownRules = null;
    }
  }

  private look(): string {
    const { locale, theme } = this.bridge.state();
    return `${locale} ${theme} ${this.session.isPolicy}`;
  }

  private fresh(text: string): EditorState {
    this.looks.set(this.shownFile, this.look());
    return EditorState.create({ doc: text, extensions: this.extensions() });
  }

  private extensions(): Extension {
    const { session, hintId } = this;
    return extensions({ session, hintId, changed: (view) => this.report(view) });
  }

  private report(view: EditorView): void {
    const text = view.state.doc.toString();
    this.shownText = text;
    this.bridge.onEdit(this.shownFile, text);
  }

  /** Takes over a text that has become another by other means, such as a file that was reverted. */
  private takeText(): void {
    const { text } = this.session;
    if (text === this.shownText) {
      return;
    }
    this.shownText = text;
    const now = this.view.state.doc.toString();
    if (now !== text) {
      const [from, to, insert] = difference(now, text);
      this.view.dispatch({ changes: { from, to, insert }, userEvent: "playground" });
      this.shownProblems = null;
    }
  }

  private showProblems(): void {
    const { diagnostics } = this.bridge.state();
    if (diagnostics !== this.shownProblems) {
      this.shownProblems = diagnostics;
      showProblems(this.session, this.view);
    }
  }

  private showDecided(): void {
    const { rules, explained } = this.bridge.state();
    if (rules === this.shownRules || !this.session.isPresent(explained)) {
      return;
    }
    this.shownRules = rules;
    const { texts, file } = this.session;
    showDecided(
      this.view,
      rules
        .filter(({ decisive, at }) => decisive && at.file === file)
        .map(({ rule, effect, at }) => ({
          at: at.from,
          effect,
          title: texts.decided(rule, effect === "allow" ? texts.effects.allow : texts.effects.deny),
        })),
    );
  }
}

/** The one stretch in which two texts differ: where it is in the first, and what is there now. */
function difference(before: string, after: string): [number, number, string] {
  let start = 0;
  const least = Math.min(before.length, after.length);
  while (start < least && before[start] === after[start]) {
    start += 1;
  }
  let end = 0;
  while (end < least - start && before.at(-1 - end) === after.at(-1 - end)) {
    end += 1;
  }
  return [start, before.length - end, after.slice(start, after.length - end)];
}
