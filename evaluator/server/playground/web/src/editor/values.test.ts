import assert from "node:assert/strict";
import { test } from "node:test";

import type { ExplainNode, RuleExplained } from "../api";
import { valueAt, valueOf } from "./values";

function node(text: string, from: number, value: string | null, more = {}): ExplainNode {
  const at = { file: "a.yaml", line: 1, column: 1, from, to: from + text.length };
  const kind = value === null ? "skipped" : "value";
  return { text, value, kind, at, matters: true, label: null, children: [], ...more };
}

const CONDITION = node("lots.exists(l, l.n > 1)", 10, "true", {
  children: [
    node("lots", 10, "[{...}]", {
      children: [
        {
          ...node("resource.lots", 50, "[{...}]", { label: "definition" }),
          at: { file: "b.yaml", line: 1, column: 1, from: 50, to: 63 },
        },
      ],
    }),
    node("l.n > 1", 25, "false", { label: "l = 1", children: [node("l.n", 25, "1")] }),
    node("l.n > 1", 25, "true", { label: "l = 2", children: [node("l.n", 25, "2")] }),
  ],
});

const RULES: RuleExplained[] = [
  {
    rule: "r",
    policy: "p",
    effect: "deny",
    mode: "enforce",
    at: CONDITION.at,
    state: "fired",
    decisive: true,
    condition: CONDITION,
  },
];

test("the smallest sub-expression at a place has its value told", () => {
  assert.deepEqual(valueAt(RULES, "a.yaml", 12)?.values, [{ label: null, value: "[{...}]" }]);
  assert.equal(valueAt(RULES, "a.yaml", 17)?.text, "lots.exists(l, l.n > 1)");
  assert.equal(valueAt(RULES, "b.yaml", 55)?.text, "resource.lots");
  assert.equal(valueAt(RULES, "a.yaml", 200), null);
});

test("in a loop there is a value for each turn", () => {
  assert.deepEqual(valueAt(RULES, "a.yaml", 26)?.values, [
    { label: "l = 1", value: "1" },
    { label: "l = 2", value: "2" },
  ]);
});

test("what was not evaluated says so", () => {
  const [rule] = RULES;
  const skipped = [{ ...(rule as RuleExplained), condition: node("a", 0, null) }];
  assert.deepEqual(valueOf(skipped, "a.yaml", 0, 1), {
    from: 0,
    to: 1,
    text: "a",
    values: [],
    evaluated: false,
  });
});
