/** Keeps the answers up to the state: asks anew what has changed, one request an endpoint. */
import type { Endpoints, Trouble } from "./client";
import { type Ask, AskError, superseded } from "./client";
import type { Asking, Basis, State, Store } from "./store";

/** A request that runs longer is given up for a newer one; a shorter one is waited for. */
const PATIENCE = 150;

/** How often, and after how many milliseconds, what was too much at once is asked again unasked. */
const AGAIN = { times: 3, after: 800 };

interface Question<E extends Asking> {
  /** How long after a change it is asked, in milliseconds. */
  readonly delay: number;
  /** Whether each further change starts the delay anew: it is asked when typing has paused. */
  readonly settle: boolean;
  /** Whether anyone looks at the answer. */
  readonly wanted: (state: State) => boolean;
  /** What the answer depends on. */
  readonly basis: (state: State) => readonly unknown[];
  readonly asked: (state: State) => Endpoints[E][0];
}

const common = ({ edits, locale }: State) => ({ edits, locale });

const moment = (state: State) => ({ ...common(state), request: state.request, now: state.now });

/**
 * Without any pack there is nothing to decide by, nor while the policies cannot be loaded. That
 * they can be is taken for granted until the check says otherwise, so that deciding need not wait.
 */
const decidable = ({ opened, check }: State) =>
  opened !== null && opened.packs.length > 0 && check?.answer.loads !== false;

/** The same for what can wait for the check. */
const checked = (state: State) =>
  decidable(state) && (state.check === null || state.check.basis.edits === state.edits);

const QUESTIONS: { [E in Asking]: Question<E> } = {
  // What there is may change with packs, schemas and suites, but not while they cannot be loaded.
  open: {
    delay: 600,
    settle: true,
    wanted: ({ check, edits }) => check?.answer.loads === true && check.basis.edits === edits,
    basis: (state) => [JSON.stringify(shaping(state))],
    asked: common,
  },
  check: {
    delay: 30,
    settle: false,
    wanted: () => true,
    basis: ({ edits, locale }) => [edits, locale],
    asked: common,
  },
  decide: {
    delay: 30,
    settle: false,
    wanted: decidable,
    basis: ({ request, now, edits, locale }) => [request, now, edits, locale],
    asked: (state) => ({ ...moment(state), actions: actionsOf(state) }),
  },
  timeline: {
    delay: 120,
    settle: true,
    wanted: checked,
    basis: ({ request, edits, locale, anchor }) => [request, edits, locale, anchor],
    asked: moment,
  },
  explain: {
    delay: 120,
    settle: true,
    wanted: (state) => checked(state) && (state.tab === "why" || state.tab === "policy"),
    basis: ({ request, now, edits, locale }) => [request, now, edits, locale],
    asked: moment,
  },
  changes: {
    delay: 350,
    settle: true,
    wanted: (state) => checked(state) && Object.keys(state.edits).length > 0,
    basis: ({ edits, locale }) => [edits, locale],
    asked: common,
  },
};

/** The edits of files that shape the page: all but policies, or all where nothing can be loaded. */
function shaping({ edits, opened }: State): [string, string][] {
  const policies = new Set(
    opened?.files.filter(({ kind }) => kind === "policy").map(({ name }) => name),
  );
  const all = opened?.packs.length === 0;
  return Object.entries(edits).filter(([file]) => all || !policies.has(file));
}

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
  private basis: readonly unknown[];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: { since: number; abort: AbortController } | null = null;
  private again = false;
  private tries = 0;

  constructor(
    private readonly endpoint: E,
    private readonly question: Question<E>,
    private readonly store: Store,
    private readonly ask: Ask,
  ) {
    // The page has been opened already when the lines begin to look.
    this.basis = endpoint === "open" ? question.basis(store.state) : [];
  }

  look(): void {
    const { state } = this.store;
    if (state.opened === null) {
      return; // nothing has been asked yet; why it cannot be opened stays told
    }
    if (!this.question.wanted(state)) {
      this.drop();
      return;
    }
    const basis = this.question.basis(state);
    const changed =
      basis.length !== this.basis.length || basis.some((part, at) => part !== this.basis[at]);
    if (changed) {
      this.basis = basis;
      this.tries = 0;
      this.plan(this.question.delay, this.question.settle);
    }
  }

  /** Asks once more, though nothing has changed. */
  retry(): void {
    this.tries = 0;
    this.plan(0, true);
  }

  /** Nobody wants the answer any more, nor to know why there is none. */
  private drop(): void {
    if (this.timer !== undefined || this.running !== null) {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.running?.abort.abort();
      this.running = null;
      this.again = false;
      this.basis = [];
    }
    const { [this.endpoint]: gone, ...troubles } = this.store.state.troubles;
    if (gone !== undefined) {
      this.store.set({ troubles });
    }
  }

  private plan(delay: number, anew: boolean): void {
    if (this.timer !== undefined && !anew) {
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.start();
    }, delay);
  }

  private start(): void {
    if (this.running !== null) {
      if (performance.now() - this.running.since < PATIENCE) {
        this.again = true;
        this.plan(PATIENCE, false);
        return;
      }
      this.running.abort.abort();
    }
    this.again = false;
    const { state } = this.store;
    const { request, now, edits, locale } = state;
    const run = { since: performance.now(), abort: new AbortController() };
    this.running = run;
    this.ask(this.endpoint, this.question.asked(state), run.abort.signal)
      .then(
        (answer) => this.done({ request, now, edits, locale }, answer),
        (error: unknown) => this.failed(error, this.running === run),
      )
      .finally(() => {
        if (this.running === run) {
          this.running = null;
          if (this.again) {
            clearTimeout(this.timer);
            this.timer = undefined;
            this.start();
          }
        }
      });
  }

  private done(basis: Basis, answer: Endpoints[E][1]): void {
    const { [this.endpoint]: _gone, ...troubles } = this.store.state.troubles;
    if (this.endpoint === "open") {
      const opened = answer as Endpoints["open"][1];
      const files = this.store.state.opened?.files ?? opened.files;
      this.store.set({ opened: { ...opened, files }, troubles });
    } else {
      this.store.set({ [this.endpoint]: { answer, basis }, troubles });
    }
  }

  /** `current`: no newer question has taken the place of this one, nor has it been dropped. */
  private failed(error: unknown, current: boolean): void {
    if (superseded(error) && !(current && error instanceof AskError)) {
      return;
    }
    if (!(error instanceof AskError)) {
      throw error;
    }
    if (passing(error.trouble) && this.tries < AGAIN.times) {
      this.tries += 1;
      this.plan(superseded(error) ? this.question.delay : AGAIN.after * this.tries, false);
      return;
    }
    const { troubles } = this.store.state;
    this.store.set({ troubles: { ...troubles, [this.endpoint]: error.trouble } });
  }
}

/** Whether it is likely to go well a moment later: also where the server saw an older one last. */
function passing({ error }: Trouble): boolean {
  return error === "too-many" || error === "busy" || error === "superseded";
}

export interface Asker {
  /** Asks everything anew that went wrong. */
  retry(): void;
}

/** Starts to keep the answers up to the store's state. */
export function keepAnswers(store: Store, ask: Ask): Asker {
  const lines = (Object.keys(QUESTIONS) as Asking[]).map((endpoint): [Asking, Line<Asking>] => [
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
