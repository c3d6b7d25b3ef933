import assert from "node:assert/strict";
import { test } from "node:test";

import type { VocabularyAnswer } from "../../api";
import { complete } from "./completing";

function attribute(path: string, type: string, values: string[] | null = null) {
  return { path, type, optional: false, description: null, values };
}

function called(name: string, signature: string, method: boolean) {
  return { name, signature, method, summary: "", family: "", example: null };
}

const AT = { file: "p/a.yaml", line: 1, column: 1, from: 0, to: 1 };
const KINDS = ["purchase", "renewal"];
const VOCABULARY: VocabularyAnswer = {
  attributes: [
    attribute("subject.roles", 'list("a" | "b")', ["a", "b"]),
    attribute("resource.account", "resource.account"),
    attribute("resource.account.type", '"MCA" | "MOSA"', ["MCA", "MOSA"]),
    attribute("resource.total", "int"),
    attribute("resource.lots", "list(resource.lots[])"),
    attribute("resource.lots[].kind", '"purchase" | "renewal"', KINDS),
    attribute("resource.lots[].added_at", "timestamp"),
  ],
  names: [
    { name: "open_lots", kind: "variable", type: "list(resource.lots[])", text: "", at: AT },
    { name: "words", kind: "table", type: "map(string, list(string))", text: "", at: AT },
  ],
  functions: [
    called("size", "size(string) -> int\nsize(list(A)) -> int\nlist(A).size() -> int", true),
    called("getHours", "timestamp.getHours() -> int\nduration.getHours() -> int", true),
    called("contains", "string.contains(string) -> bool", true),
    called("math.greatest", "math.greatest(number, ...) -> number", false),
    called("duration", "duration(string) -> duration", false),
  ],
  macros: [
    { name: "filter", signature: "list(A).filter(element, condition) -> list(A)", summary: "" },
    { name: "has", signature: "has(value.field) -> bool", summary: "" },
  ],
  rules: [],
  remedies: [],
  actions: [],
  resources: [],
  imports: [],
  schema: {},
};

/** The labels that are offered where `|` stands. */
function offered(marked: string, quote: "'" | '"' = '"'): string[] | null {
  const at = marked.indexOf("|");
  const text = marked.replace("|", "");
  const found = complete(VOCABULARY, text, at, quote, false);
  return found?.offers.map(({ label }) => label) ?? null;
}

const CASES: [marked: string, wanted: string[]][] = [
  ["resource.|", ["account", "total", "lots"]],
  ["resource.to|", ["account", "total", "lots"]],
  ["resource.account.|", ["type"]],
  ["a && resource.?account.?|", ["type"]],
  ["resource.lots.filter(lot, lot.|", ["kind", "added_at"]],
  ["open_lots.filter(lot, lot.|added_at <= now)", ["kind", "added_at"]],
  ["open_lots[0].|", ["kind", "added_at"]],
  ["open_lots.filter(a, a.kind == 'x').filter(b, b.|", ["kind", "added_at"]],
  ["words.transformList(k, v, v.|", ["size", "filter"]],
  ["resource.lots.|", ["size", "filter"]],
  ["resource.lots[0].added_at.|", ["getHours"]],
  ["duration('1h').|", ["getHours"]],
  ["resource.account.type.|", ["contains"]],
  ["math.|", ["greatest"]],
];

for (const [marked, wanted] of CASES) {
  test(`offers at ${marked}`, () => {
    assert.deepEqual(offered(marked), wanted);
  });
}

test("values of an enumeration are offered behind a comparison, in the quotes that fit", () => {
  assert.deepEqual(offered("resource.account.type == |")?.slice(0, 2), ['"MCA"', '"MOSA"']);
  assert.deepEqual(offered("resource.account.type == |", "'")?.slice(0, 2), ["'MCA'", "'MOSA'"]);
  assert.deepEqual(offered("resource.account.type in ['MCA', |")?.slice(0, 1), ['"MCA"']);
  assert.deepEqual(offered("open_lots.exists(l, l.kind == |")?.slice(0, 2), [
    '"purchase"',
    '"renewal"',
  ]);
});

test("inside of quotes the values stand without", () => {
  assert.deepEqual(offered('resource.account.type == "M|'), ["MCA", "MOSA"]);
  assert.equal(offered('"any te|'), null);
});

test("what a macro binds is offered first, with all names", () => {
  const found = offered("open_lots.filter(lot, l|") ?? [];
  assert.equal(found[0], "lot");
  for (const name of ["open_lots", "resource", "now", "duration", "has", "true"]) {
    assert.ok(found.includes(name), name);
  }
  assert.ok(!found.includes("getHours"));
});

test("a function that needs no receiver is offered with its brackets", () => {
  const found = complete(VOCABULARY, "du", 2, '"', true);
  assert.equal(found?.offers.find(({ label }) => label === "duration")?.insert, "duration()");
  assert.equal(found?.from, 0);
});

test("nothing is offered in comments, numbers, and unasked where no word is", () => {
  assert.equal(offered("a // re|"), null);
  assert.equal(offered("1|"), null);
  assert.equal(complete(VOCABULARY, "a && ", 5, '"', true), null);
});

test("calls within calls within calls take no longer than typing does", () => {
  const began = performance.now();
  const nested = Array.from({ length: 200 }, (_, at) => `a.map(v${at}, v${at}`).join(" + ");
  assert.ok(offered(`${nested}.|`) !== undefined);
  assert.ok(performance.now() - began < 5_000);
});
