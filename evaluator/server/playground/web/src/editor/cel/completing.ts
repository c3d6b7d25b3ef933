/** What may be typed at a place of an expression. */
import type { VocabularyAnswer } from "../../api";
import { type Token, tokens } from "./tokens";
import { type Known, Typing, inside } from "./typing";

export interface Offer {
  readonly label: string;
  readonly kind:
    "attribute" | "method" | "function" | "macro" | "name" | "variable" | "keyword" | "value";
  /** Shown beside the label: a type or a signature. */
  readonly detail: string;
  readonly info: string;
  /** What is inserted; the label where it is left out. A function's caret goes into its brackets. */
  readonly insert?: string;
  readonly rank: number;
}

export interface Offers {
  /** Where what is replaced begins. */
  readonly from: number;
  readonly offers: readonly Offer[];
}

const ROOTS = ["subject", "action", "resource", "context"] as const;
const WORDS = ["true", "false", "null"] as const;

/**
 * What may stand at a place. `quote` is the sign that texts are put in: the other one than the
 * YAML scalar around the expression has. `typed` tells that nobody has asked for it by a key.
 */
export function complete(
  vocabulary: VocabularyAnswer,
  text: string,
  at: number,
  quote: "'" | '"',
  typed: boolean,
): Offers | null {
  const all = tokens(text.slice(0, at));
  const last = all.at(-1);
  if (last?.kind === "comment") {
    return null;
  }
  const typing = new Typing(vocabulary, text.slice(0, at), all);
  if (last?.kind === "string" && (last.open === true || last.to > at)) {
    const open = last.from + 1;
    const values = valuesFor(vocabulary, typing, text, all.slice(0, -1));
    return values.length === 0 ? null : { from: open, offers: values.map((one) => plain(one)) };
  }
  const word = last !== undefined && last.to === at && isWordToken(last) ? last : null;
  const from = word?.from ?? at;
  const earlier = word === null ? all : all.slice(0, -1);
  const previous = earlier.at(-1);
  const written = previous === undefined ? "" : text.slice(previous.from, previous.to);
  if (previous?.kind === "operator" && (written === "." || written === ".?")) {
    return { from, offers: members(vocabulary, typing, previous.from) };
  }
  if (last?.kind === "number" && last.to === at) {
    return null;
  }
  const values = valuesFor(vocabulary, typing, text, earlier).map((value) => quoted(value, quote));
  if (typed && word === null && values.length === 0) {
    return null;
  }
  return { from, offers: [...values, ...globals(vocabulary, typing.bound(from))] };
}

function isWordToken({ kind }: Token): boolean {
  return ["name", "field", "request", "function", "keyword"].includes(kind);
}

function members(vocabulary: VocabularyAnswer, typing: Typing, dot: number): Offer[] {
  const path = typing.pathBefore(dot);
  const namespace = isNamespace(vocabulary, path) ? path : null;
  const type = typing.before(dot);
  const object = type?.startsWith("optional(") ? inside(type) : type;
  const found: Offer[] = [];
  for (const { path: whole, type: own, description, optional, values } of vocabulary.attributes) {
    const name = whole.slice(whole.lastIndexOf(".") + 1);
    if (object !== null && whole === `${object}.${name}`) {
      found.push({
        label: name,
        kind: "attribute",
        detail: `${values === null ? own : typeOfValues(own)}${optional ? ", optional" : ""}`,
        info: [description, values === null ? null : values.join(" | ")].filter(Boolean).join("\n"),
        rank: 3,
      });
    }
  }
  for (const { name, signature, method, summary } of vocabulary.functions) {
    if (namespace !== null && name.startsWith(`${namespace}.`)) {
      found.push(called(name.slice(namespace.length + 1), "function", signature, summary, 2));
    } else if (namespace === null && method && takes(signature, name, type)) {
      found.push(called(name, "method", signature, summary, 1));
    }
  }
  for (const { name, signature, summary } of vocabulary.macros) {
    const isMethod = !name.includes(".") && name !== "has";
    if (namespace === null && isMethod && takes(signature, name, type)) {
      found.push(called(name, "macro", signature, summary, 1));
    }
  }
  return found;
}

