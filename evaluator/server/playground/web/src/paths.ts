/** Places inside of JSON: reading, replacing, comparing. A path is a list of keys and indexes. */
import type { Json } from "./api";

export type Path = readonly (string | number)[];

export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function get(value: Json | undefined, path: Path): Json | undefined {
  let found = value;
  for (const key of path) {
    if (Array.isArray(found)) {
      found = found[Number(key)];
    } else if (isObject(found) && Object.hasOwn(found, key)) {
      found = found[key];
    } else {
      return undefined;
    }
  }
  return found;
}

/** A copy with another value at the path; undefined removes it. Objects on the way are made. */
export function set(value: Json | undefined, path: Path, to: Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined) {
    return to ?? null;
  }
  if (Array.isArray(value)) {
    const copy = [...value];
    if (rest.length === 0 && to === undefined) {
      copy.splice(Number(key), 1);
    } else {
      copy[Number(key)] = set(value[Number(key)], rest, to);
    }
    return copy;
  }
  const copy: { [key: string]: Json } = isObject(value) ? { ...value } : {};
  if (rest.length > 0) {
    copy[key] = set(copy[key], rest, to);
  } else if (to === undefined) {
    delete copy[key];
  } else {
    copy[key] = to;
  }
  return copy;
}

export function same(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) {
    return true;
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => same(item, other[index]));
  }
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]))
    );
  }
  return false;
}

export interface Difference {
  readonly path: Path;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** The least parts that differ; lists of other lengths differ as a whole. */
export function differences(
  before: Json | undefined,
  after: Json | undefined,
  path: Path = [],
): Difference[] {
  if (same(before, after)) {
    return [];
  }
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => differences(item, after[index], [...path, index]));
  }
  return [{ path, before, after }];
}

/** The path that a JSON pointer names. */
export function fromPointer(pointer: string): Path {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
