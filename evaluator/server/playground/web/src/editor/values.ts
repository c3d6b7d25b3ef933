/** The values that the last explanation has for a place: of the smallest sub-expression there. */
import type { ExplainNode, RuleExplained } from "../api";

export interface Value {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** One, or in a loop one a turn with what the turn is about. */
  readonly values: readonly { readonly label: string | null; readonly value: string }[];
  readonly evaluated: boolean;
}

const MOST_TURNS = 6;

export function valueAt(rules: readonly RuleExplained[], file: string, at: number): Value | null {
  let best: { from: number; to: number } | null = null;
  for (const { node } of nodes(rules, file)) {
    const { from, to } = node.at;
    if (from <= at && at <= to && (best === null || to - from < best.to - best.from)) {
      best = { from, to };
    }
  }
  return best === null ? null : valueOf(rules, file, best.from, best.to);
}

/** The values of the sub-expression that has exactly this place. */
export function valueOf(
  rules: readonly RuleExplained[],
  file: string,
  from: number,
  to: number,
): Value | null {
  const found = new Map<string, { label: string | null; value: string }>();
  let text: string | null = null;
  let evaluated = false;
  for (const { node, turn } of nodes(rules, file)) {
    if (node.at.from !== from || node.at.to !== to) {
      continue;
    }
    text ??= node.text;
    if (node.value !== null) {
      evaluated = true;
      found.set(`${turn}\n${node.value}`, { label: turn, value: node.value });
    }
  }
  const all = [...found.values()];
  const values = all.length === 1 ? all.map(({ value }) => ({ label: null, value })) : all;
  return text === null ? null : { from, to, text, values: values.slice(0, MOST_TURNS), evaluated };
}

/** Every node of the explanation that stands in a file, with the turn of the loop it is in. */
function* nodes(
  rules: readonly RuleExplained[],
  file: string,
): Generator<{ node: ExplainNode; turn: string | null }> {
  const stack: { node: ExplainNode; turn: string | null }[] = [];
  for (const { condition } of rules) {
    if (condition !== null) {
      stack.push({ node: condition, turn: null });
    }
  }
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, turn } = next;
    if (node.at.file === file) {
      yield next;
    }
    for (const child of [...node.children].reverse()) {
      const isTurn = child.label !== null && child.label !== "definition";
      stack.push({ node: child, turn: isTurn ? child.label : turn });
    }
  }
}
