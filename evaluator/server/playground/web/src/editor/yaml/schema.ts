/** What a JSON Schema says of the place that a path of keys leads to. */
import type { Json } from "../../api";
import { ITEM } from "./scalars";

type Schema = { readonly [key: string]: Json };

export interface Key {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** What is written behind the colon: a value, a mapping or a list below. */
  readonly holds: "value" | "mapping" | "list";
}

const DEEPEST = 32;

/** The schemas that may hold at a path: several where there is a choice. */
function schemasAt(root: Json, path: readonly string[]): Schema[] {
  let found = choices(root, root, 0);
  for (const part of path) {
    found = found.flatMap((schema) => below(root, schema, part));
  }
  return found;
}

function below(root: Json, schema: Schema, part: string): Schema[] {
  if (part === ITEM) {
    return choices(root, schema["items"], 0);
  }
  const properties = asSchema(schema["properties"]);
  if (properties !== null && Object.hasOwn(properties, part)) {
    return choices(root, properties[part], 0);
  }
  return choices(root, schema["additionalProperties"], 0);
}

/** A schema with its references followed, or each of its alternatives. */
function choices(root: Json, schema: Json | undefined, depth: number): Schema[] {
  const found = asSchema(schema);
  if (found === null || depth > DEEPEST) {
    return [];
  }
  const reference = found["$ref"];
  if (typeof reference === "string") {
    const { $ref: _, ...own } = found;
    return choices(root, resolve(root, reference), depth + 1).map((one) => ({ ...one, ...own }));
  }
  const alternatives = found["anyOf"] ?? found["oneOf"];
  if (Array.isArray(alternatives)) {
    return alternatives.flatMap((one) => choices(root, one, depth + 1));
  }
  return [found];
}

function resolve(root: Json, reference: string): Json | undefined {
  let at: Json | undefined = root;
  for (const part of reference.replace(/^#\/?/, "").split("/")) {
    at = asSchema(at)?.[part];
  }
  return at;
}

function asSchema(value: Json | undefined): Schema | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
}

/** The keys that a mapping at a path may have. */
export function keysAt(root: Json, path: readonly string[]): Key[] {
  const found = new Map<string, Key>();
  for (const schema of schemasAt(root, path)) {
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    for (const [name, property] of Object.entries(asSchema(schema["properties"]) ?? {})) {
      if (!found.has(name)) {
        const description = asSchema(property)?.["description"];
        found.set(name, {
          name,
          description: typeof description === "string" ? description : describe(root, property),
          required: required.includes(name),
          holds: holds(choices(root, property, 0)),
        });
      }
    }
  }
  return [...found.values()];
}

function describe(root: Json, property: Json): string {
  const description = choices(root, property, 0)[0]?.["description"];
  return typeof description === "string" ? description : "";
}

function holds(schemas: readonly Schema[]): Key["holds"] {
  const first = schemas[0];
  if (first?.["type"] === "object" || first?.["properties"] !== undefined) {
    return "mapping";
  }
  const all = schemas.map((schema) => schema["type"]);
  return all.length > 0 && all.every((type) => type === "array") ? "list" : "value";
}

/** The values that may stand at a path, where they are few and known. */
export function valuesAt(root: Json, path: readonly string[]): string[] {
  const found = new Set<string>();
  for (const schema of schemasAt(root, path)) {
    const values = schema["enum"] ?? (schema["const"] === undefined ? [] : [schema["const"]]);
    for (const value of Array.isArray(values) ? values : []) {
      if (typeof value === "string" || typeof value === "number") {
        found.add(String(value));
      }
    }
    if (schema["type"] === "boolean") {
      found.add("true").add("false");
    }
  }
  return [...found];
}

/** What is said of a place in a file. */
export function descriptionAt(root: Json, path: readonly string[]): string | null {
  for (const schema of schemasAt(root, path)) {
    const description = schema["description"];
    if (typeof description === "string") {
      return description;
    }
  }
  return null;
}
