/** Until when a decision holds, and what comes then. */
import type { DecisionJson } from "../api";
import { parseInstant, SECOND, sayDistance, sayInstant } from "../moments";
import { usePart, useSaying, useTexts } from "../page";
import { Icon } from "./Icon";
import { around, stretches } from "./stretches";

/** What comes then is told as far as the time line knows it. */
export function Validity({ decision }: { decision: DecisionJson }) {
  const t = useTexts();
  const { locale, zone } = useSaying();
  const now = usePart((state) => state.now);
  const timeline = usePart((state) => state.timeline?.answer ?? null);
  const instant = parseInstant(now) ?? 0n;
  const until = decision.valid_until === null ? null : parseInstant(decision.valid_until);
  let text = t.holdsAlways;
  let then: string | null = null;
  if (until !== null) {
    const distance = until - instant < SECOND ? t.atOnce : sayDistance(instant, until, locale);
    text = until <= instant ? t.holdsNow : t.holdsUntil(sayInstant(until, locale, zone), distance);
    const next = timeline === null ? undefined : around(stretches(timeline), until).present;
    const verdict = decision.decision === "allow" ? t.allow : t.deny;
    if (next !== undefined && next.decision !== decision.decision) {
      const why = next.decision === "deny" ? next.messages[0] : undefined;
      const other = next.decision === "allow" ? t.allow : t.deny;
      then = t.thenIs(other) + (why === undefined ? "." : `, ${t.becauseOf(why)}`);
    } else if (next !== undefined && next.from === until) {
      then = `${t.thenOther(verdict)}.`;
    }
  }
  return (
    <p class="validity">
      <Icon name="clock" /> <strong>{text}</strong> {then}
    </p>
  );
}
