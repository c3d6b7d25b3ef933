import assert from "node:assert/strict";
import { test } from "node:test";

import {
  fromWall,
  offset,
  parseInstant,
  printInstant,
  sayDate,
  sayDistance,
  sayInstant,
  sayLength,
  toWall,
} from "./moments";

const NINE = 1_772_528_400_000_000_000n; // 2026-03-03T09:00:00Z

const INSTANTS: [string, bigint | null][] = [
  ["2026-03-03T09:00:00Z", NINE],
  ["2026-03-03t09:00:00z", NINE],
  ["2026-03-03T10:00:00+01:00", NINE],
  ["2026-03-03T09:00:00.000000001Z", NINE + 1n],
  ["2026-03-03T09:00:00.5Z", NINE + 500_000_000n],
  ["1969-12-31T23:59:59.999999999Z", -1n],
  ["2026-02-31T09:00:00Z", null],
  ["2026-03-03T25:00:00Z", null],
  ["2026-03-03T09:00:00", null],
  ["2026-03-03", null],
  ["soon", null],
];

for (const [text, instant] of INSTANTS) {
  test(`${text} is ${instant}`, () => assert.equal(parseInstant(text), instant));
}

test("what is printed is read as the same instant, with as few digits as are needed", () => {
  const printed = [0n, 1n, 1_000n, 1_000_000n, -1n].map((by) => printInstant(NINE + by));
  assert.deepEqual(printed, [
    "2026-03-03T09:00:00Z",
    "2026-03-03T09:00:00.000000001Z",
    "2026-03-03T09:00:00.000001Z",
    "2026-03-03T09:00:00.001Z",
    "2026-03-03T08:59:59.999999999Z",
  ]);
  assert.deepEqual(
    printed.map(parseInstant),
    [0n, 1n, 1_000n, 1_000_000n, -1n].map((by) => NINE + by),
  );
});

test("moments are said in the reader's language and the pack's zone", () => {
  assert.equal(sayInstant(NINE, "en", "UTC"), "3 March 2026 09:00:00");
  assert.equal(sayInstant(NINE, "da", "Europe/Copenhagen"), "3. marts 2026 10:00:00");
  assert.equal(sayInstant(NINE, "en", "No/Where"), "3 March 2026 09:00:00");
});

const LENGTHS: [seconds: number, said: string][] = [
  [169 * 3600, "7 days 1 hour"],
  [47 * 3600 + 59 * 60, "47 hours 59 minutes"],
  [61, "1 minute 1 second"],
  [1.5, "1 second 500 ms"],
];

for (const [seconds, said] of LENGTHS) {
  test(`${seconds} seconds are said "${said}"`, () =>
    assert.equal(sayLength(BigInt(seconds * 1000) * 1_000_000n, "en"), said));
}

test("no nanosecond of a length is left out", () => {
  assert.equal(sayLength(7n * 86_400_000_000_000n + 1_001n, "da"), "7 dage 1 µs 1 ns");
});

test("a date at midnight is said without its time", () => {
  assert.equal(sayDate(parseInstant("2026-03-03T00:00:00Z") ?? 0n, "en", "UTC"), "3 March 2026");
  assert.equal(sayDate(NINE, "en", "UTC"), "3 March 2026 09:00:00");
});

const HOUR = 3_600_000_000_000n;
const DISTANCES: [bigint, string][] = [
  [5n * 24n * HOUR, "in 5 days"],
  [30n * HOUR, "in 30 hours"],
  [-3n * HOUR, "3 hours ago"],
  [400n * 24n * HOUR, "in 13 months"],
];

for (const [distance, said] of DISTANCES) {
  test(`${distance} ns are said as "${said}"`, () =>
    assert.equal(sayDistance(NINE, NINE + distance, "en"), said));
}

test("clocks are before UTC by an offset, which changes with the season", () => {
  assert.equal(offset(NINE, "Europe/Copenhagen"), HOUR);
  assert.equal(offset(NINE + 150n * 24n * HOUR + 1n, "Europe/Copenhagen"), 2n * HOUR);
  assert.equal(offset(NINE, "America/New_York"), -5n * HOUR);
});

test("wall times go to the zone and back, in summer and in winter", () => {
  for (const zone of ["UTC", "Europe/Copenhagen", "America/New_York"]) {
    for (const text of ["2026-03-03T09:00:00Z", "2026-07-03T09:30:15Z"]) {
      const instant = parseInstant(text) ?? 0n;
      assert.equal(fromWall(toWall(instant, zone), zone), instant, `${text} in ${zone}`);
    }
  }
  assert.equal(toWall(NINE, "Europe/Copenhagen"), "2026-03-03T10:00:00");
  assert.equal(fromWall("2026-03-03T10:00", "Europe/Copenhagen"), NINE);
  assert.equal(fromWall("", "UTC"), null);
});
