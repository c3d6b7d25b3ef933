/** The decision over time: a band of allow and deny, what is marked in it, and the moment to drag. */
import type { TimelineAnswer } from "../api";
import { parseInstant, sayDate, sayInstant } from "../moments";
import { usePage, usePart, useSaying, useTexts } from "../page";
import { Band } from "./Band";
import { Icon } from "./Icon";
import { MomentField } from "./MomentField";
import { type Stretch, stretches } from "./stretches";

export function TimeLine() {
  const t = useTexts();
  const timeline = usePart((state) => state.timeline?.answer ?? null);
  const stale = usePart((state) => state.check?.answer.loads === false);
  return (
    <section class={`time${stale ? " stale" : ""}`} aria-labelledby="time-title">
      <h3 id="time-title">{t.timeLine}</h3>
      {timeline !== null && <Shown timeline={timeline} />}
      <MomentField />
    </section>
  );
}

function Shown({ timeline }: { timeline: TimelineAnswer }) {
  const { actions } = usePage();
  const t = useTexts();
  const now = usePart((state) => parseInstant(state.now) ?? 0n);
  const all = stretches(timeline);
  const changes = all.slice(1).map(({ from }) => from);
  const previous = changes.filter((change) => change < now).at(-1);
  const next = changes.find((change) => change > now);
  return (
    <>
      <Band timeline={timeline} stretches={all} />
      <div class="time-text">
        <ChangeButton to={previous} icon="left" label={t.previousChange} />
        <Next stretches={all} now={now} />
        <ChangeButton to={next} icon="right" label={t.nextChange} />
      </div>
      {!timeline.complete && <p class="muted">{t.cutShort}</p>}
      <Marks timeline={timeline} />
    </>
  );

  function ChangeButton(props: { to: bigint | undefined; icon: "left" | "right"; label: string }) {
    return (
      <button
        type="button"
        class="quiet"
        aria-label={props.label}
        title={props.label}
        aria-disabled={props.to === undefined}
        onClick={() => props.to !== undefined && actions.moveToInstant(props.to)}
      >
        <Icon name={props.icon} />
      </button>
    );
  }
}

/** "Allowed until …, not allowed from … because …": what holds at the moment, and what comes. */
function Next({ stretches, now }: { stretches: readonly Stretch[]; now: bigint }) {
  const t = useTexts();
  const { locale, zone } = useSaying();
  const at = stretches.findIndex(({ from, until }) => from <= now && now < until);
  const present = stretches[at] ?? stretches.at(-1);
  if (present === undefined) {
    return <p class="next" />;
  }
  const other = stretches.slice(at + 1).find(({ decision }) => decision !== present.decision);
  const nearest = stretches[at + 1];
  const allowed = present.decision === "allow";
  if (at < 0 || nearest === undefined) {
    return <p class="next">{allowed ? t.allowedThroughout : t.deniedThroughout}.</p>;
  }
  if (other === undefined) {
    return (
      <p class="next">
        {allowed ? t.allowedThroughout : t.deniedThroughout}.{" "}
        {t.reasonsChangeAt(sayInstant(nearest.from, locale, zone))}.
      </p>
    );
  }
  const moment = sayInstant(other.from, locale, zone);
  const why = other.decision === "deny" ? other.messages[0] : undefined;
  return (
    <p class="next">
      {allowed ? t.allowedUntil(moment) : t.deniedUntil(moment)},{" "}
      <strong>{allowed ? t.thenDeniedFrom(moment) : t.thenAllowedFrom(moment)}</strong>
      {why !== undefined && <> {t.becauseOf(why)}</>}
      {why === undefined && "."}
    </p>
  );
}

/** The marks again as text: what the band draws small is read here, and can be gone to. */
function Marks({ timeline }: { timeline: TimelineAnswer }) {
  const { actions } = usePage();
  const t = useTexts();
  const { locale, zone } = useSaying();
  if (timeline.marks.length === 0) {
    return null;
  }
  return (
    <ul class="marks" aria-label={t.marks}>
      {timeline.marks.map((mark) => {
        const instant = parseInstant(mark.at);
        return (
          <li key={`${mark.at} ${mark.label}`}>
            <button type="button" class="link" onClick={() => actions.moveTo(mark.at)}>
              {mark.label}
            </button>{" "}
            <span class="muted">{instant === null ? mark.at : sayDate(instant, locale, zone)}</span>
          </li>
        );
      })}
    </ul>
  );
}
