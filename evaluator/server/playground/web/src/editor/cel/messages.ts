/** The expressions in a message: `{expression}`, where `{{` and `}}` are braces of the text. */
import { scan } from "./tokens";

/** An expression between its braces; without a closing one it reaches up to the end. */
export interface Part {
  readonly from: number;
  readonly to: number;
  readonly closed: boolean;
}

export function messageParts(text: string): Part[] {
  const parts: Part[] = [];
  let at = text.indexOf("{");
  while (at >= 0) {
    if (text.charAt(at + 1) === "{") {
      at = text.indexOf("{", at + 2);
      continue;
    }
    const from = at + 1;
    const end = closing(text, from);
    parts.push({ from, to: end ?? text.length, closed: end !== null });
    at = end === null ? -1 : text.indexOf("{", end + 1);
  }
  return parts;
}

/** Where the brace stands that ends an expression: not one of its maps, nor one in its strings. */
function closing(text: string, from: number): number | null {
  let depth = 0;
  for (const token of scan(text, from)) {
    const sign = token.kind === "operator" ? text.charAt(token.from) : "";
    if (sign === "{") {
      depth += 1;
    } else if (sign === "}") {
      if (depth === 0) {
        return token.from;
      }
      depth -= 1;
    }
  }
  return null;
}
