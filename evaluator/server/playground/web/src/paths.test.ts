import assert from "node:assert/strict";
import { test } from "node:test";

import { differences, fromPointer, get, same, set } from "./paths";

const REQUEST = { context: { effective: "now" }, lots: [{ n: 1 }, { n: 2 }] };

test("a value is read at its path, and undefined where there is none", () => {
  assert.equal(get(REQUEST, ["lots", 1, "n"]), 2);
  assert.equal(get(REQUEST, ["lots", 2, "n"]), undefined);
  assert.equal(get(REQUEST, ["context", "toString"]), undefined);
});

test("setting copies what is on the way and nothing else", () => {
  const changed = set(REQUEST, ["lots", 0, "n"], 5);
  assert.deepEqual(changed, { context: { effective: "now" }, lots: [{ n: 5 }, { n: 2 }] });
  assert.equal(get(changed, ["context"]), REQUEST.context);
  assert.deepEqual(REQUEST.lots, [{ n: 1 }, { n: 2 }]);
});

test("objects on the way to a new value are made", () => {
  assert.deepEqual(set({}, ["context", "a", "b"], 1), { context: { a: { b: 1 } } });
});

test("undefined removes an attribute, and an item of a list", () => {
  assert.deepEqual(set(REQUEST, ["context", "effective"], undefined), { ...REQUEST, context: {} });
  assert.deepEqual(set(REQUEST, ["lots", 0], undefined), { ...REQUEST, lots: [{ n: 2 }] });
});

test("what differs is told at its least part", () => {
  const after = { context: { effective: "renewal", more: true }, lots: [{ n: 1 }, { n: 3 }] };
  assert.deepEqual(differences(REQUEST, after), [
    { path: ["context", "effective"], before: "now", after: "renewal" },
    { path: ["context", "more"], before: undefined, after: true },
    { path: ["lots", 1, "n"], before: 2, after: 3 },
  ]);
  assert.deepEqual(differences(REQUEST, REQUEST), []);
});

test("lists of other lengths differ as a whole", () => {
  assert.deepEqual(differences({ a: [1] }, { a: [1, 2] }), [
    { path: ["a"], before: [1], after: [1, 2] },
  ]);
});

test("the order of attributes does not count, that of items does", () => {
  assert.equal(same({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }), true);
  assert.equal(same([1, 2], [2, 1]), false);
  assert.equal(same({ a: 1 }, { b: 1 }), false);
});

test("a pointer's escapes are undone", () => {
  assert.deepEqual(fromPointer("/context/a~1b/~01"), ["context", "a/b", "~1"]);
});
