/** Keeps the answers up to the state: asks anew what has changed, one request an endpoint. */
import type { Endpoint, Endpoints } from "./client";
import { type Ask, AskError, superseded } from "./client";
import type { Asking, Basis, State, Store } from "./store";

/** A request that runs longer is given up for a newer one; a shorter one is waited for. */
const PATIENCE = 150;

interface Question<E extends Asking> {
  /** How long after a change it is asked, in milliseconds: typing goes on meanwhile. */
  readonly delay: number;
  /** Whether anyone looks at the answer. */
  readonly wanted: (state: State) => boolean;
  /** What the answer depends on. */
  readonly basis: (state: State) => readonly unknown[];
  readonly asked: (state: State) => Endpoints[E][0];
}

const common = ({ edits, locale }: State) => ({ edits, locale });

const QUESTIONS: { [E in Asking]: Question<E> } = {
  check: {
    delay: 30,
    wanted: () => true,
    basis: ({ edits, locale }) => [edits, locale],
    asked: common,
  },
  decide: {
    delay: 30,
    wanted: () => true,
    basis: ({ request, now, edits, locale }) => [request, now, edits, locale],
    asked: (state) => ({
      ...common(state),
      request: state.request,
      now: state.now,
      actions: actionsOf(state),
    }),
  },
  timeline: {
    delay: 120,
    wanted: () => true,
    basis: ({ request, edits, locale, anchor }) => [request, edits, locale, anchor],
    asked: (state) => ({ ...common(state), request: state.request, now: state.now }),
  },
  explain: {
    delay: 120,
    wanted: ({ tab }) => tab === "why" || tab === "policy",
    basis: ({ request, now, edits, locale }) => [request, now, edits, locale],
    asked: (state) => ({ ...common(state), request: state.request, now: state.now }),
  },
  changes: {
    delay: 350,
    wanted: ({ edits }) => Object.keys(edits).length > 0,
    basis: ({ edits, locale }) => [edits, locale],
    asked: common,
  },
};

/** The actions of the resource's type, and the one that is asked about. */
export function actionsOf(state: State): string[] {
  const { request } = state;
  const pack = state.opened?.packs.find((one) => one.name === state.pack);
  const known = pack?.types.find((type) => type.name === request.resource.type)?.actions ?? [];
  return known.includes(request.action.name) || request.action.name === ""
    ? known
    : [...known, request.action.name];
}

class Line<E extends Asking> {
  private basis: readonly unknown[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: { since: number; abort: AbortController } | null = null;
  private again = false;

  constructor(
    private readonly endpoint: E,
    private readonly question: Question<E>,
    private readonly store: Store,
    private readonly ask: Ask,
  ) {}

  look(): void {
    const { state } = this.store;
    if (state.opened === null || !this.question.wanted(state)) {
      return;
    }
    const basis = this.question.basis(state);
    const changed =
      basis.length !== this.basis.length || basis.some((part, at) => part !== this.basis[at]);
    if (changed) {
      this.basis = basis;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.start(), this.question.delay);
    }
  }

  /** Asks once more, though nothing has changed. */
  retry(): void {
    clearTimeout(this.timer);
    this.start();
  }

  private start(): void {
    if (this.running !== null) {
      if (performance.now() - this.running.since < PATIENCE) {
        this.again = true;
        setTimeout(() => this.again && this.start(), PATIENCE);
        return;
      }
      this.running.abort.abort();
    }
    this.again = false;
    const { state } = this.store;
    const { request, now, edits, locale } = state;
    const abort = new AbortController();
    const run = { since: performance.now(), abort };
    this.running = run;
    this.ask(this.endpoint, this.question.asked(state), abort.signal)
      .then(
        (answer) => this.done({ request, now, edits, locale }, answer),
        (error: unknown) => this.failed(error),
      )
      .finally(() => {
        if (this.running === run) {
          this.running = null;
          if (this.again) {
            this.start();
          }
        }
      });
  }

  private done(basis: Basis, answer: Endpoints[E][1]): void {
    const { [this.endpoint]: _gone, ...troubles } = this.store.state.troubles;
    this.store.set({ [this.endpoint]: { answer, basis }, troubles });
  }

  private failed(error: unknown): void {
    if (superseded(error)) {
      return;
    }
    if (!(error instanceof AskError)) {
      throw error;
    }
    const { troubles } = this.store.state;
    this.store.set({ troubles: { ...troubles, [this.endpoint]: error.trouble } });
  }
}

export interface Asker {
  /** Asks everything anew that went wrong. */
  retry(): void;
}

/** Starts to keep the answers up to the store's state. */
export function keepAnswers(store: Store, ask: Ask): Asker {
  const lines = (Object.keys(QUESTIONS) as Asking[]).map((endpoint): [Endpoint, Line<Asking>] => [
    endpoint,
    new Line(endpoint, QUESTIONS[endpoint] as Question<Asking>, store, ask),
  ]);
  const look = () => lines.forEach(([, line]) => line.look());
  store.subscribe(look);
  look();
  return {
    retry: () => {
      const { troubles } = store.state;
      lines.filter(([endpoint]) => endpoint in troubles).forEach(([, line]) => line.retry());
    },
  };
}
