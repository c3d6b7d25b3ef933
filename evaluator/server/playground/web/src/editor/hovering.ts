/** What is told of the place under the pointer: type, meaning, the value now, the definition. */
import { syntaxTree } from "@codemirror/language";
import { type Extension } from "@codemirror/state";
import { type EditorView, type Tooltip, hoverTooltip } from "@codemirror/view";

import type { Place } from "../api";
import { regionAt } from "./cel/regions";
import { tokens } from "./cel/tokens";
import { button, element } from "./dom";
import type { Session } from "./session";
import { type Value, valueAt, valueOf } from "./values";
import { whereAt } from "./yaml/lines";
import { descriptionAt } from "./yaml/schema";
import { scalarAt } from "./yaml/scalars";

export interface Meaning {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly type: string | null;
  readonly doc: string | null;
  readonly defined: Place | null;
}

export function hovering(session: Session): Extension {
  return hoverTooltip(
    (view, at, side) => {
      const pos = side < 0 ? Math.max(0, at - 1) : at;
      return tooltipAt(session, view, pos);
    },
    { hoverTime: 250 },
  );
}

/** What a place means: as the server has checked it, or as names and keys tell. */
export function meaningAt(session: Session, view: EditorView, pos: number): Meaning | null {
  return checkedAt(session, pos) ?? namedAt(session, view, pos) ?? keyAt(session, view, pos);
}

function tooltipAt(session: Session, view: EditorView, pos: number): Tooltip | null {
  const meaning = meaningAt(session, view, pos);
  const value = valueUnder(session, meaning, pos);
  if (meaning === null && value === null) {
    return null;
  }
  const from = meaning?.from ?? value?.from ?? pos;
  const to = meaning?.to ?? value?.to ?? pos;
  return {
    pos: from,
    end: to,
    above: true,
    create: () => ({ dom: draw(session, meaning, value) }),
  };
}

function valueUnder(session: Session, meaning: Meaning | null, pos: number): Value | null {
  const { rules, explained } = session.bridge.state();
  if (!session.isPresent(explained)) {
    return null;
  }
  const { file } = session;
  const own = meaning === null ? null : valueOf(rules, file, meaning.from, meaning.to);
  return own ?? valueAt(rules, file, pos);
}

function checkedAt(session: Session, pos: number): Meaning | null {
  const known = session.knowledge().typesOf(session.file);
  if (known === null || !session.isPresent(known.edits)) {
    return null;
  }
  let best: (typeof known.answer.types)[number] | null = null;
  for (const one of known.answer.types) {
    if (
      one.from <= pos &&
      pos < one.to &&
      (best === null || one.to - one.from < best.to - best.from)
    ) {
      best = one;
    }
  }
  return best;
}

/** By the name alone, where the file cannot be checked: of definitions, attributes, functions. */
function namedAt(session: Session, view: EditorView, pos: number): Meaning | null {
  const vocabulary = session.knowledge().vocabulary(session.file);
  if (vocabulary === null || !session.isPolicy) {
    return null;
  }
  const read = (from: number, to: number) => view.state.sliceDoc(from, to);
  const scalar = scalarAt(syntaxTree(view.state), read, pos);
  const found = scalar === null ? null : regionAt(scalar, pos);
  if (found === null) {
    return null;
  }
  const { region, offset } = found;
  const token = tokens(region.text).find(({ from, to }) => from <= offset && offset < to);
  if (token === undefined) {
    return null;
  }
  const word = region.text.slice(token.from, token.to);
  const chain = /[\w.]*$/.exec(region.text.slice(0, token.to))?.[0] ?? word;
  const place = { from: region.place(token.from), to: region.place(token.to) };
  const name = vocabulary.names.find((one) => one.name === word);
  if (token.kind === "name" && name !== undefined) {
    return { ...place, text: word, type: name.type, doc: `= ${name.text}`, defined: name.at };
  }
  const attribute = vocabulary.attributes.find(({ path }) => path === chain);
  if (attribute !== undefined) {
    const { type, description: doc } = attribute;
    return { ...place, text: chain, type, doc, defined: null };
  }
  const called = [...vocabulary.functions, ...vocabulary.macros].find(
    (one) => one.name === word || one.name === chain,
  );
  if (token.kind === "function" && called !== undefined) {
    const doc = `${called.summary}\n${called.signature}`;
    return { ...place, text: called.name, type: null, doc, defined: null };
  }
  return null;
}

/** What the file format says of a key. */
function keyAt(session: Session, view: EditorView, pos: number): Meaning | null {
  const vocabulary = session.knowledge().vocabulary(session.file);
  const read = (from: number, to: number) => view.state.sliceDoc(from, to);
  const scalar = scalarAt(syntaxTree(view.state), read, pos);
  if (vocabulary === null || scalar === null || !scalar.isKey || pos > scalar.to) {
    return null;
  }
  const path = [...scalar.path, scalar.text.trim()];
  const doc = descriptionAt(vocabulary.schema, path) ?? whereDoc(vocabulary.names, view, scalar.to);
  return doc === null
    ? null
    : { from: scalar.from, to: scalar.to, text: scalar.text, type: null, doc, defined: null };
}

/** What a definition comes to, told at its own name. */
function whereDoc(
  names: readonly { name: string; kind: string; type: string; text: string }[],
  view: EditorView,
  to: number,
): string | null {
  const where = whereAt(view.state.sliceDoc(0, to));
  const name = names.find((one) => one.name === where?.prefix);
  return name === undefined ? null : `${name.kind} ${name.name}: ${name.type}\n= ${name.text}`;
}

function draw(session: Session, meaning: Meaning | null, value: Value | null): HTMLElement {
  const { texts } = session;
  const frame = element("div", "cm-meaning");
  if (meaning !== null) {
    const head = element("div", "cm-meaning-head", element("code", "", meaning.text));
    if (meaning.type !== null) {
      head.append(element("span", "cm-meaning-type", `${texts.type} `));
      head.append(element("code", "", meaning.type));
    }
    frame.append(head);
  } else if (value !== null) {
    frame.append(element("div", "cm-meaning-head", element("code", "", value.text)));
  }
  if (value !== null) {
    frame.append(drawValue(session, value, meaning));
  }
  if (meaning?.doc) {
    const [first = "", ...rest] = meaning.doc.split("\n");
    frame.append(element("p", first.startsWith("= ") ? "cm-meaning-code" : "", first));
    if (rest.length > 0) {
      frame.append(element("pre", "cm-meaning-forms", rest.join("\n")));
    }
  }
  const defined = meaning?.defined;
  if (defined) {
    const label = texts.definedAt(`${defined.file}:${defined.line}`);
    frame.append(button(label, "link", () => session.show(defined)));
  }
  return frame;
}

function drawValue(session: Session, value: Value, meaning: Meaning | null): HTMLElement {
  const { texts } = session;
  const { values, evaluated, from, to } = value;
  const frame = element("div", "cm-meaning-value");
  if (meaning !== null && (from !== meaning.from || to !== meaning.to)) {
    frame.append(element("code", "", shortened(value.text)), " – ");
  }
  if (!evaluated) {
    frame.append(texts.valueNot);
    return frame;
  }
  frame.append(`${texts.valueNow}: `);
  for (const [index, { label, value }] of values.entries()) {
    const line = index > 0 || label !== null ? element("div", "cm-meaning-turn") : frame;
    line.append(element("code", "", value));
    if (label !== null) {
      line.append(element("span", "cm-meaning-type", ` ${label}`));
    }
    if (line !== frame) {
      frame.append(line);
    }
  }
  return frame;
}

const LONGEST = 80;

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
