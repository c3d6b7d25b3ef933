/** Where a place stands among the keys of a YAML text, told by indentation: right while typing. */
import { flowAt } from "./flow";
import { ITEM, keyText } from "./scalars";

export interface Where {
  /** The keys that lead to the mapping that a key typed here would be in, or to the value. */
  readonly path: readonly string[];
  /** `key` where a key may stand, `value` behind a key's colon or a dash. */
  readonly kind: "key" | "value";
  /** The key whose value it is; of an item of a list, the key of the list. */
  readonly prefix: string;
  /** Where the word begins that the place is in. */
  readonly from: number;
  readonly indent: number;
  /** A place right behind a dash, where a key may stand as well as a value. */
  readonly afterDash: boolean;
  /** Within braces: the keys that the mapping has already; elsewhere `siblings` knows them. */
  readonly inFlow: ReadonlySet<string> | null;
}

const LINE =
  /^(\s*)((?:- +|-$)*)(?:("[^"]*"|'[^']*'|[^\s"'#{[\-&*!|>][^#]*?|-[^\s#][^#]*?):(?: +|$))?/;

interface Line {
  /** The column at which the line's own text begins, behind dashes. */
  readonly column: number;
  readonly dashes: readonly number[];
  readonly key: string | null;
}

function lineOf(text: string): Line {
  const match = LINE.exec(text);
  const indent = match?.[1]?.length ?? 0;
  const dashText = match?.[2] ?? "";
  const dashes: number[] = [];
  for (let at = 0; at < dashText.length; at += 1) {
    if (dashText.charAt(at) === "-") {
      dashes.push(indent + at);
    }
  }
  const key = match?.[3];
  return {
    column: indent + dashText.length,
    dashes,
    key: key === undefined ? null : keyText(key),
  };
}

/** `before` is the text up to the place. Null inside of comments. */
export function whereAt(before: string): Where | null {
  const lines = before.split("\n");
  const current = lines.pop() ?? "";
  if (/(^|\s)#/.test(current.replace(/"[^"]*"|'[^']*'/g, ""))) {
    return null;
  }
  const flow = whereInFlow(before, [...lines, current]);
  if (flow !== null) {
    return flow;
  }
  const { column, dashes, key } = lineOf(current);
  const start = before.length - current.length;
  const outer = parents(lines, dashes[0] ?? column, dashes.length > 0);
  const inner = [...outer, ...dashes.map(() => ITEM)];
  if (key !== null) {
    const value = current.slice(valueStart(current));
    return {
      path: [...inner, key],
      kind: "value",
      prefix: value,
      from: before.length - value.length,
      indent: column,
      afterDash: false,
      inFlow: null,
    };
  }
  const word = current.slice(column);
  return {
    path: inner,
    kind: "key",
    prefix: word,
    from: start + column,
    indent: column,
    afterDash: dashes.length > 0,
    inFlow: null,
  };
}

/** How many lines above a place are looked through for the bracket that it is in. */
const FLOW_LINES = 30;

/** The same within brackets, which begin behind a key or dashes of this line or one above. */
function whereInFlow(before: string, lines: readonly string[]): Where | null {
  const last = lines.length - 1;
  for (let at = last; at >= 0 && at > last - FLOW_LINES; at -= 1) {
    const line = lines[at] ?? "";
    const start = valueStart(line);
    if (!/^[{[]/.test(line.slice(start))) {
      continue;
    }
    const text = [line.slice(start), ...lines.slice(at + 1)].join("\n");
    const found = flowAt(text);
    if (found !== null) {
      const { column, dashes, key } = lineOf(line);
      const outer = parents(lines.slice(0, at), dashes[0] ?? column, dashes.length > 0);
      return {
        path: [...outer, ...dashes.map(() => ITEM), ...(key === null ? [] : [key]), ...found.path],
        kind: found.kind,
        prefix: found.prefix,
        from: before.length - found.prefix.length,
        indent: column,
        afterDash: false,
        inFlow: found.taken,
      };
    }
  }
  return null;
}

function valueStart(line: string): number {
  const match = LINE.exec(line);
  return match?.[0].length ?? line.length;
}

/** The keys above that a line at a column belongs to. */
function parents(lines: readonly string[], column: number, isItem: boolean): string[] {
  const path: string[] = [];
  let limit = column;
  // A list may stand at the column of its key.
  let orAt = isItem;
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const text = lines[at] ?? "";
    if (isBlank(text)) {
      continue;
    }
    const line = lineOf(text);
    if (line.key !== null && (line.column < limit || (orAt && line.column === limit))) {
      path.unshift(line.key);
      limit = line.column;
      orAt = false;
    }
    for (const dash of [...line.dashes].reverse()) {
      if (dash < limit) {
        path.unshift(ITEM);
        limit = dash;
        orAt = true;
      }
    }
    if (limit === 0 && !orAt) {
      break;
    }
  }
  return path;
}

/** The keys that the mapping has already that a line at a column is in, but for its own. */
export function siblings(lines: readonly string[], at: number, column: number): Set<string> {
  const found = new Set<string>();
  const own = lineOf(lines[at] ?? "");
  // Above, up to where the mapping begins: behind a dash, or below a key further left.
  for (let line = at - 1; line >= 0 && own.dashes.length === 0; line -= 1) {
    const { column: its, dashes, key } = lineOf(lines[line] ?? "");
    if (isBlank(lines[line]) || its > column) {
      continue;
    }
    if (its < column) {
      break;
    }
    found.add(key ?? "");
    if (dashes.length > 0) {
      break;
    }
  }
  for (let line = at + 1; line < lines.length; line += 1) {
    const { column: its, dashes, key } = lineOf(lines[line] ?? "");
    if (isBlank(lines[line]) || its > column) {
      continue;
    }
    if (its < column || dashes.length > 0) {
      break;
    }
    found.add(key ?? "");
  }
  found.delete("");
  return found;
}

function isBlank(line: string | undefined): boolean {
  return line === undefined || /^\s*(#|$)/.test(line);
}
