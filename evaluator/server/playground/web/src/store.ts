/** Everything that the page knows, in one place that parts read and subscribe to. */
import { useEffect, useReducer, useRef } from "preact/hooks";

import type {
  ChangesAnswer,
  CheckAnswer,
  DecideAnswer,
  Edits,
  ExplainAnswer,
  OpenAnswer,
  PackInfo,
  Place,
  Request,
  Scenario,
  TimelineAnswer,
} from "./api";
import type { Locale, Theme } from "./bridge";
import type { Endpoint, Trouble } from "./client";
import type { Difference } from "./paths";

export type Tab = "request" | "policy" | "why" | "changes";
export type ThemeChoice = Theme | "auto";

/** What an answer was asked with, so that everyone sees whether it is still of today. */
export interface Basis {
  readonly request: Request;
  readonly now: string;
  readonly edits: Edits;
  readonly locale: Locale;
}

export interface Answered<T> {
  readonly answer: T;
  readonly basis: Basis;
}

/** What a pressed remedy has done, and what takes it back. */
export interface Applied {
  readonly remedy: string;
  readonly differences: readonly Difference[];
  readonly before: Request;
  readonly after: Request;
}

/** What the page asks for after each change. `vocabulary`, `types` and `case` are the editor's. */
export type Asking = Extract<
  Endpoint,
  "open" | "check" | "decide" | "timeline" | "explain" | "changes"
>;

export interface State {
  readonly opened: OpenAnswer | null;
  readonly pack: string;
  readonly scenario: string | null;
  readonly request: Request;
  readonly now: string;
  /** The moment that the time line was last chosen around. */
  readonly anchor: string;
  readonly edits: Edits;
  readonly locale: Locale;
  readonly theme: ThemeChoice;
  readonly tab: Tab;
  readonly file: string;
  /** Where the editor has been told to go; a new object each time, so that it goes there again. */
  readonly shown: { readonly place: Place; readonly focus: boolean } | null;
  readonly applied: Applied | null;
  readonly check: Answered<CheckAnswer> | null;
  readonly decide: Answered<DecideAnswer> | null;
  readonly timeline: Answered<TimelineAnswer> | null;
  readonly explain: Answered<ExplainAnswer> | null;
  readonly changes: Answered<ChangesAnswer> | null;
  readonly troubles: { readonly [endpoint in Endpoint]?: Trouble };
  /** What went wrong with the link that the page was opened with, or what it was made for. */
  readonly link: "version" | "damaged" | "too-large" | "invalid" | "pack" | "other-base" | null;
  readonly announcement: string;
}

export const NOBODY: Request = {
  subject: { type: "user", id: "" },
  action: { name: "" },
  resource: { type: "", id: "" },
};

/** What is known before anything has been asked. */
export function stateAtFirst(now: string, locale: Locale, theme: ThemeChoice): State {
  return {
    opened: null,
    pack: "",
    scenario: null,
    request: NOBODY,
    now,
    anchor: now,
    edits: {},
    locale,
    theme,
    tab: "request",
    file: "",
    shown: null,
    applied: null,
    check: null,
    decide: null,
    timeline: null,
    explain: null,
    changes: null,
    troubles: {},
    link: null,
    announcement: "",
  };
}

export class Store {
  private listeners = new Set<() => void>();

  constructor(private current: State) {}

  get state(): State {
    return this.current;
  }

  set(change: Partial<State>): void {
    this.current = { ...this.current, ...change };
    for (const listener of [...this.listeners]) {
      listener();
    }
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** A part of the state; the component is drawn anew when that part is another. */
export function useStore<T>(store: Store, part: (state: State) => T): T {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const value = part(store.state);
  const drawn = useRef(value);
  const select = useRef(part);
  drawn.current = value;
  select.current = part;
  useEffect(() => {
    const look = () => {
      if (select.current(store.state) !== drawn.current) {
        redraw(undefined);
      }
    };
    look();
    return store.subscribe(look);
  }, [store]);
  return value;
}

export function packOf(state: State): PackInfo | undefined {
  return state.opened?.packs.find((pack) => pack.name === state.pack);
}

export function scenarioOf(state: State, id: string | null): Scenario | undefined {
  return packOf(state)?.scenarios.find((scenario) => scenario.id === id);
}
