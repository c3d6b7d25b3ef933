import assert from "node:assert/strict";
import { test } from "node:test";

import { person, type Saying, sayValue, title, words } from "./humanise";
import { Names } from "./names";
import { TEXTS } from "./texts";

const SAY: Saying = { t: TEXTS.en, locale: "en", zone: "UTC", names: new Names(undefined, "en") };

const NAMES: [string, string][] = [
  ["purchase_channel", "Purchase channel"],
  ["billingAccount", "Billing account"],
  ["MCA", "MCA"],
  ["csp-partner", "Csp partner"],
  ["æble_saft", "Æble saft"],
  ["", ""],
];

for (const [name, said] of NAMES) {
  test(`\`${name}\` is said "${said}"`, () => assert.equal(title(name), said));
}

test("within a sentence names begin small", () => {
  assert.equal(words("Remove_licenses"), "remove licenses");
});

test("only what looks like a first name is written as one", () => {
  const ask = (id: string) =>
    person({
      subject: { type: "user", id },
      action: { name: "a" },
      resource: { type: "t", id: "r" },
    });
  assert.deepEqual(["ann", "åse", "u-17", "ann@example.com"].map(ask), [
    "Ann",
    "Åse",
    "u-17",
    "ann@example.com",
  ]);
});

test("values are said by their schema, and without one by their looks", () => {
  assert.equal(sayValue("renewal", { enum: ["renewal"] }, SAY), "Renewal");
  assert.equal(sayValue(true, { type: "boolean" }, SAY), "Yes");
  assert.equal(sayValue(12345, {}, SAY), "12,345");
  assert.equal(sayValue("2026-03-03T00:00:00Z", {}, SAY), "3 March 2026");
  assert.equal(sayValue("2026-03-03T00:00:00Z", { type: "string" }, SAY), "2026-03-03T00:00:00Z");
  assert.equal(sayValue([{ code: "a", text: "Text" }], {}, SAY), "Text");
  assert.equal(sayValue([], {}, SAY), "none");
  assert.equal(sayValue(undefined, {}, SAY), "not given");
});

test("every text is there in both languages, and Danish is not left in English", () => {
  const same = Object.entries(TEXTS.da).filter(
    ([key, text]) =>
      typeof text === "string" && text === (TEXTS.en as Record<string, unknown>)[key],
  );
  assert.deepEqual(
    same.map(([key]) => key),
    ["asJson", "type", "id"],
  );
});
