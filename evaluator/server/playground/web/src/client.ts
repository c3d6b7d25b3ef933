/** Asks the server: one request at a time for each endpoint, a newer one in place of an older. */
import type {
  Asked,
  CaseAnswer,
  CaseAsked,
  ChangesAnswer,
  CheckAnswer,
  DecideAnswer,
  DecideAsked,
  ExplainAnswer,
  ExplainAsked,
  OpenAnswer,
  Problem,
  TimelineAnswer,
  TimelineAsked,
  TypesAnswer,
  TypesAsked,
  VocabularyAnswer,
  VocabularyAsked,
} from "./api";

export interface Endpoints {
  open: [Asked, OpenAnswer];
  check: [Asked, CheckAnswer];
  decide: [DecideAsked, DecideAnswer];
  timeline: [TimelineAsked, TimelineAnswer];
  explain: [ExplainAsked, ExplainAnswer];
  changes: [Asked, ChangesAnswer];
  vocabulary: [VocabularyAsked, VocabularyAnswer];
  types: [TypesAsked, TypesAnswer];
  case: [CaseAsked, CaseAnswer];
}

export type Endpoint = keyof Endpoints;

/** What the server says it cannot answer; `unreachable` when it says nothing at all. */
export type Trouble = Problem | { error: "unreachable"; message: string; diagnostics?: undefined };

/** The request came to nothing, for the reason that is its `trouble`. */
export class AskError extends Error {
  constructor(
    readonly endpoint: Endpoint,
    readonly trouble: Trouble,
  ) {
    super(trouble.message);
  }
}

/** Whether a request ended only because a newer one took its place. */
export function superseded(error: unknown): boolean {
  if (error instanceof DOMException) {
    return error.name === "AbortError";
  }
  return error instanceof AskError && error.trouble.error === "superseded";
}

export type Ask = <E extends Endpoint>(
  endpoint: E,
  asked: Endpoints[E][0],
  signal?: AbortSignal,
) => Promise<Endpoints[E][1]>;

/** Asks `api/…` beside the page, as one session of this tab. */
export function client(token: string | null, session: string = randomId()): Ask {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "x-playground-session": session,
  };
  if (token !== null) {
    headers["x-playground-token"] = token;
  }
  return async (endpoint, asked, signal) => {
    const response = await fetch(`api/${endpoint}`, {
      method: "POST",
      headers,
      body: JSON.stringify(asked),
      signal: signal ?? null,
      cache: "no-store",
      credentials: "same-origin",
    }).catch((error: unknown) => {
      if (superseded(error)) {
        throw error;
      }
      throw new AskError(endpoint, { error: "unreachable", message: String(error) });
    });
    const answer: unknown = await response.json().catch((error: unknown) => {
      if (superseded(error)) {
        throw error;
      }
      return null;
    });
    if (!response.ok || answer === null) {
      throw new AskError(endpoint, troubleOf(answer, response.status));
    }
    return answer as Endpoints[typeof endpoint][1];
  };
}

function troubleOf(answer: unknown, status: number): Trouble {
  if (typeof answer === "object" && answer !== null && "error" in answer) {
    return answer as Problem;
  }
  return { error: "unreachable", message: `HTTP ${status}` };
}

/** crypto.randomUUID is not there on pages that are neither https nor on loopback. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
