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

test("the keys that a rule has already", () => {
  const lines = `${RULES}    \n  - id: two\n    reason: x`.split("\n");
  assert.deepEqual([...siblings(lines, 9, 4)].sort(), ["id", "remedies", "when"]);
  assert.deepEqual([...siblings(lines, 11, 4)].sort(), ["id"]);
});
