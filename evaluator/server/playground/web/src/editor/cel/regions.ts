/** Which scalars of a file hold expressions, and which messages with expressions in braces. */
import { ITEM, type Scalar } from "../yaml/scalars";
import { messageParts } from "./messages";

/** An expression of the document. `place` turns an offset of its text into one of the document. */
export interface Region {
  readonly text: string;
  readonly scalar: Scalar;
  readonly inMessage: boolean;
  place(offset: number): number;
}

const TREES = new Set(["all", "any", "none", ITEM]);
const MESSAGES = new Set(["reason", "description", "message"]);

export type Holds = "expression" | "message" | null;

/** What a scalar at the end of a path of a policy file holds. */
export function holdsAt(path: readonly string[]): Holds {
  const [section, , ...rest] = path;
  if (section === "constants" || section === "variables") {
    return path.length === 2 ? "expression" : null;
  }
  if (section === "outputs") {
    return holdsInDefinition(rest);
  }
  if (section === "rules" || section === "remedies") {
    return holdsInDefinition(rest);
  }
  return null;
}

function holdsInDefinition(path: readonly string[]): Holds {
  const [key = "", ...rest] = path;
  if (key === "value") {
    return rest.length === 0 ? "expression" : null;
  }
  if (key === "when") {
    return rest.every((part) => TREES.has(part)) ? "expression" : null;
  }
  if (key === "sets") {
    return rest.length === 1 ? "expression" : null;
  }
  if (MESSAGES.has(key)) {
    return rest.length <= 1 ? "message" : null;
  }
  if (key === "labels") {
    return rest.length === 1 || rest.length === 2 ? "message" : null;
  }
  if (key === "remedies" && rest[0] === ITEM) {
    return holdsInDefinition(rest.slice(1));
  }
  return null;
}

/** The expressions of a scalar. */
export function regionsOf(scalar: Scalar): Region[] {
  const holds = scalar.isKey ? null : holdsAt(scalar.path);
  if (holds === "expression") {
    const place = (offset: number) => scalar.place(offset);
    return [{ text: scalar.text, scalar, inMessage: false, place }];
  }
  if (holds === "message") {
    return messageParts(scalar.text).map(({ from, to }) => ({
      text: scalar.text.slice(from, to),
      scalar,
      inMessage: true,
      place: (offset) => scalar.place(from + offset),
    }));
  }
  return [];
}

/** The expression that a place of the document is in or at the end of, and where in its text. */
export function regionAt(scalar: Scalar, at: number): { region: Region; offset: number } | null {
  for (const region of regionsOf(scalar)) {
    if (region.place(0) <= at && at <= region.place(region.text.length)) {
      let offset = 0;
      while (offset < region.text.length && region.place(offset) < at) {
        offset += 1;
      }
      return { region, offset };
    }
  }
  return null;
}
