/** Instants as nanoseconds since 1970, and how they are written for machines and for people. */
import type { Locale } from "./bridge";

export const SECOND = 1_000_000_000n;
export const MINUTE = 60n * SECOND;
export const HOUR = 60n * MINUTE;
export const DAY = 24n * HOUR;

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;

/** The instant of an RFC 3339 date-time; null when the text is none. */
export function parseInstant(text: string): bigint | null {
  const found = RFC_3339.exec(text.trim());
  if (found === null) {
    return null;
  }
  const [, date = "", time = "", fraction = "", zone = ""] = found;
  const milliseconds = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(milliseconds) || !isDay(date)) {
    return null;
  }
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0") || "0");
}

/** Date.parse turns 31 February into 3 March. */
function isDay(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

/** RFC 3339 in UTC, with as many of 0, 3, 6 or 9 digits after the point as are needed. */
export function printInstant(instant: bigint): string {
  const fraction = ((instant % SECOND) + SECOND) % SECOND;
  const milliseconds = Number((instant - fraction) / 1_000_000n);
  const base = new Date(milliseconds).toISOString().slice(0, 19);
  if (fraction === 0n) {
    return `${base}Z`;
  }
  const digits = fraction.toString().padStart(9, "0");
  const kept = digits.endsWith("000000") ? 3 : digits.endsWith("000") ? 6 : 9;
  return `${base}.${digits.slice(0, kept)}Z`;
}

export function realNow(): string {
  return printInstant(BigInt(Math.floor(Date.now() / 1000)) * SECOND);
}

const TAGS: { [locale in Locale]: string } = { en: "en-GB", da: "da-DK" };
const formats = new Map<string, Intl.DateTimeFormat>();

function format(
  locale: Locale,
  zone: string,
  name: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${name}`;
  let found = formats.get(key);
  if (found === undefined) {
    try {
      found = new Intl.DateTimeFormat(TAGS[locale], { ...options, timeZone: zone });
    } catch {
      found = new Intl.DateTimeFormat(TAGS[locale], { ...options, timeZone: "UTC" });
    }
    formats.set(key, found);
  }
  return found;
}

const DATE = { day: "numeric", month: "long", year: "numeric" } as const;
const SHORT_DATE = { day: "numeric", month: "short" } as const;
const TIME = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;

function toDate(instant: bigint): Date {
  const rest = ((instant % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return new Date(Number((instant - rest) / 1_000_000n));
}

/** "12 March 2026 09:00:00", in the zone. */
export function sayInstant(instant: bigint, locale: Locale, zone: string): string {
  const date = format(locale, zone, "date", DATE).format(toDate(instant));
  const time = format(locale, zone, "time", TIME).format(toDate(instant));
  return `${date} ${locale === "da" ? time.replaceAll(".", ":") : time}`;
}

/** "12 March 2026", and the time of day where it is not midnight. */
export function sayDate(instant: bigint, locale: Locale, zone: string): string {
  const said = sayInstant(instant, locale, zone);
  return said.endsWith(" 00:00:00") ? said.slice(0, -9) : said;
}

/** "12 Mar", for ticks; the year where `withYear`. */
export function sayDay(instant: bigint, locale: Locale, zone: string, withYear = false): string {
  const options = withYear ? { ...SHORT_DATE, year: "numeric" as const } : SHORT_DATE;
  return format(locale, zone, withYear ? "day-year" : "day", options).format(toDate(instant));
}

/** "09:00", for ticks. */
export function sayTime(instant: bigint, locale: Locale, zone: string): string {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  return format(locale, zone, "clock", options).format(toDate(instant)).replaceAll(".", ":");
}

const UNITS: [Intl.RelativeTimeFormatUnit, bigint][] = [
  ["year", 365n * DAY],
  ["month", 30n * DAY],
  ["day", DAY],
  ["hour", HOUR],
  ["minute", MINUTE],
  ["second", SECOND],
];

/** "in 3 days", "2 hours ago": the difference in its largest unit, of which there are two or more. */
export function sayDistance(from: bigint, to: bigint, locale: Locale): string {
  const distance = to - from;
  const size = distance < 0n ? -distance : distance;
  const [unit, length] = UNITS.find(([, length]) => size >= 2n * length) ?? ["second", SECOND];
  const count = Number((size + length / 2n) / length);
  const relative = new Intl.RelativeTimeFormat(TAGS[locale], { numeric: "always" });
  return relative.format(distance < 0n ? -count : count, unit);
}

const LENGTHS = [
  ["day", DAY],
  ["hour", HOUR],
  ["minute", MINUTE],
  ["second", SECOND],
] as const;
const SMALL_LENGTHS: readonly (readonly [string, bigint])[] = [
  ["ms", 1_000_000n],
  ["µs", 1_000n],
  ["ns", 1n],
];

/** "7 days 1 hour": a length of time to the last nanosecond; in days from two of them on. */
export function sayLength(length: bigint, locale: Locale): string {
  let rest = length;
  const found: string[] = [];
  for (const [unit, size] of LENGTHS) {
    const count = unit === "day" && rest < 2n * DAY ? 0n : rest / size;
    rest -= count * size;
    if (count > 0n) {
      const style = { style: "unit", unit, unitDisplay: "long" } as const;
      found.push(new Intl.NumberFormat(TAGS[locale], style).format(count));
    }
  }
  for (const [unit, size] of SMALL_LENGTHS) {
    if (rest >= size) {
      found.push(`${rest / size} ${unit}`);
      rest %= size;
    }
  }
  return found.join(" ");
}

/** What `datetime-local` inputs hold: the wall time in the zone. */
export function toWall(instant: bigint, zone: string): string {
  const parts = format("en", zone, "wall", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    ...TIME,
  }).formatToParts(toDate(instant));
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((one) => one.type === type)?.value ?? "00";
  const date = `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
  return `${date}T${part("hour")}:${part("minute")}:${part("second")}`;
}

/** How far the zone's clocks are before those of UTC at an instant. */
export function offset(instant: bigint, zone: string): bigint {
  const whole = instant - (((instant % SECOND) + SECOND) % SECOND);
  return (parseInstant(`${toWall(whole, zone)}Z`) ?? whole) - whole;
}

/** The instant of a wall time in the zone; null when the text is none. */
export function fromWall(wall: string, zone: string): bigint | null {
  const instant = parseInstant(`${wall.length === 16 ? `${wall}:00` : wall}Z`);
  if (instant === null) {
    return null;
  }
  let guess = instant;
  for (let turn = 0; turn < 2; turn += 1) {
    guess = instant - offset(guess, zone);
  }
  return guess;
}
