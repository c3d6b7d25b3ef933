/** Picks a scenario: a button that opens a list of the suites' steps, which typing narrows. */
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";

import type { Scenario } from "../api";
import { toJson } from "../actions";
import { inLocale, type Saying } from "../humanise";
import { usePage, usePart, useSaying, useTexts } from "../page";
import { same } from "../paths";
import { sayScenario } from "../scenarios";
import { packOf, scenarioOf } from "../store";
import { Icon } from "./Icon";

export function ScenarioPicker() {
  const { actions } = usePage();
  const t = useTexts();
  const say = useSaying();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const scenario = usePart((state) => scenarioOf(state, state.scenario));
  const request = usePart((state) => state.request);
  const now = usePart((state) => state.now);
  const changed =
    scenario !== undefined &&
    (now !== scenario.now || !same(toJson(request), toJson(scenario.request)));
  const name =
    scenario === undefined
      ? t.ownScenario
      : changed
        ? t.changedScenario(sayScenario(scenario, say))
        : sayScenario(scenario, say);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div class="picker-frame">
      <button
        type="button"
        ref={button}
        class="scenario-button"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span class="muted">{t.scenario}: </span>
        <span class="scenario-name" title={name}>
          {name}
        </span>
        <Icon name="down" />
      </button>
      {changed && (
        <button
          type="button"
          class="quiet"
          aria-label={t.resetLong}
          title={t.resetLong}
          onClick={() => {
            actions.chooseScenario(scenario.id);
            actions.announce(t.loadedScenario(sayScenario(scenario, say)));
          }}
        >
          {t.reset}
        </button>
      )}
      {open && (
        <Choice
          onClose={close}
          onChoose={(chosen) => {
            actions.chooseScenario(chosen.id);
            actions.announce(t.loadedScenario(sayScenario(chosen, say)));
            close();
          }}
        />
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly onChoose: (scenario: Scenario) => void;
  readonly onClose: () => void;
}

function Choice({ onChoose, onClose }: ChoiceProps) {
  const t = useTexts();
  const id = useId();
  const pack = usePart(packOf);
  const locale = usePart((state) => state.locale);
  const all = pack?.scenarios ?? NONE;
  const titleOf = ({ suite, suiteTitle }: Scenario) =>
    inLocale(suiteTitle, locale, pack?.defaultLocale ?? "en") ?? suite;
  const chosen = usePart((state) => state.scenario);
  const say = useSaying();
  const [search, setSearch] = useState("");
  const found = useMemo(() => matching(all, search, titleOf, say), [all, search, say.names]);
  const [active, setActive] = useState(chosen ?? "");
  const at = Math.max(
    0,
    found.findIndex((one) => one.id === active),
  );
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    frame.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at, search]);
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !frame.current?.parentElement?.contains(event.target)) {
        onClose();
      }
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, []);

  function move(by: number): void {
    const to = found[Math.min(found.length - 1, Math.max(0, at + by))];
    setActive(to?.id ?? "");
  }

  function onKeyDown(event: KeyboardEvent): void {
    const moves: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 10,
      PageUp: -10,
    };
    const by = moves[event.key];
    const current = found[at];
    if (by !== undefined) {
      event.preventDefault();
      move(by);
    } else if (event.key === "Enter" && current !== undefined) {
      event.preventDefault();
      onChoose(current);
    } else if (event.key === "Escape") {
      event.preventDefault();
      onClose();
    }
  }

  return (
    <div
      class="popover"
      role="dialog"
      aria-label={t.chooseScenario}
      ref={frame}
      onFocusOut={(event) => {
        const to = event.relatedTarget;
        if (to instanceof Node && !frame.current?.contains(to)) {
          onClose();
        }
      }}
    >
      <input
        type="search"
        role="combobox"
        list={undefined}
        aria-label={t.findScenario}
        placeholder={t.findScenario}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={found[at] === undefined ? undefined : `${id}-${at}`}
        autocomplete="off"
        value={search}
        ref={(input) => {
          if (input !== null && !frame.current?.contains(document.activeElement)) {
            input.focus();
          }
        }}
        onInput={(event) => {
          setSearch(event.currentTarget.value);
          setActive("");
        }}
        onKeyDown={onKeyDown}
      />
      <p class="visually-hidden" role="status">
        {t.scenariosFound(found.length)}
      </p>
      <div class="options" role="listbox" id={`${id}-list`} aria-label={t.scenarios}>
        {groups(found, titleOf).map(({ suite, title, scenarios }) => (
          <div key={suite} role="group" aria-label={title}>
            <div class="suite" role="presentation">
              {title}
            </div>
            {scenarios.map(({ scenario, number }) => (
              <div
                key={scenario.id}
                id={`${id}-${number}`}
                role="option"
                class="option"
                aria-selected={number === at}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => onChoose(scenario)}
              >
                <span>{sayScenario(scenario, say)}</span>
                {scenario.decision !== null && (
                  <span class={`expects ${scenario.decision}`}>
                    <Icon name={scenario.decision === "deny" ? "lock" : "check"} />
                    {scenario.decision === "deny" ? t.deny : t.allow}
                  </span>
                )}
              </div>
            ))}
          </div>
        ))}
      </div>
      {found.length === 0 && <p class="muted">{t.noScenario}</p>}
    </div>
  );
}

const NONE: readonly Scenario[] = [];

/** The scenarios in whose name, suite or request every word that is sought occurs. */
function matching(
  all: readonly Scenario[],
  search: string,
  titleOf: (scenario: Scenario) => string,
  say: Saying,
): readonly Scenario[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) {
    return all;
  }
  return all.filter((scenario) => {
    const { id, request, decision } = scenario;
    const action = request.action.name;
    const called = say.names.action(action).text;
    // The id is what tests of suites are called elsewhere.
    const text = [id, sayScenario(scenario, say), titleOf(scenario), action, called, decision ?? ""]
      .join(" ")
      .toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

interface Group {
  readonly suite: string;
  readonly title: string;
  readonly scenarios: { scenario: Scenario; number: number }[];
}

function groups(found: readonly Scenario[], titleOf: (scenario: Scenario) => string): Group[] {
  const bySuite = new Map<string, Group>();
  found.forEach((scenario, number) => {
    const { suite } = scenario;
    const group = bySuite.get(suite) ?? { suite, title: titleOf(scenario), scenarios: [] };
    group.scenarios.push({ scenario, number });
    bySuite.set(suite, group);
  });
  return [...bySuite.values()];
}
