import assert from "node:assert/strict";
import { test } from "node:test";

import { yamlLanguage } from "@codemirror/lang-yaml";

import { scalarAt, scalarsIn } from "../yaml/scalars";
import { regionAt, regionsOf } from "./regions";

const TEXT = `policy: p.a
title: {en: "Not {this}"}
constants:
  window: duration("168h")
tables:
  kinds: {a: b}
variables:
  folded: |
    a ? 1
    : 2
rules:
  - id: one
    effect: deny
    when:
      all:
        - a == "x"
        - none: [b, 'c == ''d''']
        - any:
            - "e == \\"f\\""
    reason:
      en: >-
        There are {n}
        {plural(n, {"one": "x"})} left.
      da: "Der er {m == \\"q\\"} tilbage"
    remedies:
      - use: shared
        when: g
      - id: own
        message: Do {h}.
        sets: {context.x: '"y"', resource.z: "1"}
remedies:
  - id: shared
    when: {any: [i]}
outputs:
  total:
    value: j
    labels:
      code: {en: "{k}"}
`;

const tree = yamlLanguage.parser.parse(TEXT);
const read = (from: number, to: number) => TEXT.slice(from, to);

test("expressions are found wherever a policy has them, as they are said", () => {
  const found = scalarsIn(tree, read, 0, TEXT.length)
    .flatMap(regionsOf)
    .map(({ text, inMessage }) => `${inMessage ? "{}" : "= "}${text.replace(/\s+/g, " ").trim()}`);
  assert.deepEqual(found, [
    '= duration("168h")',
    "= a ? 1 : 2",
    '= a == "x"',
    "= b",
    "= c == 'd'",
    '= e == "f"',
    "{}n",
    '{}plural(n, {"one": "x"})',
    '{}m == "q"',
    "= g",
    "{}h",
    '= "y"',
    "= 1",
    "= i",
    "= j",
    "{}k",
  ]);
});

test("a place in an expression is a place in the file, escapes counted", () => {
  for (const scalar of scalarsIn(tree, read, 0, TEXT.length)) {
    for (const region of regionsOf(scalar)) {
      for (let at = 0; at < region.text.length; at += 1) {
        const sign = TEXT.charAt(region.place(at));
        const escaped = TEXT.charAt(region.place(at) + 1);
        assert.ok(region.text.charAt(at) === sign || region.text.charAt(at) === escaped);
      }
    }
  }
});

test("the caret is told where it is in its expression", () => {
  const at = TEXT.indexOf('{m == \\"q') + '{m == \\"q'.length;
  const scalar = scalarAt(tree, read, at);
  const found = scalar === null ? null : regionAt(scalar, at);
  assert.equal(found?.region.text.slice(0, found.offset), 'm == "q');
});