function isNamespace(vocabulary: VocabularyAnswer, name: string | null): boolean {
  return name !== null && vocabulary.functions.some((one) => one.name.startsWith(`${name}.`));
}

function typeOfValues(type: string): string {
  return type.startsWith("list(") ? "list(string)" : "string";
}

/** Whether a method takes a receiver of a type. One that nobody knows may be anything. */
function takes(signature: string, name: string, type: Known): boolean {
  if (type === null || type === "dyn") {
    return true;
  }
  const kind = /^"/.test(type) ? "string" : (/^[\w.]+/.exec(type)?.[0] ?? type);
  return signature.split("\n").some((form) => {
    const receiver = form.split(`.${name}(`)[0] ?? "";
    const wanted = /^[\w.]+/.exec(receiver)?.[0] ?? receiver;
    return wanted === kind || /^[A-Z]$/.test(wanted) || wanted === "dyn";
  });
}

function globals(vocabulary: VocabularyAnswer, bound: Map<string, Known>): Offer[] {
  const found: Offer[] = [...bound].map(([label, type]) => ({
    label,
    kind: "variable" as const,
    detail: type ?? "",
    info: "",
    rank: 6,
  }));
  for (const { name, kind, type, text } of vocabulary.names) {
    const info = `${kind}: ${text}`;
    found.push({ label: name, kind: "name", detail: type, info, rank: 5 });
  }
  for (const root of ROOTS) {
    found.push({ label: root, kind: "attribute", detail: "request", info: "", rank: 4 });
  }
  found.push({ label: "now", kind: "attribute", detail: "timestamp", info: "", rank: 4 });
  for (const { name, signature, method, summary } of vocabulary.functions) {
    if (!method || signature.split("\n").some((form) => form.startsWith(`${name}(`))) {
      found.push(called(name, "function", signature, summary, 1));
    }
  }
  for (const { name, signature, summary } of vocabulary.macros) {
    if (name === "has" || name.includes(".")) {
      found.push(called(name, "macro", signature, summary, 2));
    }
  }
  for (const label of WORDS) {
    found.push({ label, kind: "keyword", detail: "", info: "", rank: 0 });
  }
  return found;
}

function called(
  label: string,
  kind: Offer["kind"],
  signature: string,
  summary: string,
  rank: number,
): Offer {
  const detail = signature.split("\n")[0] ?? "";
  return { label, kind, detail, info: `${summary}\n${signature}`, insert: `${label}()`, rank };
}

/** The texts that may stand behind `==`, `!=` or `in [`, by what stands before. */
function valuesFor(
  vocabulary: VocabularyAnswer,
  typing: Typing,
  text: string,
  all: readonly Token[],
): string[] {
  const written = (token: Token | undefined) =>
    token === undefined ? "" : text.slice(token.from, token.to);
  let index = all.length - 1;
  if (["[", ","].includes(written(all[index]))) {
    while (index >= 0 && written(all[index]) !== "[") {
      if (!["string", "operator"].includes(all[index]?.kind ?? "")) {
        return [];
      }
      index -= 1;
    }
    index -= 1;
  }
  const operator = all[index];
  if (!["==", "!=", "in"].includes(written(operator))) {
    return [];
  }
  return valuesOf(vocabulary, typing, operator?.from ?? 0);
}

function valuesOf(vocabulary: VocabularyAnswer, typing: Typing, at: number): string[] {
  const type = typing.before(at);
  if (type === null || !/^(?:list\()?"/.test(type)) {
    return [];
  }
  // The type names the first few values only; the attribute knows all of them.
  const path = typing.pathBefore(at);
  const known = vocabulary.attributes.find((one) => one.path === path || one.type === type);
  return known?.values ?? [];
}

function quoted(value: string, quote: "'" | '"'): Offer {
  const text = JSON.stringify(value);
  const label = quote === '"' ? text : `'${text.slice(1, -1).replace(/'/g, "\\'")}'`;
  return { label, kind: "value", detail: "", info: "", rank: 9 };
}

function plain(value: string): Offer {
  return { label: value, kind: "value", detail: "", info: "", rank: 9 };
}
