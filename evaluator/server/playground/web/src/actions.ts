/** What the reader can do: each changes the store once, and says so where that is not seen. */
import type { PackInfo, Place, Request, Scenario } from "./api";
import type { Locale } from "./bridge";
import { parseInstant, printInstant } from "./moments";
import { differences, isObject, same } from "./paths";
import { firstValue, requestSchema, schemaAt } from "./schema";
import { scenarioOf, type State, type Store, type Tab, type ThemeChoice } from "./store";

export class Actions {
  constructor(private readonly store: Store) {}

  private get state(): State {
    return this.store.state;
  }

  choosePack(name: string): void {
    const pack = this.state.opened?.packs.find((one) => one.name === name);
    if (pack === undefined) {
      return;
    }
    const first = pack.scenarios.find(({ id }) => id === pack.start) ?? pack.scenarios[0];
    this.store.set({
      pack: name,
      file: "",
      decide: null,
      timeline: null,
      explain: null,
      ...(first === undefined
        ? {
            scenario: null,
            applied: null,
            request: firstRequest(pack, this.state.now),
          }
        : begin(first)),
    });
  }

  private firstFile(): string {
    const { opened, pack } = this.state;
    const files = opened?.files.filter((file) => file.pack === pack) ?? [];
    const policy = files.find((file) => file.kind === "policy") ?? files[0];
    return policy?.name ?? "";
  }

  chooseScenario(id: string): void {
    const scenario = scenarioOf(this.state, id);
    if (scenario !== undefined) {
      this.store.set(begin(scenario));
    }
  }

  setRequest(request: Request): void {
    if (!same(toJson(request), toJson(this.state.request))) {
      this.store.set({ request, applied: null });
    }
  }

  selectAction(name: string): void {
    if (name !== this.state.request.action.name) {
      const { request } = this.state;
      const action = { ...request.action, name };
      this.store.set({ request: { ...request, action }, applied: null });
    }
  }

  /** Applies what a remedy sets: `changed` is the request after it, as the server has tried it. */
  applyRemedy(remedy: string, changed: Request): void {
    const before = this.state.request;
    const applied = {
      remedy,
      before,
      after: changed,
      differences: differences(toJson(before), toJson(changed)),
    };
    this.store.set({ request: changed, applied });
  }

  undo(): void {
    const { applied } = this.state;
    if (applied !== null) {
      this.store.set({ request: applied.before, applied: null });
    }
  }

  /** Goes to a moment. What is no RFC 3339 date-time is left alone. */
  moveTo(moment: string): void {
    const instant = parseInstant(moment);
    if (instant !== null) {
      this.moveToInstant(instant);
    }
  }

  moveToInstant(instant: bigint): void {
    const now = printInstant(instant);
    const { timeline } = this.state;
    const from = parseInstant(timeline?.answer.from ?? "");
    const until = parseInstant(timeline?.answer.until ?? "");
    const outside = from === null || until === null || instant < from || instant > until;
    if (now !== this.state.now) {
      this.store.set({ now, anchor: outside ? now : this.state.anchor });
    }
  }

  setEdit(file: string, text: string | null): void {
    const { [file]: _old, ...others } = this.state.edits;
    const onDisk = this.state.opened?.files.find(({ name }) => name === file)?.text;
    const edited = text !== null && text !== onDisk;
    this.store.set({ edits: edited ? { ...others, [file]: text } : others });
  }

  revertAll(): void {
    this.store.set({ edits: {}, changes: null });
  }

  openFile(file: string): void {
    this.store.set({ file });
  }

  /** Opens a tab; that of the policies at the rule that decided, when it is first opened. */
  openTab(tab: Tab): void {
    const { decide, request, file } = this.state;
    const [reason] = decide?.answer.decisions[request.action.name]?.decision.reasons ?? [];
    if (tab === "policy" && file === "" && reason?.at) {
      this.store.set({ tab, file: reason.at.file, shown: { place: reason.at, focus: false } });
    } else {
      this.store.set({ tab, file: file === "" ? this.firstFile() : file });
    }
  }

  /** Opens the editor at a place. */
  show(place: Place): void {
    this.store.set({ tab: "policy", file: place.file, shown: { place, focus: true } });
  }

  setLocale(locale: Locale): void {
    this.store.set({ locale });
    remember("playground.locale", locale);
  }

  setTheme(theme: ThemeChoice): void {
    this.store.set({ theme });
    remember("playground.theme", theme);
  }

  announce(announcement: string): void {
    // The same words twice are told twice: screen readers pass over a text that has not changed.
    const again = this.state.announcement === announcement;
    this.store.set({ announcement: again ? `${announcement}\u00a0` : announcement });
  }

  forget(endpoint: keyof State["troubles"]): void {
    const { [endpoint]: _gone, ...troubles } = this.state.troubles;
    this.store.set({ troubles });
  }
}

/** What is asked first where no scenario says it: as little as the schema leaves. */
function firstRequest(pack: PackInfo, now: string): Request {
  const [type] = pack.types;
  const name = type?.actions[0] ?? "";
  const schema = schemaAt(requestSchema(pack, name), ["resource", "properties"]);
  const properties = firstValue({ ...schema, type: "object" }, now);
  return {
    subject: { type: "user", id: "ann" },
    action: { name },
    resource: {
      type: type?.name ?? "",
      id: `${type?.name ?? "resource"}-1`,
      ...(isObject(properties) && Object.keys(properties).length > 0 ? { properties } : {}),
    },
  };
}

function begin({ id, request, now }: Scenario): Partial<State> {
  return { scenario: id, request, now, anchor: now, applied: null };
}

/** Requests are JSON, whatever their type says. */
export function toJson(request: Request): { [key: string]: never } {
  return request as unknown as { [key: string]: never };
}

/** Browsers may forbid storage; then the choice holds for this page only. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing to do: the choice is in the store.
  }
}

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
