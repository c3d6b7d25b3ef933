import assert from "node:assert/strict";
import { test } from "node:test";

import type { ScenarioName } from "./api";
import type { Saying } from "./humanise";
import { Names } from "./names";
import { sayScenario } from "./scenarios";
import { TEXTS } from "./texts";

const PACK = {
  defaultLocale: "en",
  titles: {},
  names: {
    types: {},
    actions: { remove_licenses: { en: "Remove licences", da: "Fjern licenser" } },
    attributes: {},
    values: {
      "subject.roles": { owner: { en: "Account owner", da: "Kontoejer" } },
      "context.effective": { renewal: { en: "Renewal", da: "Fornyelsen" } },
      "resource.lots.kind": { renewal: { en: "Renewal", da: "Fornyelse" } },
    },
  },
};

function say(locale: "en" | "da"): Saying {
  return { t: TEXTS[locale], locale, zone: "UTC", names: new Names(PACK, locale) };
}

const STEPS: [step: ScenarioName["step"], en: string, da: string][] = [
  [null, "a case", "a case"],
  [{ after: "0" }, "a case: at the start", "a case: fra begyndelsen"],
  [{ after: "608400000000000" }, "a case: 7 days 1 hour later", "a case: 7 dage 1 time senere"],
  [{ after: "-1" }, "a case: 1 ns earlier", "a case: 1 ns tidligere"],
  [
    { at: "2026-03-03T09:00:00Z" },
    "a case: at 3 March 2026 09:00:00",
    "a case: 3. marts 2026 09:00:00",
  ],
  [
    { at: "2026-03-03T09:00:00.000000001Z" },
    "a case: at 3 March 2026 09:00:00 + 1 ns",
    "a case: 3. marts 2026 09:00:00 + 1 ns",
  ],
  [{ parts: ["mca-renewed", "to-59"] }, "a case: mca renewed, to 59", "a case: mca renewed, to 59"],
  [
    { parts: ["owner", "remove_licenses"] },
    "a case: account owner, remove licences",
    "a case: kontoejer, fjern licenser",
  ],
  [{ parts: ["renewal"] }, "a case: renewal", "a case: renewal"],
];

for (const [step, en, da] of STEPS) {
  test(`a scenario is called "${en}"`, () => {
    const called = { name: "a case", step };
    assert.deepEqual([sayScenario(called, say("en")), sayScenario(called, say("da"))], [en, da]);
  });
}
