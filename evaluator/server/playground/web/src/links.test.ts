import assert from "node:assert/strict";
import { test } from "node:test";

import type { OpenAnswer } from "./api";
import type { Shared } from "./bridge";
import { sharedOf, stateOf } from "./links";
import { NOBODY, type State } from "./store";

const OPENED = {
  files: [
    { name: "p/a.yaml", text: "as on disk", kind: "policy", pack: "p" },
    { name: "p/b.yaml", text: "other", kind: "policy", pack: "p" },
  ],
  packs: [{ name: "p", digest: "sha256:1" }],
} as unknown as OpenAnswer;

const STATE = { opened: OPENED, pack: "p", file: "p/b.yaml", edits: {} } as unknown as State;

const SHARED: Shared = {
  pack: "p",
  digest: "sha256:1",
  request: NOBODY,
  now: "2026-03-03T10:00:00+01:00",
  locale: "da",
  edits: { "p/a.yaml": "edited" },
};

test("a link gives request, moment, language and edits, and opens what was edited", () => {
  const state = stateOf(SHARED, STATE);
  assert.equal(state.request, NOBODY);
  assert.equal(state.now, "2026-03-03T09:00:00Z");
  assert.equal(state.locale, "da");
  assert.deepEqual(state.edits, SHARED.edits);
  assert.equal(state.file, "p/a.yaml");
  assert.equal(state.link, null);
});

test("an edit that says what is on disk is none", () => {
  const state = stateOf({ ...SHARED, edits: { "p/a.yaml": "as on disk" } }, STATE);
  assert.deepEqual(state.edits, {});
  assert.equal(state.file, "p/b.yaml");
});

test("a link for other files of the pack says so", () => {
  assert.equal(stateOf({ ...SHARED, digest: "sha256:2" }, STATE).link, "other-base");
});

test("a link for a pack that is not here changes nothing else", () => {
  assert.deepEqual(stateOf({ ...SHARED, pack: "q" }, STATE), { link: "pack" });
});

test("what is shared is what a link would bring back", () => {
  const state = { ...STATE, ...stateOf(SHARED, STATE) } as State;
  assert.deepEqual(sharedOf(state), { ...SHARED, now: "2026-03-03T09:00:00Z" });
});
