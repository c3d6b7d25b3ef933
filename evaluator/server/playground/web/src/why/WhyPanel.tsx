/** Why: each rule's condition as a tree, every sub-expression with its value. */
import { useState } from "preact/hooks";

import type { RuleExplained } from "../api";
import { usePart, useTexts } from "../page";
import { RuleTree } from "./RuleTree";

export function WhyPanel() {
  const t = useTexts();
  const rules = usePart((state) => state.explain?.answer.rules ?? null);
  const stale = usePart((state) => state.check?.answer.loads === false);
  const [everything, setEverything] = useState(false);
  if (rules === null) {
    return <p class="muted">{t.loading}</p>;
  }
  const decided = rules.filter(({ decisive }) => decisive);
  const others = rules.filter(({ decisive }) => !decisive);
  return (
    <div class={`why${stale ? " stale" : ""}`}>
      <h3>{t.whyTitle}</h3>
      <p class="help">{t.whyHelp}</p>
      <label class="inline">
        <input
          type="checkbox"
          checked={everything}
          onChange={(event) => setEverything(event.currentTarget.checked)}
        />
        {t.showAll}
      </label>
      {rules.length === 0 && <p>{t.whyNone}</p>}
      <RuleTree rules={decided} everything={everything} label={t.rulesDecided} open />
      {others.length > 0 && (
        <>
          <h4>{t.rulesOther(others.length)}</h4>
          <RuleTree
            rules={inOrder(others)}
            everything={everything}
            label={t.rulesOther(others.length)}
          />
        </>
      )}
    </div>
  );
}

const ORDER = ["fired", "error", "not fired", "not in force", "not reached"];

/** Those that fired come before those that did not. */
function inOrder(rules: readonly RuleExplained[]): RuleExplained[] {
  return [...rules].sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
}
