/** The scalars of a YAML text: what each says, where that stands, and the path of keys to it. */
import type { SyntaxNode, Tree } from "@lezer/common";

export type Style = "plain" | "single" | "double" | "block";

export interface Scalar {
  readonly from: number;
  readonly to: number;
  readonly style: Style;
  /** What is said, escapes of the quotes undone; lines and indentation are as in the file. */
  readonly text: string;
  /** The keys that lead there; `-` is an item of a list. */
  readonly path: readonly string[];
  readonly isKey: boolean;
  /** Where a place in `text` stands in the document. */
  place(offset: number): number;
}

const SCALARS = new Set(["Literal", "QuotedLiteral", "BlockLiteralContent"]);
export const ITEM = "-";

/** The scalars that touch a stretch of the document. */
export function scalarsIn(tree: Tree, read: Read, from: number, to: number): Scalar[] {
  const found: Scalar[] = [];
  tree.iterate({
    from,
    to,
    enter: (node) => {
      if (SCALARS.has(node.name)) {
        found.push(scalarOf(node.node, read));
        return false;
      }
      return undefined;
    },
  });
  return found;
}

export type Read = (from: number, to: number) => string;

/** The scalar that a place lies in or at the end of. */
export function scalarAt(tree: Tree, read: Read, at: number): Scalar | null {
  for (const side of [-1, 1] as const) {
    const node = tree.resolveInner(at, side);
    if (SCALARS.has(node.name)) {
      return scalarOf(node, read);
    }
  }
  return null;
}

function scalarOf(node: SyntaxNode, read: Read): Scalar {
  const { from, to } = node;
  const raw = read(from, to);
  const style = styleOf(node, raw);
  const { text, offsets } = decoded(raw, style);
  return {
    from,
    to,
    style,
    text,
    path: pathOf(node, read),
    isKey: node.parent?.name === "Key",
    place: (offset) => from + (offsets === null ? offset : (offsets[offset] ?? to - from)),
  };
}

function styleOf(node: SyntaxNode, raw: string): Style {
  if (node.name === "BlockLiteralContent") {
    return "block";
  }
  if (node.name === "QuotedLiteral") {
    return raw.startsWith("'") ? "single" : "double";
  }
  return "plain";
}

/** `offsets` has the place in `raw` of each place in the text and of its end. */
function decoded(raw: string, style: Style): { text: string; offsets: number[] | null } {
  if (style === "plain" || style === "block") {
    return { text: raw, offsets: null };
  }
  const quote = style === "single" ? "'" : '"';
  const end = raw.length > 1 && raw.endsWith(quote) ? raw.length - 1 : raw.length;
  let text = "";
  const offsets: number[] = [];
  let at = 1;
  while (at < end) {
    const escaped =
      (style === "single" && raw.startsWith("''", at)) ||
      (style === "double" && raw.charAt(at) === "\\" && at + 1 < end);
    offsets.push(at);
    text += raw.charAt(escaped ? at + 1 : at);
    at += escaped ? 2 : 1;
  }
  offsets.push(at);
  return { text, offsets };
}

/** The keys on the way to a node; of a key itself, those of the mapping that it is in. */
export function pathOf(node: SyntaxNode, read: Read): string[] {
  const path: string[] = [];
  let inKey = false;
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    if (at.name === "Key") {
      inKey = true;
    } else if (at.name === "Item") {
      path.unshift(ITEM);
    } else if (at.name === "Pair") {
      const key = at.getChild("Key");
      if (!inKey && key !== null) {
        path.unshift(keyText(read(key.from, key.to)));
      }
      inKey = false;
    }
  }
  return path;
}

export function keyText(raw: string): string {
  const text = raw.trim();
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  return quoted?.[2] ?? text;
}
