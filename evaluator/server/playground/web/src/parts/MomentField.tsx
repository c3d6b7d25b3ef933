/** The moment as text, as a wall time to pick, and the ways back to a moment that is known. */
import { useState } from "preact/hooks";

import { fromWall, parseInstant, realNow, toWall } from "../moments";
import { usePage, usePart, useSaying, useTexts } from "../page";
import { scenarioOf } from "../store";

export function MomentField() {
  const { actions } = usePage();
  const t = useTexts();
  const { zone } = useSaying();
  const now = usePart((state) => state.now);
  const scenario = usePart((state) => scenarioOf(state, state.scenario));
  const [draft, setDraft] = useState<string | null>(null);
  const instant = parseInstant(now) ?? 0n;
  const bad = draft !== null && parseInstant(draft) === null;
  return (
    <div class="moment">
      <label>
        <span>
          {t.moment} <span class="muted">{t.zone(zone)}</span>
        </span>
        <input
          type="datetime-local"
          step="1"
          value={toWall(instant, zone)}
          onInput={(event) => {
            const chosen = fromWall(event.currentTarget.value, zone);
            if (chosen !== null) {
              actions.moveToInstant(chosen);
            }
          }}
        />
      </label>
      <label>
        <span>{t.momentText}</span>
        <input
          type="text"
          class="mono"
          spellcheck={false}
          autocomplete="off"
          value={draft ?? now}
          aria-invalid={bad}
          aria-describedby={bad ? "moment-fault" : undefined}
          onInput={(event) => {
            setDraft(event.currentTarget.value);
            actions.moveTo(event.currentTarget.value);
          }}
          onBlur={() => setDraft(null)}
        />
      </label>
      <span class="moment-buttons">
        <button type="button" onClick={() => actions.moveTo(realNow())}>
          {t.realNow}
        </button>
        {scenario !== undefined && (
          <button
            type="button"
            aria-disabled={scenario.now === now}
            onClick={() => actions.moveTo(scenario.now)}
          >
            {t.scenarioNow}
          </button>
        )}
      </span>
      {bad && (
        <p class="fault" id="moment-fault">
          {t.badMoment}
        </p>
      )}
    </div>
  );
}
