/** What scenarios are called: by their case, and how its step would be told to somebody. */
import type { ScenarioName } from "./api";
import { type Saying, words } from "./humanise";
import { parseInstant, SECOND, sayInstant, sayLength } from "./moments";
import { small } from "./names";

/** "a case: 7 days 1 hour later", "a case: at 3 March 2026 09:00:00", "a case: owner, to 75". */
export function sayScenario({ name, step }: ScenarioName, say: Saying): string {
  return step === null ? name : `${name}: ${sayStep(step, say)}`;
}

function sayStep(step: NonNullable<ScenarioName["step"]>, say: Saying): string {
  if ("at" in step) {
    return say.t.stepAt(sayToTheLast(step.at, say));
  }
  if ("after" in step) {
    const after = BigInt(step.after);
    if (after === 0n) {
      return say.t.stepAtOnce;
    }
    const length = sayLength(after < 0n ? -after : after, say.locale);
    return after < 0n ? say.t.stepEarlier(length) : say.t.stepLater(length);
  }
  return step.parts.map((part) => small(say.names.code(part)?.text ?? words(part))).join(", ");
}

/** A moment with what it is beyond a whole second, which is what some steps are about. */
function sayToTheLast(at: string, { locale, zone }: Saying): string {
  const instant = parseInstant(at);
  if (instant === null) {
    return at;
  }
  const beyond = ((instant % SECOND) + SECOND) % SECOND;
  const said = sayInstant(instant, locale, zone);
  return beyond === 0n ? said : `${said} + ${sayLength(beyond, locale)}`;
}
