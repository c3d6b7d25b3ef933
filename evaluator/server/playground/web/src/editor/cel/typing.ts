/** Of what type an expression is that has been typed so far, as far as completion needs to know. */
import type { VocabularyAnswer } from "../../api";
import { type Token, tokens } from "./tokens";

/** A type as text, `list(resource.lots[])`; null where nobody knows. */
export type Known = string | null;

const ROOTS = new Set(["subject", "action", "resource", "context"]);
const LOOPS = new Set([
  "all",
  "exists",
  "exists_one",
  "existsOne",
  "map",
  "filter",
  "sortBy",
  "transformList",
  "transformMap",
  "transformMapEntry",
  "optMap",
  "optFlatMap",
]);
const LIKE_RECEIVER = new Set(["filter", "sortBy", "sort", "reverse", "distinct", "slice", "or"]);

/** A chain of selections and calls, `a.b(c)[d].e`, read backwards from where it ends. */
interface Chain {
  readonly from: number;
  readonly links: readonly Link[];
}

interface Link {
  readonly kind: "name" | "call" | "index";
  readonly name: string;
  readonly optional: boolean;
}

/** How many calls around places are looked at: more than anyone writes, fewer than take long. */
const MOST_LOOKS = 500;

export class Typing {
  private looks = 0;

  constructor(
    private readonly vocabulary: VocabularyAnswer,
    private readonly text: string,
    private readonly all: readonly Token[] = tokens(text),
  ) {}

  /** The type of the chain that ends right before a place. */
  before(at: number, depth = 0): Known {
    const last = lastBefore(this.all, at);
    return this.typeOf(this.chainEnding(last), depth);
  }

  /** The path of the attribute that a chain ending before a place is, such as `resource.total`. */
  pathBefore(at: number): string | null {
    const { links } = this.chainEnding(lastBefore(this.all, at));
    const plain = links.length > 0 && links.every(({ kind }) => kind === "name");
    return plain ? links.map(({ name }) => name).join(".") : null;
  }

  /** The variables that macros bind around a place, with their types; inner ones last. */
  bound(at: number, depth = 0): Map<string, Known> {
    const found = new Map<string, Known>();
    this.looks += 1;
    if (depth > 8 || this.looks > MOST_LOOKS) {
      return found;
    }
    for (const { open, argument } of this.callsAround(at)) {
      const name = this.all[open - 1];
      const dot = this.all[open - 2];
      if (name?.kind !== "function" || dot === undefined || !this.is(dot, ".")) {
        continue;
      }
      const macro = this.written(name);
      const variables = this.namesAfter(open, argument);
      if (!LOOPS.has(macro) || variables.length === 0) {
        continue;
      }
      const over = this.typeOf(this.chainEnding(open - 3), depth + 1);
      const element = elementOf(over);
      const isMap = over?.startsWith("map(") ?? false;
      if (variables.length === 2 && argument > 1) {
        found.set(variables[0] ?? "", isMap ? keyOf(over) : "int");
        found.set(variables[1] ?? "", isMap ? valueOf(over) : element);
      } else {
        found.set(variables[0] ?? "", isMap ? keyOf(over) : element);
      }
    }
    return found;
  }

  private written(token: Token): string {
    return this.text.slice(token.from, token.to);
  }

  private is(token: Token | undefined, ...signs: string[]): boolean {
    return token?.kind === "operator" && signs.includes(this.written(token));
  }

  /** The calls that a place is in, outer ones first: their brackets, and in which argument. */
  private callsAround(at: number): { open: number; argument: number }[] {
    const stack: { open: number; argument: number }[] = [];
    for (const [index, token] of this.all.entries()) {
      if (token.from >= at) {
        break;
      }
      if (this.is(token, "(", "[", "{", "[?")) {
        stack.push({ open: index, argument: 0 });
      } else if (this.is(token, ")", "]", "}")) {
        stack.pop();
      } else if (this.is(token, ",")) {
        const top = stack.at(-1);
        if (top !== undefined) {
          top.argument += 1;
        }
      }
    }
    return stack.filter(({ open, argument }) => argument > 0 && this.is(this.all[open], "("));
  }

  /** The plain names that the arguments of a call begin with. */
  private namesAfter(open: number, arguments_: number): string[] {
    const names: string[] = [];
    for (let index = open + 1; names.length < Math.min(arguments_, 2); index += 2) {
      const name = this.all[index];
      if (name?.kind !== "name" || !this.is(this.all[index + 1], ",")) {
        break;
      }
      names.push(this.written(name));
    }
    return names;
  }

