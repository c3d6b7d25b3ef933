/** What the edits change: definitions, scenarios decided otherwise, suites before and after. */
import { useState } from "preact/hooks";

import type { ChangesAnswer, ScenarioName } from "../api";
import { focusOn } from "../focusing";
import { usePage, usePart, useSaying, useTexts } from "../page";
import { sayScenario } from "../scenarios";
import { Icon } from "./Icon";
import { LineLink } from "./LineLink";

export function ChangesPanel() {
  const { actions } = usePage();
  const t = useTexts();
  const edits = usePart((state) => state.edits);
  const changes = usePart((state) => state.changes);
  const loads = usePart((state) => state.check?.answer.loads !== false);
  if (Object.keys(edits).length === 0) {
    return (
      <div class="changes">
        <h3>{t.changesNone}</h3>
        <p>{t.changesNoneHelp}</p>
      </div>
    );
  }
  const current = changes !== null && changes.basis.edits === edits;
  return (
    <div class="changes">
      <div class="changes-head">
        <h3>{t.changesTitle}</h3>
        <button
          type="button"
          onClick={() => {
            actions.revertAll();
            actions.announce(t.reverted);
            focusOn("panel-changes");
          }}
        >
          {t.revertAll}
        </button>
      </div>
      {!loads && <p class="stale-note">{t.changesUnloadable}</p>}
      {loads && !current && <p class="muted">{t.changesAsking}</p>}
      {changes !== null && <Answer answer={changes.answer} stale={!current} />}
    </div>
  );
}

function Answer({ answer, stale }: { answer: ChangesAnswer; stale: boolean }) {
  const t = useTexts();
  const { before, after, failing } = answer.suites;
  return (
    <div class={stale ? "stale" : ""} aria-busy={stale}>
      <Definitions edits={answer.edits} />
      <h4>{t.suites}</h4>
      <dl class="pairs">
        <div class="pair">
          <dt>{t.before}</dt>
          <dd>{t.suitesPassed(before.passed, before.failed)}</dd>
        </div>
        <div class="pair">
          <dt>{t.after}</dt>
          <dd class={after.failed > 0 ? "bad" : ""}>
            {t.suitesPassed(after.passed, after.failed)}
          </dd>
        </div>
      </dl>
      <h4>{answer.flips.length === 0 ? t.noFlips : t.flipsCount(answer.flips.length)}</h4>
      <p class="muted">{t.changesDecided(answer.decided)}</p>
      <Flips flips={answer.flips} />
      {answer.reasons.length > 0 && (
        <>
          <h4>{t.otherReasons}</h4>
          <Flips flips={answer.reasons} />
        </>
      )}
      {failing.length > 0 && (
        <details>
          <summary>{t.failing}</summary>
          <ul class="failing">
            {failing.map(({ scenario, name, step, differences, at }) => (
              <li key={scenario}>
                <ScenarioLink id={scenario} called={{ name, step }} /> <LineLink at={at} short />
                <ul>
                  {differences.map((difference, number) => (
                    <li key={number}>{difference}</li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Definitions({ edits }: { edits: ChangesAnswer["edits"] }) {
  const t = useTexts();
  return (
    <>
      <h4>{t.definitions}</h4>
      <ul class="definitions">
        {edits.map((edit, number) => (
          <li key={number}>
            <code>{edit.what}</code> <span class="muted">{t.editKinds[edit.kind]}</span>{" "}
            {edit.at && <LineLink at={edit.at} short />}
            <dl class="before-after">
              {(["before", "after"] as const).map(
                (side) =>
                  edit[side] !== null && (
                    <div key={side}>
                      <dt>{t[side]}</dt>
                      <dd>
                        <code>{edit[side]}</code>
                      </dd>
                    </div>
                  ),
              )}
            </dl>
          </li>
        ))}
      </ul>
    </>
  );
}

/** How many decisions are listed before more are asked for. */
const LISTED = 40;

function Flips({ flips }: { flips: ChangesAnswer["flips"] }) {
  const t = useTexts();
  const say = (decision: "allow" | "deny") => (decision === "allow" ? t.allow : t.deny);
  const [all, setAll] = useState(false);
  return (
    <ul class="flips">
      {flips.slice(0, all ? flips.length : LISTED).map((flip) => (
        <li key={flip.scenario}>
          <span class={`flip to-${flip.after}`}>
            <Icon name={flip.after === "allow" ? "check" : "lock"} />
            {flip.before === flip.after
              ? say(flip.after)
              : t.flip(say(flip.before), say(flip.after))}
          </span>{" "}
          <ScenarioLink id={flip.scenario} called={flip} />
          <span class="muted rules">
            {flip.rules.before.join(", ")} → {flip.rules.after.join(", ")}
          </span>
          {flip.at && <LineLink at={flip.at} short />}
        </li>
      ))}
      {flips.length > LISTED && !all && (
        <li>
          <button type="button" onClick={() => setAll(true)}>
            {t.showAllOf(flips.length)}
          </button>
        </li>
      )}
    </ul>
  );
}

function ScenarioLink({ id, called }: { id: string; called: ScenarioName }) {
  const { actions } = usePage();
  const t = useTexts();
  const name = sayScenario(called, useSaying());
  return (
    <button
      type="button"
      class="link"
      title={t.loadThis(name)}
      onClick={() => {
        actions.chooseScenario(id);
        actions.announce(t.loadedScenario(name));
      }}
    >
      {name}
    </button>
  );
}
