/** Names and values as people say them: `purchase_channel` is "Purchase channel". */
import type { Json, Request, Texts as LocaleTexts } from "./api";
import type { Locale } from "./bridge";
import { parseInstant, sayDate, sayInstant } from "./moments";
import { isObject, type Path } from "./paths";
import { type Schema, schemaAt } from "./schema";
import type { Texts } from "./texts";

const NUMBERS: { [locale in Locale]: Intl.NumberFormat } = {
  en: new Intl.NumberFormat("en-GB", { maximumFractionDigits: 6 }),
  da: new Intl.NumberFormat("da-DK", { maximumFractionDigits: 6 }),
};

/** The words of a name: parted at `_`, `-`, `.` and capitals, all but initials in small letters. */
export function words(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .split(/[\s_.:-]+/)
    .filter((word) => word !== "")
    .map((word) => (/^[A-Z\d]+$/.test(word) ? word : word.toLowerCase()))
    .join(" ");
}

export function capitalised(text: string): string {
  const first = text[Symbol.iterator]().next().value ?? "";
  return first.toUpperCase() + text.slice(first.length);
}

/** `purchase_channel` as "Purchase channel"; a name without letters stays as it is. */
export function title(name: string): string {
  return capitalised(words(name)) || name;
}

/** Who asks: an id that is a plain first name is written as one, every other id as it is. */
export function person(request: Request): string {
  const { id } = request.subject;
  return /^[a-zæøåéü]+$/.test(id) ? capitalised(id) : id;
}

export interface Saying {
  readonly t: Texts;
  readonly locale: Locale;
  readonly zone: string;
}

/** A value in a line. `schema` tells codes from texts; without it only their looks do. */
export function sayValue(value: Json | undefined, schema: Schema, say: Saying): string {
  if (value === undefined || value === null) {
    return say.t.notGiven;
  }
  if (typeof value === "boolean") {
    return value ? say.t.yes : say.t.no;
  }
  if (typeof value === "number") {
    return NUMBERS[say.locale].format(value);
  }
  if (typeof value === "string") {
    return sayText(value, schema, say);
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => sayValue(item, schema.items ?? {}, say));
    return items.length === 0 ? say.t.none : items.join(", ");
  }
  if (typeof value["text"] === "string" && "code" in value) {
    return value["text"];
  }
  return Object.entries(value)
    .map(([key, part]) => {
      const below = schemaAt(schema, [key]);
      return `${words(key)} ${sayValue(part, below, say)}`;
    })
    .join(", ");
}

function sayText(value: string, schema: Schema, say: Saying): string {
  if (schema.enum !== undefined) {
    return title(value);
  }
  const instant = schema.type === undefined || schema.format ? parseInstant(value) : null;
  if (instant !== null) {
    return sayDate(instant, say.locale, say.zone);
  }
  return value === "" ? say.t.emptyText : value;
}

export function sayMoment(instant: string, say: Saying): string {
  const parsed = parseInstant(instant);
  return parsed === null ? instant : sayInstant(parsed, say.locale, say.zone);
}

/** What a path is called: "Effective", "Billing account: type", "Lots, 2nd: quantity" by number. */
export function sayPath(path: Path, schema: Schema): string {
  const told = path.filter((key, at) => at > 0 && !(at === 1 && key === "properties"));
  const names = told.map((key, at) => {
    if (typeof key === "number" || /^\d+$/.test(key)) {
      return String(Number(key) + 1);
    }
    const full = path.slice(0, path.length - told.length + at + 1);
    return schemaAt(schema, full).title ?? words(key);
  });
  return capitalised(names.join(" "));
}

/** A text by locale, in the reader's language or else the pack's own. */
export function inLocale(
  texts: LocaleTexts | undefined,
  locale: Locale,
  fallback: string,
): string | undefined {
  return texts?.[locale] ?? texts?.[fallback] ?? Object.values(texts ?? {})[0];
}

/** Whether an object has no parts that are objects or lists of objects: it fits into a row. */
export function isFlat(value: Json): boolean {
  return isObject(value) && Object.values(value).every((part) => typeof part !== "object");
}