  private chainEnding(last: number): Chain {
    const links: Link[] = [];
    let index = last;
    let from = 0;
    while (index >= 0) {
      const token = this.all[index];
      if (token === undefined) {
        break;
      }
      let kind: Link["kind"] = "name";
      let at = index;
      if (this.is(token, ")", "]")) {
        const open = this.opening(index);
        kind = this.is(token, ")") ? "call" : "index";
        at = kind === "call" ? open - 1 : open;
      }
      const named = this.all[at];
      if (named === undefined || at < 0) {
        break;
      }
      if (kind === "index") {
        links.unshift({ kind, name: "", optional: this.is(named, "[?") });
        index = at - 1;
        from = named.from;
        continue;
      }
      if (!["name", "field", "request", "function"].includes(named.kind)) {
        break;
      }
      const dot = this.all[at - 1];
      const selected = this.is(dot, ".", ".?");
      links.unshift({ kind, name: this.written(named), optional: this.is(dot, ".?") });
      from = named.from;
      if (!selected) {
        break;
      }
      index = at - 2;
    }
    return { from, links };
  }

  private opening(close: number): number {
    let depth = 0;
    for (let index = close; index >= 0; index -= 1) {
      const token = this.all[index];
      if (this.is(token, ")", "]", "}")) {
        depth += 1;
      } else if (this.is(token, "(", "[", "{", "[?")) {
        depth -= 1;
        if (depth === 0) {
          return index;
        }
      }
    }
    return 0;
  }

  private typeOf({ links, from }: Chain, depth: number): Known {
    const [first, ...rest] = links;
    if (first === undefined || depth > 8) {
      return null;
    }
    let type: Known = this.typeOfFirst(first, from, depth);
    for (const link of rest) {
      type = this.step(type, link);
    }
    return type;
  }

  private typeOfFirst({ kind, name }: Link, from: number, depth: number): Known {
    if (kind === "call") {
      return this.resultOf(name, null);
    }
    if (ROOTS.has(name)) {
      return name;
    }
    if (name === "now") {
      return "timestamp";
    }
    const bound = this.bound(from, depth + 1).get(name);
    if (bound !== undefined) {
      return bound;
    }
    return this.vocabulary.names.find((one) => one.name === name)?.type ?? null;
  }

  private step(type: Known, link: Link): Known {
    if (link.kind === "call") {
      return LIKE_RECEIVER.has(link.name) ? type : this.resultOf(link.name, type);
    }
    if (link.kind === "index") {
      const inner = type?.startsWith("map(") ? valueOf(type) : elementOf(type);
      return link.optional && inner !== null ? `optional(${inner})` : inner;
    }
    const inOptional = type?.startsWith("optional(") ?? false;
    const object = inOptional ? inside(type) : type;
    const field = this.vocabulary.attributes.find(({ path }) => path === `${object}.${link.name}`);
    const found = field?.type ?? null;
    return (inOptional || link.optional) && found !== null ? `optional(${found})` : found;
  }

  /** The result of a function, where all of its forms for a receiver agree. */
  private resultOf(name: string, receiver: Known): Known {
    if (receiver !== null && (name === "value" || name === "orValue")) {
      return inside(receiver);
    }
    const forms = this.vocabulary.functions
      .filter((one) => one.name === name)
      .flatMap(({ signature }) => signature.split("\n"));
    const results = new Set(forms.map((form) => form.split(" -> ").at(-1) ?? ""));
    const [result = ""] = results;
    return results.size === 1 && result !== "" && !/\b[A-Z]\b|number/.test(result) ? result : null;
  }
}

function lastBefore(all: readonly Token[], at: number): number {
  let last = -1;
  for (const [index, token] of all.entries()) {
    if (token.to <= at) {
      last = index;
    }
  }
  return last;
}

/** What stands in the brackets of a type: `int` of `list(int)`. */
export function inside(type: Known): Known {
  const open = type?.indexOf("(") ?? -1;
  return type !== null && open >= 0 && type.endsWith(")") ? type.slice(open + 1, -1) : null;
}

function elementOf(type: Known): Known {
  return type?.startsWith("list(") || type?.startsWith("optional(") ? inside(type) : null;
}

function keyOf(type: Known): Known {
  return inside(type)?.split(", ")[0] ?? null;
}

function valueOf(type: Known): Known {
  return inside(type)?.split(", ").slice(1).join(", ") ?? null;
}
