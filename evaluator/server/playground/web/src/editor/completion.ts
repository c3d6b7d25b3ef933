/** Completion: keys and values of the file format, and whatever expressions are made of. */
import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  type CompletionSource,
  insertCompletionText,
} from "@codemirror/autocomplete";
import { ensureSyntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";

import type { VocabularyAnswer } from "../api";
import { type Offer, complete } from "./cel/completing";
import { holdsAt, regionAt } from "./cel/regions";
import { type Where, siblings, whereAt } from "./yaml/lines";
import { type Key, keysAt, valuesAt } from "./yaml/schema";
import { ITEM, scalarAt } from "./yaml/scalars";

const PARSING = 60;

/** `vocabulary` gives what is known of the open file, waiting for it a little if need be. */
export function completions(
  vocabulary: () => Promise<VocabularyAnswer | null>,
  isPolicy: () => boolean,
): CompletionSource {
  return async (context) => {
    const known = await vocabulary();
    if (known === null || context.aborted) {
      return null;
    }
    return (isPolicy() ? inExpression(context, known) : null) ?? inYaml(context, known);
  };
}

function inExpression(
  context: CompletionContext,
  vocabulary: VocabularyAnswer,
): CompletionResult | null {
  const { state, pos } = context;
  const found = expressionBefore(state, pos);
  if (found === null) {
    return context.explicit ? atEmptyExpression(context, vocabulary) : null;
  }
  const quote = found.region.scalar.style === "double" ? "'" : '"';
  const offers = complete(vocabulary, found.text, found.text.length, quote, !context.explicit);
  if (offers === null) {
    return null;
  }
  const from = offers.from > found.offset ? pos : found.region.place(offers.from);
  return { from, options: offers.offers.map(optionOf), validFor: /^[\w"']*$/ };
}

/** The expression up to a place. Blanks behind an expression are no part of it for YAML. */
function expressionBefore(state: EditorState, pos: number) {
  const line = state.doc.lineAt(pos);
  const before = state.sliceDoc(line.from, pos);
  const read = (from: number, to: number) => state.sliceDoc(from, to);
  const tree = ensureSyntaxTree(state, pos, PARSING);
  if (tree === null) {
    return null;
  }
  for (const at of [pos, line.from + before.trimEnd().length]) {
    const scalar = scalarAt(tree, read, at);
    const found = scalar === null ? null : regionAt(scalar, at);
    if (found !== null && (at === pos || found.offset === found.region.text.length)) {
      const text = found.region.text.slice(0, found.offset) + state.sliceDoc(at, pos);
      return { region: found.region, offset: found.offset, text };
    }
  }
  return null;
}

/** Behind `when: ` nothing stands yet, so that no scalar is there to be found. */
function atEmptyExpression(
  context: CompletionContext,
  vocabulary: VocabularyAnswer,
): CompletionResult | null {
  const where = whereAt(context.state.sliceDoc(0, context.pos));
  const path = where?.kind === "key" && where.afterDash ? where.path : where?.path;
  if (where === null || path === undefined || where.prefix.trim() !== "") {
    return null;
  }
  if (holdsAt(path) !== "expression" || (where.kind === "key" && !where.afterDash)) {
    return null;
  }
  const offers = complete(vocabulary, "", 0, '"', false);
  return offers === null ? null : { from: context.pos, options: offers.offers.map(optionOf) };
}

function optionOf(offer: Offer): Completion {
  return {
    label: offer.label,
    detail: offer.detail.length > 60 ? `${offer.detail.slice(0, 59)}…` : offer.detail,
    type: offer.kind,
    boost: offer.rank,
    ...(offer.info === "" ? {} : { info: () => paragraph(offer.info) }),
    ...(offer.insert === undefined ? {} : { apply: withCaretInside(offer.insert) }),
  };
}

function paragraph(text: string): Node {
  const element = document.createElement("div");
  element.className = "cm-info-text";
  element.textContent = text;
  return element;
}

/** Inserts a call and puts the caret between its brackets, or only its name if they are there. */
function withCaretInside(insert: string) {
  return (view: EditorView, _: Completion, from: number, to: number) => {
    const bracketIsThere = view.state.sliceDoc(to, to + 1) === "(";
    const text = bracketIsThere ? insert.slice(0, -2) : insert;
    view.dispatch(insertCompletionText(view.state, text, from, to));
    if (!bracketIsThere) {
      view.dispatch({ selection: { anchor: from + insert.length - 1 } });
    }
  };
}

function inYaml(context: CompletionContext, vocabulary: VocabularyAnswer): CompletionResult | null {
  const { state, pos } = context;
  const where = whereAt(state.sliceDoc(0, pos));
  if (where === null || !/^[\w.*:/-]*$/.test(where.prefix)) {
    return null;
  }
  const options = [
    ...(where.kind === "key" ? keys(context, vocabulary, where) : []),
    ...values(vocabulary, where),
  ];
  const wanted = context.explicit || where.prefix !== "";
  return options.length === 0 || !wanted
    ? null
    : { from: where.from, options, validFor: /^[\w.-]*$/ };
}

function keys(
  { state, pos }: CompletionContext,
  { schema }: VocabularyAnswer,
  { path, indent, inFlow }: Where,
): Completion[] {
  const line = state.doc.lineAt(pos).number - 1;
  const taken = inFlow ?? siblings(state.doc.toString().split("\n"), line, indent);
  return keysAt(schema, path)
    .filter(({ name }) => !taken.has(name))
    .map((key) => ({
      label: key.name,
      type: "key",
      detail: key.required ? "required" : "",
      boost: key.required ? 2 : 1,
      apply: inFlow === null ? keyText(key, indent) : `${key.name}: `,
      ...(key.description === "" ? {} : { info: () => paragraph(key.description) }),
    }));
}

function keyText({ name, holds }: Key, indent: number): string {
  const below = `\n${" ".repeat(indent + 2)}`;
  return `${name}:${holds === "value" ? " " : holds === "mapping" ? below : `${below}- `}`;
}

function values({ schema, ...known }: VocabularyAnswer, { path, kind }: Where): Completion[] {
  const key = path.filter((part) => part !== ITEM).at(-1) ?? "";
  const inList = path.at(-1) === ITEM;
  if (kind === "key" && !inList) {
    return [];
  }
  const plain = (type: string) => (label: string) => ({ label, type });
  if (key === "use") {
    return known.remedies.map(plain("remedy"));
  }
  if (key === "actions") {
    return known.actions.map(plain("action"));
  }
  if (key === "resource") {
    return known.resources.map(plain("resource"));
  }
  if (key === "imports") {
    return known.imports.map(plain("file"));
  }
  if (key === "rules" && path.includes("expect")) {
    return known.rules.map(plain("rule"));
  }
  return valuesAt(schema, path).map(plain("value"));
}
