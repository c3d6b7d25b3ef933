/** The decision over time: a band of allow and deny, marks, and the moment to drag. */
import { useMemo } from "preact/hooks";

import type { TimelineAnswer } from "../api";
import { parseInstant, sayDate, sayInstant } from "../moments";
import { useMarkNames, usePage, usePart, useSaying, useTexts } from "../page";
import { Band } from "./Band";
import { Icon } from "./Icon";
import { MomentField } from "./MomentField";
import { around, type Stretch, stretches } from "./stretches";

export function TimeLine() {
  const t = useTexts();
  const timeline = usePart((state) => state.timeline?.answer ?? null);
  const stale = usePart((state) => state.check?.answer.loads === false);
  const all = useMemo(() => (timeline === null ? [] : stretches(timeline)), [timeline]);
  return (
    <section class={`time${stale ? " stale" : ""}`} aria-labelledby="time-title">
      <div class="time-head">
        <h3 id="time-title">{t.timeLine}</h3>
        <ChangeButtons stretches={all} />
      </div>
      {timeline === null ? (
        <div class="band-frame waiting" />
      ) : (
        <Band timeline={timeline} stretches={all} />
      )}
      <Present stretches={all} />
      {timeline?.complete === false && <p class="muted">{t.cutShort}</p>}
      <details class="moment-choice">
        <summary>{t.setMoment}</summary>
        <MomentField />
        {timeline !== null && <Marks timeline={timeline} />}
      </details>
    </section>
  );
}

function ChangeButtons({ stretches }: { stretches: readonly Stretch[] }) {
  const { actions } = usePage();
  const t = useTexts();
  const now = usePart((state) => state.now);
  const instant = parseInstant(now) ?? 0n;
  // Before the first change there is the beginning to go back to.
  const changes = stretches.length > 1 ? stretches.map(({ from }) => from) : [];
  const buttons = [
    ["left", t.previousChange, changes.filter((change) => change < instant).at(-1)],
    ["right", t.nextChange, changes.find((change) => change > instant)],
  ] as const;
  return (
    <span class="change-buttons">
      {buttons.map(([icon, label, to]) => (
        <button
          key={icon}
          type="button"
          class="quiet"
          aria-disabled={to === undefined}
          onClick={() => to !== undefined && actions.moveToInstant(to)}
        >
          {icon === "left" && <Icon name={icon} />}
          {label}
          {icon === "right" && <Icon name={icon} />}
        </button>
      ))}
    </span>
  );
}

/** The moment, and what other decision follows: "Not allowed from 10 March 2026 09:00:00." */
function Present({ stretches }: { stretches: readonly Stretch[] }) {
  const t = useTexts();
  const { locale, zone } = useSaying();
  const now = usePart((state) => state.now);
  const instant = parseInstant(now) ?? 0n;
  const { present, other } = around(stretches, instant);
  let follows = t.noChange;
  if (other !== undefined) {
    const moment = sayInstant(other.from, locale, zone);
    follows = other.decision === "allow" ? t.thenAllowedFrom(moment) : t.thenDeniedFrom(moment);
  }
  return (
    <p class="present">
      <strong>{sayInstant(instant, locale, zone)}</strong> <span class="muted">{t.zone(zone)}</span>
      {present !== undefined && <>. {follows}.</>}
    </p>
  );
}

/** The marks again as text: what the band draws small is read here, and can be gone to. */
function Marks({ timeline }: { timeline: TimelineAnswer }) {
  const { actions } = usePage();
  const t = useTexts();
  const { locale, zone } = useSaying();
  const nameOf = useMarkNames();
  const counts = new Map<string, number>();
  for (const { attribute } of timeline.marks) {
    const { text } = nameOf(attribute);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  if (timeline.marks.length === 0) {
    return null;
  }
  return (
    <ul class="marks" aria-label={t.marks}>
      {timeline.marks.map((mark) => {
        const instant = parseInstant(mark.at);
        const name = nameOf(mark.attribute, (counts.get(nameOf(mark.attribute).text) ?? 0) > 1);
        return (
          <li key={mark.attribute}>
            <button
              type="button"
              class="link"
              lang={name.lang}
              onClick={() => actions.moveTo(mark.at)}
            >
              {name.text}
            </button>{" "}
            <span class="muted">{instant === null ? mark.at : sayDate(instant, locale, zone)}</span>
          </li>
        );
      })}
    </ul>
  );
}
