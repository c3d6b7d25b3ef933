import assert from "node:assert/strict";
import { test } from "node:test";

import type { TimelineAnswer } from "../api";
import { DAY, HOUR, parseInstant } from "../moments";
import { around, freeLabels, instantAt, placeOf, rounded, stretches, ticks } from "./stretches";

function at(text: string): bigint {
  return parseInstant(text) ?? assert.fail(text);
}

function segment(from: string, until: string | null, decision: "allow" | "deny", message: string) {
  return { from, until, decision, rules: [], messages: [message], same: false };
}

const TIMELINE: TimelineAnswer = {
  from: "2026-03-01T00:00:00Z",
  until: "2026-03-11T00:00:00Z",
  complete: true,
  segments: [
    segment("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "deny", "early"),
    segment("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z", "allow", "open"),
    segment("2026-03-03T00:00:00Z", "2026-03-06T00:00:00Z", "allow", "open"),
    segment("2026-03-06T00:00:00Z", "2026-03-07T00:00:00Z", "deny", "late"),
    segment("2026-03-07T00:00:00Z", null, "deny", "very late"),
  ],
  marks: [],
};

test("neighbours with the same decision and reasons are one stretch", () => {
  const found = stretches(TIMELINE).map(({ decision, messages }) => `${decision} ${messages[0]}`);
  assert.deepEqual(found, ["deny early", "allow open", "deny late", "deny very late"]);
  assert.equal(stretches(TIMELINE).at(-1)?.until, at(TIMELINE.until));
});

test("what follows is the next other decision, not the next other reason", () => {
  const all = stretches(TIMELINE);
  assert.equal(around(all, at("2026-03-05T00:00:00Z")).other?.messages[0], "late");
  assert.equal(around(all, at("2026-03-06T00:00:00Z")).other, undefined);
  assert.equal(around(all, at(TIMELINE.until)).present?.messages[0], "very late");
  assert.equal(around(all, at("2026-03-20T00:00:00Z")).present, undefined);
});

const SPAN = { from: at(TIMELINE.from), until: at(TIMELINE.until) };

test("places and instants are each other's reverse, and stay within the band", () => {
  assert.equal(placeOf(at("2026-03-06T00:00:00Z"), SPAN), 0.5);
  assert.equal(instantAt(0.5, SPAN), at("2026-03-06T00:00:00Z"));
  assert.equal(placeOf(at("2027-01-01T00:00:00Z"), SPAN), 1);
  assert.equal(instantAt(-1, SPAN), SPAN.from);
});

test("a dragged moment is a whole minute, in a long span a whole hour", () => {
  const odd = at("2026-03-05T10:29:31Z");
  assert.equal(rounded(odd, SPAN), at("2026-03-05T10:30:00Z"));
  assert.equal(rounded(odd, { ...SPAN, until: SPAN.from + 60n * DAY }), at("2026-03-05T10:00:00Z"));
});

for (const length of [2n * HOUR, DAY, 10n * DAY, 40n * DAY, 400n * DAY, 4000n * DAY]) {
  test(`a span of ${length / HOUR} hours has some ticks, and not too many`, () => {
    const found = ticks({ from: SPAN.from, until: SPAN.from + length });
    assert.ok(found.length >= 2 && found.length <= 8, String(found.length));
    assert.ok(found.every((tick) => tick.at >= SPAN.from && tick.at <= SPAN.from + length));
  });
}

test("days begin where they begin in the pack's zone", () => {
  const found = ticks({ from: SPAN.from, until: SPAN.from + 2n * DAY }, 4, HOUR);
  assert.deepEqual(
    found.map(({ at, clock }) => [String(at - SPAN.from), clock]),
    [
      [String(11n * HOUR), true],
      [String(23n * HOUR), false],
      [String(35n * HOUR), true],
      [String(47n * HOUR), false],
    ],
  );
});

test("of labels that would cover each other the first is kept", () => {
  const labels = [
    { place: 0.5, label: "c" },
    { place: 0.1, label: "a label" },
    { place: 0.11, label: "too near" },
    { place: 0.99, label: "at the end" },
  ];
  assert.deepEqual(
    freeLabels(labels, 600).map(({ label, before }) => [label, before]),
    [
      ["a label", false],
      ["c", false],
      ["at the end", true],
    ],
  );
});
