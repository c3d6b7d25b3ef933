import assert from "node:assert/strict";
import { test } from "node:test";

import { faultOf, firstValue, kindOf, type Schema, schemaAt } from "./schema";

const KINDS: [Schema, string][] = [
  [{ enum: ["now", "renewal"] }, "choice"],
  [{ type: "array", items: { enum: ["a"] } }, "choices"],
  [{ type: "boolean" }, "switch"],
  [{ type: "integer" }, "integer"],
  [{ type: "string", format: "date-time" }, "instant"],
  [{ type: "string" }, "text"],
  [{ type: "object", properties: {} }, "object"],
  [{ type: "object" }, "json"],
  [{ type: "array", items: { type: "object", properties: {} } }, "list"],
  [{ type: ["string", "null"] }, "json"],
  [{}, "json"],
];

for (const [schema, kind] of KINDS) {
  test(`${JSON.stringify(schema)} is a field of kind ${kind}`, () =>
    assert.equal(kindOf(schema), kind));
}

const FAULTS: [Schema, unknown, string | null][] = [
  [{ type: "integer", minimum: 1 }, 0, "at-least"],
  [{ type: "integer", minimum: 1 }, 1, null],
  [{ type: "integer" }, 1.5, "not-integer"],
  [{ type: "number", exclusiveMaximum: 2 }, 2, "less-than"],
  [{ type: "string", minLength: 1 }, "", "too-short"],
  [{ type: "string", maxLength: 1 }, "𝄞", null],
  [{ type: "string", format: "date-time" }, "tomorrow", "not-instant"],
  [{ enum: ["a"] }, "b", "choice"],
  [{ type: "boolean" }, "yes", "shape"],
  [{ type: "array", items: {}, minItems: 1 }, [], "too-few"],
];

for (const [schema, value, kind] of FAULTS) {
  test(`${JSON.stringify(value)} as ${JSON.stringify(schema)}: ${kind ?? "no fault"}`, () =>
    assert.equal(faultOf(schema, value as never)?.kind ?? null, kind));
}

const LOT: Schema = {
  type: "object",
  required: ["quantity", "added_at", "kind"],
  properties: {
    quantity: { type: "integer", minimum: 1 },
    added_at: { type: "string", format: "date-time" },
    kind: { enum: ["purchase", "renewal"] },
    note: { type: "string" },
  },
};

test("a new item has what it needs, and that is without a fault", () => {
  const now = "2026-03-03T09:00:00Z";
  const item = firstValue(LOT, now);
  assert.deepEqual(item, { quantity: 1, added_at: now, kind: "purchase" });
});

test("schemas are followed through lists and objects", () => {
  const schema: Schema = { properties: { lots: { type: "array", items: LOT } } };
  assert.equal(schemaAt(schema, ["lots", 3, "quantity"]).minimum, 1);
  assert.equal(schemaAt(schema, ["lots", "3", "quantity"]).minimum, 1);
  assert.deepEqual(schemaAt(schema, ["other", "thing"]), {});
});
