import assert from "node:assert/strict";
import { test } from "node:test";

import { deflateSync, strToU8 } from "fflate";

import type { Shared } from "../bridge";
import { toBase64 } from "./base64";
import { LONGEST_LINK, linkFrom, linkOf } from "./link";

const SHARED: Shared = {
  pack: "licenses",
  digest: "sha256:00",
  request: {
    subject: { type: "user", id: "ann", properties: { roles: ["owner"] } },
    action: { name: "remove_licenses" },
    resource: { type: "subscription", id: "sub-1", properties: { total: 100, note: "æ😀 <b>" } },
    context: { new_quantity: 75 },
  },
  now: "2026-03-10T09:00:00.000000001Z",
  locale: "da",
  edits: { "licenses/common.yaml": "constants:\n  reduction_window: duration('240h')\n" },
};

function packed(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return `#1.${toBase64(deflateSync(strToU8(text)))}`;
}

test("what a link was made of comes back", () => {
  assert.deepEqual(linkFrom(linkOf(SHARED) ?? ""), SHARED);
});

test("a link fits into an address as it is", () => {
  assert.match(linkOf(SHARED) ?? "", /^#1\.[A-Za-z0-9_-]+$/);
});

test("what would be too long is no link", () => {
  const noise = Array.from({ length: 60_000 }, (_, at) => ((at * 7919) % 104_729).toString(36));
  assert.equal(linkOf({ ...SHARED, edits: { "a.yaml": noise.join("") } }), null);
});

for (const fragment of ["", "#", "#decision", "#1", "#policy.yaml"]) {
  test(`${JSON.stringify(fragment)} is no link`, () => {
    assert.equal(linkFrom(fragment), null);
  });
}

const BAD: [name: string, fragment: string, bad: string][] = [
  ["another version", "#2.AAAA", "version"],
  ["no base64", "#1.%%%", "damaged"],
  ["no deflate", "#1.AAAA", "damaged"],
  ["nothing", "#1.", "damaged"],
  ["cut off", (linkOf(SHARED) ?? "").slice(0, -8), "damaged"],
  ["too long", `#1.${"A".repeat(LONGEST_LINK)}`, "too-large"],
  ["a bomb", packed("0".repeat(16 * 1024 * 1024)), "too-large"],
  ["no JSON", packed("{"), "invalid"],
  ["no object", packed([]), "invalid"],
  ["no request", packed({ ...SHARED, request: null }), "invalid"],
  ["a subject without id", packed(withSubject({ type: "user" })), "invalid"],
  [
    "properties that are a list",
    packed(withSubject({ type: "", id: "", properties: [] })),
    "invalid",
  ],
  ["another language", packed({ ...SHARED, locale: "xx" }), "invalid"],
  ["no moment", packed({ ...SHARED, now: "tomorrow" }), "invalid"],
  ["a pack that is no text", packed({ ...SHARED, pack: {} }), "invalid"],
  ["an edit that is no text", packed({ ...SHARED, edits: { "a.yaml": 1 } }), "invalid"],
  ["edits that are a list", packed({ ...SHARED, edits: ["a.yaml"] }), "invalid"],
  ["half a surrogate pair", packed(withEdit("a.yaml", "\ud800")), "invalid"],
  ...[
    "../a.yaml",
    "/a.yaml",
    "a/../b.yaml",
    "a//b.yaml",
    ".git/a.yaml",
    "C:a.yaml",
    "a\\b.yaml",
    "a\n.yaml",
    "a.py",
    "__proto__",
  ].map((name): [string, string, string] => [
    `the name ${JSON.stringify(name)}`,
    packed(withEdit(name, "x")),
    "invalid",
  ]),
  ["too many files", packed({ ...SHARED, edits: many(65) }), "invalid"],
  ["too deep", packed(withContext(nested(100))), "invalid"],
];

for (const [name, fragment, bad] of BAD) {
  test(`a link with ${name} is told of and not followed`, () => {
    assert.deepEqual(linkFrom(fragment), { bad });
  });
}

test("fields that nobody knows are left behind", () => {
  const found = linkFrom(
    packed({ ...SHARED, token: "secret", request: { ...SHARED.request, x: 1 } }),
  );
  assert.deepEqual(found, SHARED);
});

test("line ends become those of browsers", () => {
  const found = linkFrom(packed(withEdit("a.yaml", "a\r\nb\rc\n")));
  assert.deepEqual((found as Shared).edits, { "a.yaml": "a\nb\nc\n" });
});

function withSubject(subject: unknown): unknown {
  return { ...SHARED, request: { ...SHARED.request, subject } };
}

function withContext(context: unknown): unknown {
  return { ...SHARED, request: { ...SHARED.request, context } };
}

function withEdit(name: string, text: string): unknown {
  return JSON.parse(
    JSON.stringify(SHARED).replace(/"edits":\{.*\}/, `"edits":{${JSON.stringify(name)}:"@"}}`),
    (_, value: unknown) => (value === "@" ? text : value),
  );
}

function many(count: number): { [file: string]: string } {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}.yaml`, ""]));
}

function nested(depth: number): unknown {
  return depth === 0 ? {} : { in: nested(depth - 1) };
}
