import assert from "node:assert/strict";
import { test } from "node:test";

import type { ExplainNode, Place, RuleExplained } from "../api";
import { type Branch, branchesOf, rowsOf } from "./branches";

function place(line: number): Place {
  return { file: "a.yaml", line, column: 1, from: line, to: line };
}

function node(text: string, line: number, rest: Partial<ExplainNode> = {}): ExplainNode {
  return {
    text,
    value: "true",
    kind: "value",
    at: place(line),
    matters: true,
    label: null,
    children: [],
    ...rest,
  };
}

function rule(name: string, condition: ExplainNode | null): RuleExplained {
  return {
    rule: name,
    policy: "p",
    effect: "deny",
    mode: "enforce",
    at: place(1),
    state: "fired",
    decisive: true,
    condition,
  };
}

function texts(branches: readonly Branch[]): unknown[] {
  return branches.map(({ rule, node, branches }) => [
    rule?.rule ?? node?.text ?? "",
    ...texts(branches),
  ]);
}

test("a part that says what its parent says is left out, its definition is kept", () => {
  const definition = node("x > 1", 9, { label: "definition" });
  const tree = node("v", 2, { children: [node("v", 2, { children: [definition] })] });
  assert.deepEqual(texts(branchesOf([rule("r", tree)], false)), [["r", ["v", ["x > 1"]]]]);
});

test("a definition is drawn once", () => {
  const definition = node("x > 1", 9, { label: "definition" });
  const tree = node("all", 2, {
    children: [node("v", 3, { children: [definition] }), node("!v", 4, { children: [definition] })],
  });
  assert.deepEqual(texts(branchesOf([rule("r", tree)], false)), [
    ["r", ["all", ["v", ["x > 1"]], ["!v"]]],
  ]);
});

test("what did not matter is not gone into, unless everything is asked for", () => {
  const tree = node("a || b", 2, {
    children: [node("b", 2, { matters: false, children: [node("c", 2)] })],
  });
  assert.deepEqual(texts(branchesOf([rule("r", tree)], false)), [["r", ["a || b", ["b"]]]]);
  assert.deepEqual(texts(branchesOf([rule("r", tree)], true)), [["r", ["a || b", ["b", ["c"]]]]]);
});

test("rows are what is open, with level, place among siblings and parent", () => {
  const branches = branchesOf([rule("r", node("a", 2)), rule("s", null)], false);
  const rows = rowsOf(branches, () => true);
  assert.deepEqual(
    rows.map(({ level, position, siblings, parent }) => [level, position, siblings, parent]),
    [
      [1, 1, 2, null],
      [2, 1, 1, "p r"],
      [1, 2, 2, null],
    ],
  );
  assert.equal(rowsOf(branches, () => false).length, 2);
});
