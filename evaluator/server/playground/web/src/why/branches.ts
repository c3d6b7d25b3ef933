/** An explanation as branches to draw: what tells is kept, what repeats its parent is left out. */
import type { ExplainNode, Place, RuleExplained } from "../api";

export interface Branch {
  /** Unique in the tree, and the same for the same part of the same rule after another decision. */
  readonly key: string;
  readonly rule: RuleExplained | null;
  readonly node: ExplainNode | null;
  readonly at: Place;
  readonly matters: boolean;
  readonly branches: readonly Branch[];
}

export function branchesOf(rules: readonly RuleExplained[], everything: boolean): Branch[] {
  const drawn = new Set<string>();
  return rules.map((rule) => {
    const key = `${rule.policy} ${rule.rule}`;
    const condition = rule.condition;
    return {
      key,
      rule,
      node: null,
      at: rule.at,
      matters: rule.decisive || rule.state === "fired" || rule.state === "error",
      branches: condition === null ? [] : [branch(condition, `${key} 0`, everything, drawn)],
    };
  });
}

/** A definition is drawn where it is first used, and only named later. */
function branch(node: ExplainNode, key: string, everything: boolean, drawn: Set<string>): Branch {
  const branches: Branch[] = [];
  telling(node).forEach((child, at) => {
    if (child.label === "definition") {
      const place = `${child.at.file}:${child.at.line}:${child.at.column}`;
      if (drawn.has(place)) {
        return;
      }
      drawn.add(place);
    }
    if (everything || node.matters) {
      branches.push(branch(child, `${key} ${at}`, everything, drawn));
    }
  });
  return { key, rule: null, node, at: node.at, matters: node.matters, branches };
}

/** The children that tell more than the node does: a bare name only by its definition. */
function telling(node: ExplainNode): ExplainNode[] {
  return node.children.flatMap((child) =>
    child.label === null && child.text === node.text && child.value === node.value
      ? telling(child)
      : [child],
  );
}

/** A branch as it stands in the list of those that are to be seen. */
export interface Row {
  readonly branch: Branch;
  readonly level: number;
  readonly parent: string | null;
  readonly position: number;
  readonly siblings: number;
}

/** The branches that are to be seen when only those that `open` says are open. */
export function rowsOf(
  branches: readonly Branch[],
  open: (branch: Branch, level: number) => boolean,
  level = 1,
  parent: string | null = null,
): Row[] {
  return branches.flatMap((branch, at) => [
    { branch, level, parent, position: at + 1, siblings: branches.length },
    ...(open(branch, level) ? rowsOf(branch.branches, open, level + 1, branch.key) : []),
  ]);
}
