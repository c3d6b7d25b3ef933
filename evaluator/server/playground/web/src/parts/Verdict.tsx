/** What is decided of the selected action: the verdict, each reason, what helps, until when. */
import { useEffect, useRef, useState } from "preact/hooks";

import type { Decided, DecisionJson, Reason, Remedy, Request } from "../api";
import { inLocale, person, sayPath, sayValue, title, words } from "../humanise";
import { parseInstant, SECOND, sayDistance, sayInstant } from "../moments";
import { usePage, usePart, useSaying, useTexts } from "../page";
import { differences, fromPointer } from "../paths";
import { requestSchema, type Schema, schemaAt } from "../schema";
import { type Applied, packOf } from "../store";
import { toJson } from "../actions";
import { AppliedRemedy } from "./AppliedRemedy";
import { Icon } from "./Icon";
import { LineLink } from "./LineLink";
import { around, stretches } from "./stretches";

export function Verdict() {
  const t = useTexts();
  const request = usePart((state) => state.request);
  const pack = usePart(packOf);
  const schema = requestSchema(pack, request.action.name);
  const decided = usePart((state) => state.decide?.answer.decisions[state.request.action.name]);
  const stale = usePart((state) => state.check?.answer.loads === false);
  const pending = usePending();
  useTold(decided?.decision.decision);
  if (decided === undefined) {
    return <div class="verdict waiting">{t.noDecision}</div>;
  }
  const { decision } = decided;
  const denied = decision.decision === "deny";
  const who = person(request);
  const what = words(request.action.name);
  return (
    <section
      class={`verdict ${decision.decision}${stale ? " stale" : ""}`}
      aria-labelledby="verdict-title"
      id="verdict"
      tabIndex={-1}
    >
      {stale && (
        <p class="stale-note">
          <Icon name="warning" /> {t.staleDecision}
        </p>
      )}
      <h3 id="verdict-title">
        <Icon name={denied ? "lock" : "check"} />
        {denied ? t.mayNot(who, what) : t.may(who, what)}
        {pending && <span class="pending">{t.deciding}</span>}
      </h3>
      <AppliedRemedy schema={schema} decision={decision} />
      <Asked request={request} schema={schema} />
      {denied && (
        <ul class="reasons" aria-label={t.reasonsCount(decision.reasons.length)}>
          {decision.reasons.map((reason) => (
            <li key={`${reason.policy ?? ""} ${reason.rule}`}>
              <ReasonText reason={reason} decided={decided} />
              <Remedies reason={reason} decided={decided} request={request} schema={schema} />
            </li>
          ))}
        </ul>
      )}
      {!denied && <AllowedBy decided={decided} />}
      <Validity decision={decision} />
      <Others decision={decision} />
    </section>
  );
}

/** How long a decision may take before the page says that it is deciding, in milliseconds. */
const NOTICEABLE = 400;

/** Whether what is shown has not been of the present request for a time that people notice. */
function usePending(): boolean {
  const behind = usePart(
    ({ check, decide, request, now, edits, troubles }) =>
      troubles.decide === undefined &&
      check?.answer.loads !== false &&
      (decide?.basis.request !== request ||
        decide.basis.now !== now ||
        decide.basis.edits !== edits),
  );
  const [pending, setPending] = useState(false);
  useEffect(() => {
    setPending(false);
    const timer = behind ? setTimeout(() => setPending(true), NOTICEABLE) : undefined;
    return () => clearTimeout(timer);
  }, [behind]);
  return pending;
}

/** Says the verdict to those who do not see it change; what a remedy changes is told by itself. */
function useTold(effect: "allow" | "deny" | undefined): void {
  const { actions, store } = usePage();
  const t = useTexts();
  const request = usePart((state) => state.request);
  const told = useRef<string | null>(null);
  const remedied = useRef<Applied | null>(null);
  useEffect(() => {
    if (effect === undefined) {
      return;
    }
    const say = effect === "allow" ? t.may : t.mayNot;
    const sentence = say(person(request), words(request.action.name));
    const { applied, decide } = store.state;
    if (told.current !== null && told.current !== sentence && remedied.current === applied) {
      actions.announce(sentence);
    }
    if (applied === null || decide?.basis.request === applied.after) {
      remedied.current = applied;
    }
    told.current = sentence;
  });
}

/** The change that is asked for: what the context of the request says, but the moment. */
function Asked({ request, schema }: { request: Request; schema: Schema }) {
  const t = useTexts();
  const say = useSaying();
  const given = Object.entries(request.context ?? {}).filter(([key]) => key !== "time");
  if (given.length === 0) {
    return null;
  }
  return (
    <p class="asked">
      <span class="muted">{t.asked}: </span>
      {given.map(([key, value], at) => {
        const path = ["context", key];
        return (
          <span key={key}>
            {at > 0 && ", "}
            {words(sayPath(path, schema))}{" "}
            <strong>{sayValue(value, schemaAt(schema, path), say)}</strong>
          </span>
        );
      })}
    </p>
  );
}

