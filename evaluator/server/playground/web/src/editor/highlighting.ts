/** Colours: of YAML by its parser, of the expressions in it by their tokens. */
import { syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { type Extension, RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { tagHighlighter, tags } from "@lezer/highlight";

import { regionsOf } from "./cel/regions";
import { type TokenKind, tokens } from "./cel/tokens";
import { scalarsIn } from "./yaml/scalars";

const yamlColours = tagHighlighter([
  { tag: tags.definition(tags.propertyName), class: "y-key" },
  { tag: tags.propertyName, class: "y-key" },
  { tag: tags.string, class: "y-string" },
  { tag: tags.lineComment, class: "y-comment" },
  { tag: [tags.typeName, tags.labelName], class: "y-anchor" },
  { tag: [tags.meta, tags.attributeValue, tags.separator, tags.punctuation], class: "y-sign" },
  { tag: [tags.squareBracket, tags.brace], class: "y-sign" },
]);

const MARKS: { readonly [kind in TokenKind]: Decoration } = {
  string: Decoration.mark({ class: "c-string" }),
  number: Decoration.mark({ class: "c-number" }),
  keyword: Decoration.mark({ class: "c-keyword" }),
  request: Decoration.mark({ class: "c-request" }),
  name: Decoration.mark({ class: "c-name" }),
  field: Decoration.mark({ class: "c-field" }),
  function: Decoration.mark({ class: "c-function" }),
  operator: Decoration.mark({ class: "c-operator" }),
  comment: Decoration.mark({ class: "c-comment" }),
  wrong: Decoration.mark({ class: "c-wrong" }),
};

/** Nobody writes an expression that is longer; one that is stays without colours. */
const LARGEST = 50_000;

function decorations(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const tree = syntaxTree(view.state);
  const read = (from: number, to: number) => view.state.sliceDoc(from, to);
  let last = 0;
  for (const { from, to } of view.visibleRanges) {
    for (const scalar of scalarsIn(tree, read, from, to)) {
      if (scalar.to - scalar.from > LARGEST) {
        continue;
      }
      for (const region of regionsOf(scalar)) {
        for (const token of tokens(region.text)) {
          const start = region.place(token.from);
          const end = region.place(token.to);
          if (start >= last && end > start) {
            builder.add(start, end, MARKS[token.kind]);
            last = end;
          }
        }
      }
    }
  }
  return builder.finish();
}

const expressionColours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = decorations(view);
    }

    update(update: ViewUpdate): void {
      const parsed = syntaxTree(update.startState) !== syntaxTree(update.state);
      if (update.docChanged || update.viewportChanged || parsed) {
        this.decorations = decorations(update.view);
      }
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** `expressions` where the file is a policy. */
export function colours(expressions: boolean): Extension {
  return [syntaxHighlighting(yamlColours), expressions ? expressionColours : []];
}
