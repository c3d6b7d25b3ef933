/** Where a place stands within `{…}` and `[…]` that are still open there. */
import { ITEM, keyText } from "./scalars";

export interface InFlow {
  /** The keys below the outermost bracket that lead to the mapping, or to the value. */
  readonly path: readonly string[];
  readonly kind: "key" | "value";
  /** What has been written of the word that the place is in. */
  readonly prefix: string;
  /** The keys that the mapping has before the place. */
  readonly taken: ReadonlySet<string>;
}

interface Level {
  readonly isMapping: boolean;
  readonly taken: Set<string>;
  /** The key whose value is next, or null where a key is. */
  key: string | null;
}

/** `text` begins with a bracket and ends at the place. Null when no bracket is open there. */
export function flowAt(text: string): InFlow | null {
  const levels: Level[] = [];
  let word = "";
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    const top = levels.at(-1);
    const begins = word.trim() === "";
    if (begins && (letter === "{" || letter === "[")) {
      levels.push({ isMapping: letter === "{", taken: new Set(), key: null });
      word = "";
    } else if (top === undefined) {
      return null;
    } else if (begins && (letter === '"' || letter === "'")) {
      const end = closing(text, at);
      word = text.slice(at, end);
      at = end - 1;
    } else if (letter === "}" || letter === "]") {
      levels.pop();
      word = "";
    } else if (letter === ",") {
      note(top, word);
      top.key = null;
      word = "";
    } else if (letter === ":" && top.isMapping && top.key === null && endsKey(text, at, word)) {
      note(top, word);
      top.key = keyText(word);
      word = "";
    } else {
      word += letter;
    }
  }
  const top = levels.at(-1);
  if (top === undefined) {
    return null;
  }
  const outer = levels.slice(0, -1).map(stepInto);
  const isKey = top.isMapping && top.key === null;
  return {
    path: isKey ? outer : [...outer, stepInto(top)],
    kind: isKey ? "key" : "value",
    prefix: word.trimStart(),
    taken: top.taken,
  };
}

function stepInto({ isMapping, key }: Level): string {
  return isMapping ? (key ?? "") : ITEM;
}

function note(level: Level, word: string): void {
  if (level.isMapping && level.key === null && word.trim() !== "") {
    level.taken.add(keyText(word));
  }
}

/** Behind a quoted key no blank is needed. */
function endsKey(text: string, at: number, word: string): boolean {
  return /^(\s|$)/.test(text.charAt(at + 1)) || /^\s*["']/.test(word);
}

/** The place behind the quotation mark that closes the one at a place, or the end. */
function closing(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at += 1) {
    if (quote === '"' && text.charAt(at) === "\\") {
      at += 1;
    } else if (text.charAt(at) === quote) {
      return at + 1;
    }
  }
  return text.length;
}
