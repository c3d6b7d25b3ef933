/** What is decided of the selected action: the verdict, each reason, what helps, until when. */
import { useEffect, useRef, useState } from "preact/hooks";

import type { Decided, DecisionJson, Request } from "../api";
import { languageOf, person, sayValue, title } from "../humanise";
import { attributeOf, small } from "../names";
import { useNames, usePage, usePart, useSaying, useTexts } from "../page";
import { requestSchema, type Schema, schemaAt } from "../schema";
import { type Applied, packOf } from "../store";
import { AppliedRemedy } from "./AppliedRemedy";
import { Icon } from "./Icon";
import { LineLink } from "./LineLink";
import { ReasonText } from "./ReasonText";
import { Remedies } from "./Remedies";
import { Validity } from "./Validity";

export function Verdict() {
  const t = useTexts();
  const request = usePart((state) => state.request);
  const pack = usePart(packOf);
  const schema = requestSchema(pack, request.action.name);
  const decided = usePart((state) => state.decide?.answer.decisions[state.request.action.name]);
  const stale = usePart((state) => state.check?.answer.loads === false);
  const names = useNames();
  const pending = usePending();
  useTold(decided?.decision.decision);
  if (decided === undefined) {
    return <div class="verdict waiting">{t.noDecision}</div>;
  }
  const { decision } = decided;
  const denied = decision.decision === "deny";
  const who = person(request);
  const what = small(names.action(request.action.name).text);
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
  const names = useNames();
  const request = usePart((state) => state.request);
  const told = useRef<string | null>(null);
  const remedied = useRef<Applied | null>(null);
  useEffect(() => {
    if (effect === undefined) {
      return;
    }
    const say = effect === "allow" ? t.may : t.mayNot;
    const sentence = say(person(request), small(names.action(request.action.name).text));
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
        const name = say.names.path(path, schema);
        const below = schemaAt(schema, path);
        const attribute = attributeOf(path);
        return (
          <span key={key}>
            {at > 0 && ", "}
            <span lang={name.lang}>{small(name.text)}</span>{" "}
            <strong lang={languageOf(value, below, say, attribute)}>
              {sayValue(value, below, say, attribute)}
            </strong>
          </span>
        );
      })}
    </p>
  );
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
