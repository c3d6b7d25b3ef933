/** Names and values as people say them: `purchase_channel` is "Purchase channel". */
import type { Json, Request, Texts as LocaleTexts } from "./api";
import type { Locale } from "./bridge";
import { parseInstant, sayDate } from "./moments";
import { type Names, small } from "./names";
import { isObject } from "./paths";
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
  readonly names: Names;
}

/**
 * A value in a line. `schema` tells codes from texts; without it only their looks do. `attribute`
 * is where it stands, as expressions spell it.
 */
export function sayValue(
  value: Json | undefined,
  schema: Schema,
  say: Saying,
  attribute = "",
): string {
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
    return sayText(value, schema, say, attribute);
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => sayValue(item, schema.items ?? {}, say, attribute));
    return items.length === 0 ? say.t.none : items.join(", ");
  }
  if (typeof value["text"] === "string" && "code" in value) {
    return value["text"];
  }
  return Object.entries(value)
    .map(([key, part]) => {
      const below = schemaAt(schema, [key]);
      return `${words(key)} ${sayValue(part, below, say, `${attribute}.${key}`)}`;
    })
    .join(", ");
}

/**
 * A value that a decision gives. Codes that have no texts of their own are called as the values of
 * attributes are, where the pack has one title for such a value.
 */
export function sayOutput(value: Json, say: Saying): string {
  const codes = Array.isArray(value) ? value : [value];
  const names = codes.map((code) => (typeof code === "string" ? say.names.code(code)?.text : null));
  return names.length > 0 && names.every((name) => typeof name === "string")
    ? capitalised(names.map(small).join(", "))
    : sayValue(value, {}, say);
}

function sayText(value: string, schema: Schema, say: Saying, attribute: string): string {
  if (isChoice(schema, attribute)) {
    return say.names.value(attribute, value).text;
  }
  const instant = schema.type === undefined || schema.format ? parseInstant(value) : null;
  if (instant !== null) {
    return sayDate(instant, say.locale, say.zone);
  }
  return value === "" ? say.t.emptyText : value;
}

/** The language of a value in a line, where that is not the reader's. */
export function languageOf(
  value: Json | undefined,
  schema: Schema,
  say: Saying,
  attribute: string,
): string | undefined {
  if (Array.isArray(value)) {
    return languageOf(value[0], schema.items ?? {}, say, attribute);
  }
  return typeof value === "string" && isChoice(schema, attribute)
    ? say.names.value(attribute, value).lang
    : undefined;
}

/** Whether texts are names out of a choice, not what somebody has written. */
function isChoice(schema: Schema, attribute: string): boolean {
  return schema.enum !== undefined || attribute === "action.name" || attribute === "resource.type";
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
