import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import type { Json } from "../../api";
import { descriptionAt, keysAt, valuesAt } from "./schema";

const FILE = path.join("..", "..", "..", "..", "schemas", "policy.schema.json");
const SCHEMA = JSON.parse(readFileSync(FILE, "utf8")) as Json;

function names(...at: string[]): string[] {
  return keysAt(SCHEMA, at).map(({ name }) => name);
}

test("the keys of a file, a rule, a remedy, an output", () => {
  assert.ok(["policy", "rules", "outputs", "constants"].every((key) => names().includes(key)));
  assert.ok(["id", "effect", "when", "reason"].every((key) => names("rules", "-").includes(key)));
  assert.ok(names("rules", "-", "remedies", "-").includes("use"));
  assert.ok(names("rules", "-", "remedies", "-").includes("message"));
  assert.ok(names("outputs", "total").includes("value"));
});

test("the keys of a tree of conditions, however deep", () => {
  assert.deepEqual(names("rules", "-", "when"), ["all", "any", "none"]);
  assert.deepEqual(names("rules", "-", "when", "all", "-", "none", "-"), ["all", "any", "none"]);
});

test("what is written behind a key", () => {
  const holds = Object.fromEntries(keysAt(SCHEMA, []).map(({ name, holds }) => [name, holds]));
  assert.equal(holds["rules"], "list");
  assert.equal(holds["constants"], "mapping");
  assert.equal(holds["policy"], "value");
});

test("values that are few", () => {
  assert.deepEqual(valuesAt(SCHEMA, ["rules", "-", "effect"]), ["allow", "deny"]);
  assert.deepEqual(valuesAt(SCHEMA, ["rules", "-", "id"]), []);
});

test("keys are described", () => {
  assert.match(descriptionAt(SCHEMA, ["rules", "-", "effective", "from"]) ?? "", /first instant/);
  assert.equal(descriptionAt(SCHEMA, ["nothing", "here"]), null);
});

test("what is no schema says nothing", () => {
  assert.deepEqual(keysAt({}, ["a"]), []);
  assert.deepEqual(keysAt({ $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } }, []), []);
});
