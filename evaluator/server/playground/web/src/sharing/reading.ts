/** What came in by a link, taken field by field: a link may come from anyone. */
import type { Edits, Entity, Json, Request } from "../api";
import type { Locale, Shared } from "../bridge";
import { parseInstant } from "../moments";

const LONGEST_NAME = 200;
const LONGEST_TEXT = 4096;
const MOST_FILES = 64;
const MOST_EDITS = 1024 * 1024;
const MOST_REQUEST = 256 * 1024;
const DEEPEST = 64;

type Fields = { readonly [key: string]: Json };

/** What the link holds, or null where it holds anything else than that. */
export function sharedFrom(text: string): Shared | null {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return null;
  }
  const fields = asFields(value);
  const { pack, digest, now } = fields ?? {};
  const request = requestFrom(fields?.["request"]);
  const locale = localeFrom(fields?.["locale"]);
  const edits = editsFrom(fields?.["edits"]);
  if (!isText(pack, LONGEST_NAME) || !isText(digest, LONGEST_NAME) || !isText(now, LONGEST_NAME)) {
    return null;
  }
  if (request === null || locale === null || edits === null || parseInstant(now) === null) {
    return null;
  }
  return { pack, digest, request, now, locale, edits };
}

function requestFrom(value: Json | undefined): Request | null {
  const fields = asFields(value);
  const subject = entityFrom(fields?.["subject"]);
  const resource = entityFrom(fields?.["resource"]);
  const action = asFields(fields?.["action"]);
  const { name, properties } = action ?? {};
  const context = fields?.["context"];
  if (fields === null || subject === null || resource === null || !isText(name, LONGEST_TEXT)) {
    return null;
  }
  if (!isDataOrAbsent(properties) || !isDataOrAbsent(context)) {
    return null;
  }
  if (JSON.stringify(fields).length > MOST_REQUEST || !isShallow(fields, 0)) {
    return null;
  }
  return {
    subject,
    action: { name, ...(properties === undefined ? {} : { properties }) },
    resource,
    ...(context === undefined ? {} : { context }),
  };
}

function entityFrom(value: Json | undefined): Entity | null {
  const { type, id, properties } = asFields(value) ?? {};
  if (!isText(type, LONGEST_TEXT) || !isText(id, LONGEST_TEXT) || !isDataOrAbsent(properties)) {
    return null;
  }
  return { type, id, ...(properties === undefined ? {} : { properties }) };
}

function localeFrom(value: Json | undefined): Locale | null {
  return value === "en" || value === "da" ? value : null;
}

/** Line ends become those that browsers have. */
function editsFrom(value: Json | undefined): Edits | null {
  const fields = asFields(value);
  const edits: Edits = {};
  let size = 0;
  for (const [name, text] of Object.entries(fields ?? {})) {
    if (!isFileName(name) || typeof text !== "string" || /\p{Cs}/u.test(text)) {
      return null;
    }
    size += text.length;
    edits[name] = text.replace(/\r\n?/g, "\n");
  }
  const fits = Object.keys(edits).length <= MOST_FILES && size <= MOST_EDITS;
  return fields !== null && fits ? edits : null;
}

/** Names inside of the folder of the policies only, of kinds of files that are edited. */
export function isFileName(name: string): boolean {
  return (
    name.length <= LONGEST_NAME &&
    /\.(ya?ml|json)$/i.test(name) &&
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    !/[\\:\u0000-\u001f\u007f]/.test(name) &&
    name.split("/").every((part) => part !== "" && !part.startsWith("."))
  );
}

function isText(value: Json | undefined, longest: number): value is string {
  return typeof value === "string" && value.length <= longest;
}

function isDataOrAbsent(value: Json | undefined): value is { [key: string]: Json } | undefined {
  return value === undefined || asFields(value) !== null;
}

function asFields(value: Json | undefined): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
}

function isShallow(value: Json, depth: number): boolean {
  if (typeof value !== "object" || value === null) {
    return true;
  }
  return depth < DEEPEST && Object.values(value).every((inner) => isShallow(inner, depth + 1));
}
