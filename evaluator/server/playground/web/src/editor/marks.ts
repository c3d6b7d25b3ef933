/** Marks on the text: the rules that have decided, and the place that somebody was sent to. */
import { type Extension, RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, GutterMarker, gutter } from "@codemirror/view";

export interface Decided {
  readonly at: number;
  readonly effect: string;
  readonly title: string;
}

class DecidedMarker extends GutterMarker {
  constructor(private readonly decided: Decided) {
    super();
  }

  override eq(other: DecidedMarker): boolean {
    return other.decided.title === this.decided.title;
  }

  override toDOM(): Node {
    const mark = document.createElement("span");
    mark.className = `cm-decided cm-decided-${this.decided.effect === "allow" ? "allow" : "deny"}`;
    mark.title = this.decided.title;
    mark.textContent = this.decided.effect === "allow" ? "✓" : "✕";
    return mark;
  }
}

const setDecided = StateEffect.define<readonly Decided[]>();

const decidedField = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update: (marks, transaction) => {
    let now = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setDecided)) {
        const { doc } = transaction.state;
        const ranges = effect.value
          .filter(({ at }) => at <= doc.length)
          .map((one) => new DecidedMarker(one).range(doc.lineAt(one.at).from));
        now = RangeSet.of(ranges, true);
      }
    }
    return now;
  },
});

const flash = StateEffect.define<{ from: number; to: number } | null>();
const flashMark = Decoration.mark({ class: "cm-flash" });
const flashLine = Decoration.line({ class: "cm-flash-line" });

const flashField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, transaction) => {
    let now = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(flash)) {
        now =
          effect.value === null ? Decoration.none : flashed(transaction.state.doc, effect.value);
      }
    }
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function flashed(
  doc: { lineAt(at: number): { from: number } },
  { from, to }: { from: number; to: number },
): DecorationSet {
  const line = flashLine.range(doc.lineAt(from).from);
  return Decoration.set(to > from ? [line, flashMark.range(from, to)] : [line], true);
}

export const marks: Extension = [
  decidedField,
  flashField,
  gutter({
    class: "cm-decided-gutter",
    markers: (view) => view.state.field(decidedField),
    initialSpacer: () => new DecidedMarker({ at: 0, effect: "deny", title: "" }),
  }),
];

export function showDecided(view: EditorView, decided: readonly Decided[]): void {
  view.dispatch({ effects: setDecided.of(decided) });
}

const FLASH = 2500;

/** Selects the start of a stretch, scrolls it to the middle and lets it flash. */
export function goTo(view: EditorView, from: number, to: number): void {
  const most = view.state.doc.length;
  const start = Math.min(from, most);
  const end = Math.min(Math.max(to, start), most);
  view.dispatch({
    selection: { anchor: start },
    effects: [
      EditorView.scrollIntoView(start, { y: "center" }),
      flash.of({ from: start, to: end }),
    ],
  });
  setTimeout(() => view.dispatch({ effects: flash.of(null) }), FLASH);
}
