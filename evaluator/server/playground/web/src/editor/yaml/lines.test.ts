import assert from "node:assert/strict";
import { test } from "node:test";

import { siblings, whereAt } from "./lines";

const RULES = `policy: p.a
rules:
  - id: one
    when:
      all:
        - a
        - b
    remedies:
    - use: x
`;

const CASES: [name: string, text: string, path: string, kind: string, prefix: string][] = [
  ["at the start", "pol", "", "key", "pol"],
  ["behind a key", "policy: a", "policy", "value", "a"],
  ["below a key", "rules:\n  - i", "rules -", "key", "i"],
  ["in a rule", `${RULES}    re`, "rules -", "key", "re"],
  ["in another rule", `${RULES}  - `, "rules -", "key", ""],
  ["at the outermost again", `${RULES}out`, "", "key", "out"],
  ["in a list at its key's column", `${RULES}      `, "rules - remedies -", "key", ""],
  ["the value of a rule's key", `${RULES}    effect: de`, "rules - effect", "value", "de"],
  [
    "a condition of a tree",
    "rules:\n  - when:\n      all:\n        - a",
    "rules - when all -",
    "key",
    "a",
  ],
  [
    "a tree in a tree",
    "rules:\n  - when:\n      all:\n        - any:\n            - x",
    "rules - when all - any -",
    "key",
    "x",
  ],
  [
    "a key behind a dash",
    "rules:\n  - id: one\n    effect: deny\n  - use: ",
    "rules - use",
    "value",
    "",
  ],
  ["in braces", "rules:\n  - {i", "rules -", "key", "i"],
  ["behind a pair in braces", "rules:\n  - {id: a, eff", "rules -", "key", "eff"],
  ["a value in braces", "rules:\n  - {id: a, effect: de", "rules - effect", "value", "de"],
  ["in brackets", "applies_to: {resource: r, actions: [a, b", "applies_to actions -", "value", "b"],
  ["behind brackets", "applies_to: {actions: [a, b], re", "applies_to", "key", "re"],
  ["in braces in braces", 'a: {"b": {c: {d: e}, f', "a b", "key", "f"],
  ["in braces over lines", "rules:\n  - {id: a,\n     effect: ", "rules - effect", "value", ""],
  ["behind braces", "rules:\n  - {id: a}\n  - i", "rules -", "key", "i"],
  ["below braces", "a: {b: c}\nd: e", "d", "value", "e"],
  ["behind quoted braces", "a: {b: '}', c", "a", "key", "c"],
  ["past comments and blanks", "a:\n  # b:\n\n  c", "a", "key", "c"],
  ["a quoted key", '"a b":\n  c', "a b", "key", "c"],
];

for (const [name, text, path, kind, prefix] of CASES) {
  test(`where a place is: ${name}`, () => {
    const where = whereAt(text);
    assert.deepEqual([where?.path.join(" "), where?.kind, where?.prefix], [path, kind, prefix]);
  });
}

test("a comment is no place for keys", () => {
  assert.equal(whereAt("a: b # c"), null);
});

test("the keys that braces have already", () => {
  const where = whereAt("a:\n  - {id: x, when: [y, z], ");
  assert.deepEqual([...(where?.inFlow ?? [])], ["id", "when"]);
});

test("the keys that a rule has already", () => {
  const lines = `${RULES}    \n  - id: two\n    reason: x`.split("\n");
  assert.deepEqual([...siblings(lines, 9, 4)].sort(), ["id", "remedies", "when"]);
  assert.deepEqual([...siblings(lines, 11, 4)].sort(), ["id"]);
});