function ReasonText({ reason, decided }: { reason: Reason; decided: Decided }) {
  const t = useTexts();
  const say = useSaying();
  const pack = usePart(packOf);
  const policy = reason.policy === null ? undefined : decided.policies[reason.policy];
  const policyTitle = inLocale(policy, say.locale, pack?.defaultLocale ?? "en");
  return (
    <>
      <p class="reason">{reason.message}</p>
      {reason.description && <p class="description">{reason.description}</p>}
      {reason.kind === "indeterminate" && <p class="description">{t.indeterminate}</p>}
      <p class="source">
        {reason.at && <LineLink at={reason.at} />}
        <span class="rule">{reason.rule}</span>
        {policyTitle && <span class="muted">{policyTitle}</span>}
      </p>
    </>
  );
}

interface RemediesProps {
  readonly reason: Reason;
  readonly decided: Decided;
  readonly request: Request;
  readonly schema: Schema;
}

function Remedies({ reason, decided, request, schema }: RemediesProps) {
  const t = useTexts();
  if (reason.remedies.length === 0) {
    return <p class="muted">{t.noHelp}</p>;
  }
  return (
    <div class="remedies">
      <h4>{t.whatHelps}</h4>
      <ul>
        {reason.remedies.map((remedy) => (
          <li key={remedy.id}>
            <RemedyText
              remedy={remedy}
              tried={decided.remedies.find(
                (one) => one.rule === reason.rule && one.remedy === remedy.id,
              )}
              request={request}
              schema={schema}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface RemedyTextProps {
  readonly remedy: Remedy;
  readonly tried: Decided["remedies"][number] | undefined;
  readonly request: Request;
  readonly schema: Schema;
}

function RemedyText({ remedy, tried, request, schema }: RemedyTextProps) {
  const { actions } = usePage();
  const t = useTexts();
  const changed = tried?.changed ?? null;
  if (Object.keys(remedy.sets).length === 0 || changed === null) {
    return (
      <>
        <p class="remedy">{remedy.message}</p>
        <p class="tried muted">
          {Object.keys(remedy.sets).length === 0 ? t.outsideHere : t.notTried}
        </p>
      </>
    );
  }
  return (
    <>
      <p class="remedy">{remedy.message}</p>
      <div class="do">
        <button
          type="button"
          class="primary"
          aria-label={t.doThisLong(remedy.message)}
          onClick={() => actions.applyRemedy(remedy.message, changed)}
        >
          {t.doThis}
        </button>
        <span class="sets">
          <Changes remedy={remedy} request={request} changed={changed} schema={schema} />
        </span>
        <Tried tried={tried} />
      </div>
    </>
  );
}

interface ChangesProps {
  readonly remedy: Remedy;
  readonly request: Request;
  readonly changed: Request;
  readonly schema: Schema;
}

function Changes({ remedy, request, changed, schema }: ChangesProps) {
  const t = useTexts();
  const say = useSaying();
  const found = differences(toJson(request), toJson(changed));
  const shown =
    found.length > 0
      ? found
      : Object.entries(remedy.sets).map(([pointer, after]) => ({
          path: fromPointer(pointer),
          after: after ?? undefined,
        }));
  return (
    <>
      {shown
        .map(({ path, after }) => {
          const name = sayPath(path, schema);
          return after === undefined
            ? t.wouldRemove(name)
            : t.wouldSet(name, sayValue(after, schemaAt(schema, path), say));
        })
        .join("; ")}
    </>
  );
}

function Tried({ tried }: { tried: Decided["remedies"][number] | undefined }) {
  const t = useTexts();
  if (tried?.then === "allow") {
    return (
      <span class="tried good">
        <Icon name="check" /> {t.thenAllowed}
      </span>
    );
  }
  const told =
    tried?.lifts === true ? t.reasonGoes : tried?.lifts === false ? t.wouldNotHelp : t.notTried;
  return <span class="tried muted">{told}</span>;
}

function AllowedBy({ decided }: { decided: Decided }) {
  return (
    <ul class="reasons allowed">
      {decided.decision.reasons.map((reason) => (
        <li key={`${reason.policy ?? ""} ${reason.rule}`}>
          <ReasonText reason={reason} decided={decided} />
        </li>
      ))}
    </ul>
  );
}

/** Until when the decision holds, and what comes then, as far as the time line knows. */
function Validity({ decision }: { decision: DecisionJson }) {
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

function Others({ decision }: { decision: DecisionJson }) {
  const t = useTexts();
  return (
    <>
      {decision.notices.length > 0 && (
        <div class="others">
          <h4>{t.notices}</h4>
          <ul>
            {decision.notices.map((notice) => (
              <li key={`${notice.policy} ${notice.rule}`}>
                {notice.message} <LineLink at={notice.at} short />
              </li>
            ))}
          </ul>
        </div>
      )}
      {decision.errors.length > 0 && (
        <div class="others">
          <h4>{t.errors}</h4>
          <ul>
            {decision.errors.map((failure, at) => (
              <li key={at}>
                {title(failure.remedy ?? failure.output ?? failure.rule ?? failure.policy)}:{" "}
                {failure.message}
                {failure.at && (
                  <>
                    {" "}
                    <LineLink at={{ ...failure.at, from: -1, to: -1 }} short />
                  </>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
