/** Long lines go on below, indented a little more than they begin. */
import { type Extension, RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";

const FURTHER = 2;
const WIDEST = 30;
const BESIDE = 6;

const made = new Map<number, Decoration>();

function hanging(columns: number): Decoration {
  let decoration = made.get(columns);
  if (decoration === undefined) {
    const style = `text-indent: -${columns}ch; padding-inline-start: calc(${columns}ch + ${BESIDE}px)`;
    decoration = Decoration.line({ attributes: { style } });
    made.set(columns, decoration);
  }
  return decoration;
}

function decorations(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at);
      const indent = /^[ ]*(?:- )*/.exec(line.text)?.[0].length ?? 0;
      builder.add(line.from, line.from, hanging(Math.min(indent, WIDEST) + FURTHER));
      at = line.to + 1;
    }
  }
  return builder.finish();
}

const hangingIndents = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = decorations(view);
    }

    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) {
        this.decorations = decorations(update.view);
      }
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

export const wrapping: Extension = [EditorView.lineWrapping, hangingIndents];
