/** What a pressed remedy has changed, with the way back. */
import { useEffect, useRef } from "preact/hooks";

import type { DecisionJson } from "../api";
import { focusOn } from "../focusing";
import { sayValue } from "../humanise";
import { attributeOf } from "../names";
import { usePage, usePart, useSaying, useTexts } from "../page";
import { type Schema, schemaAt } from "../schema";
import type { Applied } from "../store";
import { Icon } from "./Icon";

interface AppliedRemedyProps {
  readonly schema: Schema;
  readonly decision: DecisionJson;
}

export function AppliedRemedy({ schema, decision }: AppliedRemedyProps) {
  const { actions } = usePage();
  const t = useTexts();
  const say = useSaying();
  const applied = usePart((state) => state.applied);
  const answered = usePart((state) => state.decide?.basis.request === state.applied?.after);
  const told = useRef<Applied | null>(null);
  const undo = useRef<HTMLButtonElement>(null);
  const changes = (applied?.differences ?? []).map(({ path, before, after }) => {
    const below = schemaAt(schema, path);
    const was = before === undefined && below.default !== undefined ? below.default : before;
    const attribute = attributeOf(path);
    return t.appliedChange(
      say.names.path(path, schema).text,
      sayValue(was, below, say, attribute),
      sayValue(after, below, say, attribute),
    );
  });
  const verdict = decision.decision === "allow" ? t.nowAllowed : t.stillDenied;
  useEffect(() => {
    if (applied !== null && answered && told.current !== applied) {
      told.current = applied;
      actions.announce([t.applied, ...changes, verdict].join(" "));
      // The pressed button has gone with its reason; without this the focus would be lost.
      if (document.activeElement === null || document.activeElement === document.body) {
        undo.current?.focus();
      }
    }
  });
  if (applied === null) {
    return null;
  }
  return (
    <div class="applied">
      <Icon name="check" />
      <span>
        {t.applied} {changes.join("; ")}. {answered && verdict}
      </span>
      <button
        type="button"
        ref={undo}
        onClick={() => {
          actions.undo();
          actions.announce(t.undone);
          focusOn("verdict");
        }}
      >
        {t.undo}
      </button>
    </div>
  );
}
