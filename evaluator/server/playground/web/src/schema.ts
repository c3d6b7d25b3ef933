/** What the page reads from the JSON Schema of a request: kinds of fields, faults, first values. */
import type { Json, PackInfo } from "./api";
import { parseInstant } from "./moments";
import { isObject, type Path } from "./paths";

export interface Schema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: { readonly [key: string]: Schema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

export type Kind =
  | "choice"
  | "choices"
  | "switch"
  | "integer"
  | "number"
  | "instant"
  | "text"
  | "object"
  | "list"
  | "json";

const NOTHING: Schema = {};

/** The schema of a request for an action of the pack. */
export function requestSchema(pack: PackInfo | undefined, action: string): Schema {
  const found = pack?.schemas[action] ?? pack?.schemas[""];
  return isObject(found) ? (found as Schema) : NOTHING;
}

/** The schema of what stands at a path; empty where the schema says nothing of it. */
export function schemaAt(schema: Schema, path: Path): Schema {
  let found: Schema = schema;
  for (const key of path) {
    const below =
      typeof key === "number" || (found.items && /^\d+$/.test(key))
        ? found.items
        : found.properties?.[key];
    if (below === undefined) {
      return NOTHING;
    }
    found = below;
  }
  return found;
}

export function kindOf(schema: Schema): Kind {
  if (schema.enum !== undefined && schema.enum.every((member) => typeof member !== "object")) {
    return "choice";
  }
  switch (schema.type) {
    case "boolean":
      return "switch";
    case "integer":
      return "integer";
    case "number":
      return "number";
    case "string":
      return schema.format === "date-time" ? "instant" : "text";
    case "object":
      return schema.properties === undefined ? "json" : "object";
    case "array":
      if (schema.items === undefined) {
        return "json";
      }
      return kindOf(schema.items) === "choice" ? "choices" : "list";
    default:
      return schema.properties === undefined ? "json" : "object";
  }
}

/** Whether a value has the shape that the field of its schema can show. */
export function fits(schema: Schema, value: Json): boolean {
  switch (kindOf(schema)) {
    case "switch":
      return typeof value === "boolean";
    case "integer":
    case "number":
      return typeof value === "number";
    case "instant":
    case "text":
      return typeof value === "string";
    case "object":
      return isObject(value);
    case "choices":
    case "list":
      return Array.isArray(value);
    case "choice":
      return typeof value !== "object";
    case "json":
      return true;
  }
}

export type Fault =
  | { readonly kind: "missing" | "not-integer" | "not-number" | "not-instant" | "shape" }
  | { readonly kind: "choice" | "pattern" | "not-json" }
  | { readonly kind: "at-least" | "at-most" | "more-than" | "less-than"; readonly bound: number }
  | { readonly kind: "too-short" | "too-long" | "too-few" | "too-many"; readonly bound: number };

/** What is wrong with a value itself; what is wrong with its parts is said at the parts. */
export function faultOf(schema: Schema, value: Json): Fault | null {
  if (!fits(schema, value)) {
    return { kind: "shape" };
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    return { kind: "choice" };
  }
  if (typeof value === "number") {
    return numberFault(schema, value);
  }
  if (typeof value === "string") {
    return textFault(schema, value);
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) {
      return { kind: "too-few", bound: schema.minItems ?? 0 };
    }
    if (value.length > (schema.maxItems ?? Infinity)) {
      return { kind: "too-many", bound: schema.maxItems ?? 0 };
    }
  }
  return null;
}

function numberFault(schema: Schema, value: number): Fault | null {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (kindOf(schema) === "integer" && !Number.isInteger(value)) {
    return { kind: "not-integer" };
  }
  if (minimum !== undefined && value < minimum) {
    return { kind: "at-least", bound: minimum };
  }
  if (maximum !== undefined && value > maximum) {
    return { kind: "at-most", bound: maximum };
  }
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) {
    return { kind: "more-than", bound: exclusiveMinimum };
  }
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) {
    return { kind: "less-than", bound: exclusiveMaximum };
  }
  return null;
}

function textFault(schema: Schema, value: string): Fault | null {
  const length = [...value].length;
  if (kindOf(schema) === "instant" && parseInstant(value) === null) {
    return { kind: "not-instant" };
  }
  if (length < (schema.minLength ?? 0)) {
    return { kind: "too-short", bound: schema.minLength ?? 0 };
  }
  if (length > (schema.maxLength ?? Infinity)) {
    return { kind: "too-long", bound: schema.maxLength ?? 0 };
  }
  return null;
}

/** The first value of a field that is given from now on: its default, or the plainest one. */
export function firstValue(schema: Schema, now: string): Json {
  if (schema.default !== undefined) {
    return schema.default;
  }
  if (schema.const !== undefined) {
    return schema.const;
  }
  switch (kindOf(schema)) {
    case "choice":
      return schema.enum?.[0] ?? null;
    case "switch":
      return false;
    case "integer":
    case "number":
      return firstNumber(schema);
    case "instant":
      return now;
    case "text":
      return (schema.minLength ?? 0) > 0 ? "?".repeat(Math.min(schema.minLength ?? 0, 100)) : "";
    case "choices":
    case "list":
      return [];
    case "object": {
      const parts = (schema.required ?? []).map((key): [string, Json] => [
        key,
        firstValue(schema.properties?.[key] ?? NOTHING, now),
      ]);
      return Object.fromEntries(parts);
    }
    case "json":
      return schema.type === "array" ? [] : schema.type === "object" ? {} : null;
  }
}

function firstNumber({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): number {
  const low = minimum ?? (exclusiveMinimum === undefined ? 0 : Math.floor(exclusiveMinimum) + 1);
  const high = maximum ?? (exclusiveMaximum === undefined ? low : exclusiveMaximum - 1);
  return minimum === undefined && exclusiveMinimum === undefined ? Math.min(0, high) : low;
}
