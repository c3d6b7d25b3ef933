/** The time line as numbers: stretches of one decision each, and places on the band. */
import type { TimelineAnswer } from "../api";
import { DAY, HOUR, MINUTE, parseInstant } from "../moments";

export interface Stretch {
  readonly from: bigint;
  readonly until: bigint;
  readonly decision: "allow" | "deny";
  readonly messages: readonly string[];
  readonly rules: readonly string[];
}

/** The segments in the span of the answer; those with the same decision and reasons are one. */
export function stretches(timeline: TimelineAnswer): Stretch[] {
  const end = parseInstant(timeline.until) ?? 0n;
  const found: Stretch[] = [];
  for (const segment of timeline.segments) {
    const from = parseInstant(segment.from);
    const until = segment.until === null ? end : parseInstant(segment.until);
    const last = found.at(-1);
    if (from === null || until === null) {
      continue;
    }
    const same =
      last !== undefined &&
      last.decision === segment.decision &&
      last.messages.join("\n") === segment.messages.join("\n");
    if (same) {
      found[found.length - 1] = { ...last, until };
    } else {
      const { decision, messages, rules } = segment;
      found.push({ from, until, decision, messages, rules });
    }
  }
  return found;
}

/** The stretch that an instant is in, and the next one with another decision. */
export function around(
  stretches: readonly Stretch[],
  instant: bigint,
): { present: Stretch | undefined; other: Stretch | undefined } {
  const last = stretches.length - 1;
  const at = stretches.findIndex(
    ({ from, until }, number) =>
      from <= instant && (instant < until || (number === last && instant === until)),
  );
  const present = stretches[at];
  const other =
    present === undefined
      ? undefined
      : stretches.slice(at + 1).find(({ decision }) => decision !== present.decision);
  return { present, other };
}

export interface Span {
  readonly from: bigint;
  readonly until: bigint;
}

/** Where an instant is on the band: 0 at its start, 1 at its end. */
export function placeOf(instant: bigint, { from, until }: Span): number {
  const length = until - from;
  const place = length <= 0n ? 0 : Number(((instant - from) * 1_000_000n) / length) / 1_000_000;
  return Math.min(1, Math.max(0, place));
}

export function instantAt(place: number, { from, until }: Span): bigint {
  const share = BigInt(Math.round(Math.min(1, Math.max(0, place)) * 1_000_000));
  return from + ((until - from) * share) / 1_000_000n;
}

/** The whole minute nearest to an instant, or the hour where a pixel is more than a minute. */
export function rounded(instant: bigint, span: Span): bigint {
  const step = span.until - span.from > 20n * DAY ? HOUR : MINUTE;
  return ((instant + step / 2n) / step) * step;
}

const HOURS = [1n, 3n, 6n, 12n, 24n, 48n, 72n, 96n, 168n, 336n];

/** How wide a letter of a label is, about, in pixels. */
const LETTER = 6.4;

/** A label beside its place on the band: after it, or before it where the band ends. */
export interface Placed {
  readonly place: number;
  readonly label: string;
  readonly before: boolean;
}

/** Which of the labels stand free of each other, on a band of a width in pixels. */
export function freeLabels(
  labels: readonly { readonly place: number; readonly label: string }[],
  width: number,
): Placed[] {
  let end = 0;
  return [...labels]
    .sort((one, other) => one.place - other.place)
    .flatMap(({ place, label }) => {
      const size = label.length * LETTER;
      const before = place * width + size > width;
      const start = place * width - (before ? size : 0);
      if (start < end) {
        return [];
      }
      end = start + size + 14;
      return [{ place, label, before }];
    });
}

/**
 * Round instants to write below the band, so many at most: hours, days, or months apart.
 *
 * `offset` is how far the clocks of the pack's zone are before UTC, so that days begin where they
 * begin there.
 */
export function ticks(
  span: Span,
  most = 7,
  offset = 0n,
): { at: bigint; clock: boolean; year: boolean }[] {
  const length = span.until - span.from;
  const step = HOURS.map((hours) => hours * HOUR).find((one) => length / one <= BigInt(most));
  if (step === undefined) {
    return monthTicks(span, most);
  }
  const first = ((span.from + offset + step - 1n) / step) * step - offset;
  const found = [];
  for (let at = first; at <= span.until; at += step) {
    found.push({ at, clock: step < DAY && (at + offset) % DAY !== 0n, year: false });
  }
  return found;
}

function monthTicks(
  { from, until }: Span,
  most: number,
): { at: bigint; clock: boolean; year: boolean }[] {
  const months = Number((until - from) / (30n * DAY));
  const every = [1, 2, 3, 6, 12, 24, 60, 120].find((one) => months / one <= most) ?? 240;
  const start = new Date(Number(from / 1_000_000n));
  const found = [];
  let month = start.getUTCFullYear() * 12 + start.getUTCMonth();
  month += (every - (month % every)) % every;
  for (let turn = 0; turn < 12; turn += 1, month += every) {
    const at = BigInt(Date.UTC(Math.floor(month / 12), month % 12)) * 1_000_000n;
    if (at >= from && at <= until) {
      found.push({ at, clock: false, year: month % 12 === 0 || months > 12 });
    }
  }
  return found;
}
