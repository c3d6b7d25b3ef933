/** The card: what the policy is about, drawn from pack and schema, with a button an action. */
import type { Decided, Json, Request } from "../api";
import { actionsOf } from "../asking";
import { capitalised, person, sayValue, title, words } from "../humanise";
import { usePage, usePart, useSaying, useSchemaLanguage, useTexts } from "../page";
import { isObject } from "../paths";
import { requestSchema, type Schema, schemaAt } from "../schema";
import { packOf } from "../store";
import { Details } from "./Details";
import { Icon } from "./Icon";
import { Outputs } from "./Outputs";
import { TimeLine } from "./TimeLine";
import { Verdict } from "./Verdict";

export function Card() {
  const request = usePart((state) => state.request);
  const pack = usePart(packOf);
  const t = useTexts();
  const schema = requestSchema(pack, request.action.name);
  const resource = request.resource.properties ?? {};
  const kind = title(request.resource.type);
  const language = useSchemaLanguage();
  return (
    <section class="card" aria-labelledby="card-title" id="card" tabIndex={-1}>
      <header class="card-head">
        <h2 id="card-title">
          <span class="kind" lang={language}>
            {kind}
          </span>{" "}
          {request.resource.id}
        </h2>
        <Asker request={request} schema={schemaAt(schema, ["subject", "properties"])} />
      </header>
      <ActionButtons />
      <TimeLine />
      <Verdict />
      <Outputs />
      {Object.keys(resource).length > 0 && (
        <section class="details" aria-labelledby="details-title">
          <h3 id="details-title">{t.details(words(request.resource.type))}</h3>
          <Details value={resource} schema={schemaAt(schema, ["resource", "properties"])} />
        </section>
      )}
    </section>
  );
}

function Asker({ request, schema }: { request: Request; schema: Schema }) {
  const t = useTexts();
  const say = useSaying();
  const known = Object.entries(request.subject.properties ?? {});
  const language = useSchemaLanguage();
  return (
    <p class="asker">
      <span class="muted">{t.asks} </span>
      <strong>{person(request)}</strong>
      {known.map(([key, value]) => (
        <span key={key} class="tags" title={title(key)} lang={language}>
          <span class="visually-hidden">{title(key)}: </span>
          {tagsOf(value).map((tag, at) => (
            <span key={at} class="tag">
              {Array.isArray(value) ? title(String(tag)) : labelled(key, tag, schema)}
            </span>
          ))}
          {Array.isArray(value) && value.length === 0 && (
            <span class="tag muted">
              {words(key)}: {t.none}
            </span>
          )}
        </span>
      ))}
    </p>
  );

  function labelled(key: string, value: Json, within: Schema): string {
    return `${title(key)}: ${sayValue(value, schemaAt(within, [key]), say)}`;
  }
}

/** The members of a list of plain values, or the one value. */
function tagsOf(value: Json): Json[] {
  return Array.isArray(value) && value.every((item) => !isObject(item) && !Array.isArray(item))
    ? value
    : Array.isArray(value) && value.length === 0
      ? []
      : [value];
}

function ActionButtons() {
  const { actions } = usePage();
  const t = useTexts();
  const request = usePart((state) => state.request);
  const opened = usePart((state) => state.opened);
  const pack = usePart(packOf);
  const decisions = usePart((state) => state.decide?.answer.decisions);
  const { store } = usePage();
  const names = opened === null || pack === undefined ? [] : actionsOf(store.state);
  return (
    <div class="actions" role="group" aria-label={t.actionsOf(person(request))}>
      {names.map((name) => (
        <ActionButton
          key={name}
          name={name}
          decided={decisions?.[name]}
          selected={name === request.action.name}
          onSelect={() => actions.selectAction(name)}
        />
      ))}
    </div>
  );
}

interface ActionButtonProps {
  readonly name: string;
  readonly decided: Decided | undefined;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

/** Greyed, it can still be reached and pressed: pressing shows why it is off. */
function ActionButton({ name, decided, selected, onSelect }: ActionButtonProps) {
  const t = useTexts();
  const language = useSchemaLanguage();
  const decision = decided?.decision;
  const denied = decision?.decision === "deny";
  const reason = denied ? decision.reasons[0]?.message : undefined;
  const state = decision === undefined ? t.noDecision : denied ? t.deny : t.allow;
  const id = `action-${name}`;
  return (
    <div class="action">
      <button
        type="button"
        class="action-button"
        aria-pressed={selected}
        aria-disabled={denied}
        aria-describedby={id}
        lang={language}
        onClick={onSelect}
      >
        {capitalised(words(name))}
      </button>
      <span class="action-state" aria-hidden="true">
        {denied && <Icon name="lock" />} {state}
      </span>
      <span class="visually-hidden" id={id}>
        {reason === undefined ? state : `${state}: ${reason}`}
      </span>
    </div>
  );
}
