/** The band itself, with a handle that can be dragged and moved by keys. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import type { TimelineAnswer } from "../api";
import { DAY, HOUR, offset, parseInstant, SECOND, sayDay, sayInstant, sayTime } from "../moments";
import { useMarkNames, usePage, usePart, useSaying, useTexts } from "../page";
import { Icon } from "./Icon";
import {
  around,
  freeLabels,
  instantAt,
  placeOf,
  rounded,
  type Span,
  type Stretch,
  ticks,
} from "./stretches";

/** How near to a change the pointer snaps to it, in pixels. */
const SNAP = 7;

interface BandProps {
  readonly timeline: TimelineAnswer;
  readonly stretches: readonly Stretch[];
}

export function Band({ timeline, stretches }: BandProps) {
  const { actions } = usePage();
  const t = useTexts();
  const { locale, zone } = useSaying();
  const band = useRef<HTMLDivElement>(null);
  const now = usePart((state) => state.now);
  const instant = parseInstant(now) ?? 0n;
  const span: Span = useMemo(
    () => ({
      from: parseInstant(timeline.from) ?? 0n,
      until: parseInstant(timeline.until) ?? 0n,
    }),
    [timeline],
  );
  const changes = useMemo(() => stretches.slice(1).map(({ from }) => from), [stretches]);
  const nameOf = useMarkNames();
  const marks = useMemo(
    () =>
      timeline.marks.flatMap(({ at, attribute }) => {
        const instant = parseInstant(at);
        const label = nameOf(attribute).text;
        return instant === null
          ? []
          : [{ instant, attribute, label, place: placeOf(instant, span) }];
      }),
    [timeline, nameOf],
  );
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const element = band.current;
    if (element === null) {
      return;
    }
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { present } = around(stretches, instant);
  const verdict = (present ?? stretches.at(-1))?.decision === "allow" ? t.allow : t.deny;
  return (
    <div class="band-frame">
      <div class="band-marks" aria-hidden="true">
        {marks.map(({ place, attribute, label }) => (
          <span key={attribute} class="band-mark" title={label} style={{ left: percent(place) }} />
        ))}
        {freeLabels(marks, width).map(({ place, label, before }) => (
          <span
            key={place}
            class={`mark-label${before ? " before" : ""}`}
            style={{ left: percent(place) }}
          >
            {label}
          </span>
        ))}
      </div>
      <div
        class="band"
        ref={band}
        title={t.snapHelp}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) {
            drag(event);
          }
        }}
      >
        {stretches.map((stretch) => (
          <Segment key={String(stretch.from)} stretch={stretch} span={span} width={width} />
        ))}
        <div
          class="handle"
          role="slider"
          tabIndex={0}
          aria-label={t.moment}
          aria-describedby="slider-help"
          aria-valuemin={Number(span.from / SECOND)}
          aria-valuemax={Number(span.until / SECOND)}
          aria-valuenow={Number(instant / SECOND)}
          aria-valuetext={t.sliderText(sayInstant(instant, locale, zone), verdict)}
          style={{ left: percent(placeOf(instant, span)) }}
          onKeyDown={(event) => {
            const to = byKey(event);
            if (to !== null) {
              event.preventDefault();
              actions.moveToInstant(to);
            }
          }}
        />
      </div>
      <div class="ticks" aria-hidden="true">
        {ticks(span, Math.max(2, Math.floor(width / 78)), offset(span.from, zone)).map(
          ({ at, clock, year }) => {
            const place = placeOf(at, span);
            const edge = place < 0.06 ? " first" : place > 0.94 ? " last" : "";
            return (
              <span key={String(at)} class={`tick${edge}`} style={{ left: percent(place) }}>
                {clock ? sayTime(at, locale, zone) : sayDay(at, locale, zone, year)}
              </span>
            );
          },
        )}
      </div>
      <span class="visually-hidden" id="slider-help">
        {t.sliderHelp}
      </span>
      <ol class="visually-hidden" aria-label={t.changesInTime}>
        {stretches.map(({ decision, from, until, messages }) => (
          <li key={String(from)}>
            {t.segment(
              decision === "allow" ? t.allow : t.deny,
              sayInstant(from, locale, zone),
              sayInstant(until, locale, zone),
            )}
            {decision === "deny" && messages[0] !== undefined && `, ${t.becauseOf(messages[0])}`}
          </li>
        ))}
      </ol>
    </div>
  );

  function drag(event: PointerEvent): void {
    const box = band.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) {
      return;
    }
    const at = event.clientX - box.left;
    const near = [...changes, ...marks.map((mark) => mark.instant)]
      .map((change) => ({ change, distance: Math.abs(placeOf(change, span) * box.width - at) }))
      .sort((one, other) => one.distance - other.distance)[0];
    if (!event.altKey && near !== undefined && near.distance <= SNAP) {
      actions.moveToInstant(near.change);
    } else {
      const free = instantAt(at / box.width, span);
      actions.moveToInstant(event.altKey ? free : rounded(free, span));
    }
  }

  function byKey(event: KeyboardEvent): bigint | null {
    const forward = event.key === "ArrowRight" || event.key === "ArrowUp";
    switch (event.key) {
      case "ArrowRight":
      case "ArrowUp":
      case "ArrowLeft":
      case "ArrowDown":
        if (event.shiftKey) {
          return forward ? instant + HOUR : instant - HOUR;
        }
        return forward
          ? (changes.find((change) => change > instant) ?? span.until)
          : (changes.filter((change) => change < instant).at(-1) ?? span.from);
      case "PageUp":
        return instant + DAY;
      case "PageDown":
        return instant - DAY;
      case "Home":
        return span.from;
      case "End":
        return span.until;
      default:
        return null;
    }
  }
}

interface SegmentProps {
  readonly stretch: Stretch;
  readonly span: Span;
  readonly width: number;
}

function Segment({ stretch, span, width }: SegmentProps) {
  const t = useTexts();
  const from = placeOf(stretch.from, span);
  const until = placeOf(stretch.until, span);
  const denied = stretch.decision === "deny";
  return (
    <div
      class={`segment ${stretch.decision}`}
      style={{ left: percent(from), width: percent(until - from) }}
      aria-hidden="true"
    >
      {(until - from) * width > 110 && (
        <span class="segment-label">
          <Icon name={denied ? "lock" : "check"} /> {denied ? t.deny : t.allow}
        </span>
      )}
    </div>
  );
}

function percent(place: number): string {
  return `${(place * 100).toFixed(3)}%`;
}
