import assert from "node:assert/strict";
import { test } from "node:test";

import { messageParts } from "./messages";
import { tokens } from "./tokens";

function kinds(text: string): string {
  return tokens(text)
    .map(({ kind, from, to }) => `${kind}:${text.slice(from, to)}`)
    .join(" ");
}

const CASES: [text: string, wanted: string][] = [
  ["resource.total >= 1.5", "request:resource operator:. field:total operator:>= number:1.5"],
  ["a.b(c)", "name:a operator:. function:b operator:( name:c operator:)"],
  [
    "context.?x.orValue(0)",
    "request:context operator:.? field:x operator:. function:orValue operator:( number:0 operator:)",
  ],
  [
    "x in [true, null]",
    "name:x keyword:in operator:[ keyword:true operator:, keyword:null operator:]",
  ],
  [`"a\\"b" + 'c"d'`, `string:"a\\"b" operator:+ string:'c"d'`],
  [`r"\\" + b'x'`, `string:r"\\" operator:+ string:b'x'`],
  [`"""a\n"b" c""" + 1`, `string:"""a\n"b" c""" operator:+ number:1`],
  ["1 // rest\n2", "number:1 comment:// rest number:2"],
  ["a.in", "name:a operator:. field:in"],
  ["a.`b c`", "name:a operator:. field:`b c`"],
  ["0xFFu 1e3 .5 1u", "number:0xFFu number:1e3 number:.5 number:1u"],
  ["a @ b", "name:a wrong:@ name:b"],
  ["m[?k]", "name:m operator:[? name:k operator:]"],
];

for (const [text, wanted] of CASES) {
  test(`the tokens of ${JSON.stringify(text)}`, () => {
    assert.equal(kinds(text), wanted);
  });
}

test("a string without an end is open, up to the end of its line", () => {
  assert.deepEqual(tokens('"ab\nc'), [
    { kind: "string", from: 0, to: 3, open: true },
    { kind: "name", from: 4, to: 5 },
  ]);
});

test("whatever is typed, tokens follow one another and end", () => {
  const signs = ['"', "'", "\\", "a", ".", "?", "(", "}", "\n", "1", "`", "/", "😀", "r", "@"];
  for (let seed = 0; seed < 3000; seed += 1) {
    let state = seed;
    let text = "";
    for (let at = 0; at < 12; at += 1) {
      state = (state * 1103515245 + 12345) % 2147483648;
      text += signs[(state >> 8) % signs.length];
    }
    let last = 0;
    for (const { from, to } of tokens(text)) {
      assert.ok(from >= last && to > from && to <= text.length, text);
      last = to;
    }
  }
});

const MESSAGES: [text: string, parts: string[]][] = [
  ["no parts", []],
  ["{a} and {b.c}", ["a", "b.c"]],
  ["{{a}} {b}", ["b"]],
  ['{plural(n, {"one": "}"})} left', ['plural(n, {"one": "}"})']],
  ["{a", ["a"]],
  ["{}", [""]],
];

for (const [text, parts] of MESSAGES) {
  test(`the parts of the message ${JSON.stringify(text)}`, () => {
    assert.deepEqual(
      messageParts(text).map(({ from, to }) => text.slice(from, to)),
      parts,
    );
  });
}

test("a message of very many parts is taken apart in time", () => {
  const began = performance.now();
  assert.equal(messageParts("{a} ".repeat(50_000)).length, 50_000);
  assert.equal(messageParts("{".repeat(100_001)).length, 1);
  assert.ok(performance.now() - began < 5_000);
});
