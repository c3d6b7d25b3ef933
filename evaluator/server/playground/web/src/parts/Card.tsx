/** The card: what the policy is about, drawn from pack and schema, with a button an action. */
import type { Decided, Json, Request } from "../api";
import { actionsOf } from "../asking";
import { languageOf, person, sayValue } from "../humanise";
import { attributeOf, small } from "../names";
import { useNarrow } from "../narrow";
import { useNames, usePage, usePart, useSaying, useTexts } from "../page";
import { isObject, type Path } from "../paths";
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
  const kind = useNames().type(request.resource.type);
  // On a phone there is room for one of them on the first screen: why it is off, and what helps.
  const parts = [<TimeLine key="time" />, <Verdict key="verdict" />];
  const ordered = useNarrow() ? parts.reverse() : parts;
  return (
    <section class="card" aria-labelledby="card-title" id="card" tabIndex={-1}>
      <header class="card-head">
        <h2 id="card-title">
          <span class="kind" lang={kind.lang}>
            {kind.text}
          </span>{" "}
          {request.resource.id}
        </h2>
        <Asker request={request} schema={schema} />
      </header>
      <ActionButtons />
      {ordered}
      <Outputs />
      {Object.keys(resource).length > 0 && (
        <section class="details" aria-labelledby="details-title">
          <h3 id="details-title">{t.details(small(kind.text))}</h3>
          <Details value={resource} path={["resource", "properties"]} schema={schema} />
        </section>
      )}
    </section>
  );
}

function Asker({ request, schema }: { request: Request; schema: Schema }) {
  const t = useTexts();
  const known = Object.entries(request.subject.properties ?? {});
  return (
    <p class="asker">
      <span class="muted">{t.asks} </span>
      <strong>{person(request)}</strong>
      {known.map(([key, value]) => (
        <Tags
          key={key}
          path={["subject", "properties", key]}
          value={value}
          schema={schemaAt(schema, ["subject", "properties", key])}
        />
      ))}
    </p>
  );
}

interface TagsProps {
  readonly path: Path;
  readonly value: Json;
  readonly schema: Schema;
}

/** What is known of who asks: the members of a list a tag each, anything else with its name. */
function Tags({ path, value, schema }: TagsProps) {
  const say = useSaying();
  const name = say.names.attribute(path, schema);
  const tags = tagsOf(value);
  const attribute = attributeOf(path);
  const ofList = Array.isArray(value);
  const below = tags === value ? (schema.items ?? {}) : schema;
  return (
    <span class="tags" title={name.text}>
      {ofList && (
        <span class="visually-hidden" lang={name.lang}>
          {name.text}:{" "}
        </span>
      )}
      {tags.map((tag, at) => (
        <span key={at} class="tag" lang={languageOf(tag, below, say, attribute)}>
          {ofList ? "" : `${name.text}: `}
          {sayValue(tag, below, say, attribute)}
        </span>
      ))}
      {ofList && value.length === 0 && (
        <span class="tag muted">
          {small(name.text)}: {say.t.none}
        </span>
      )}
    </span>
  );
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
  const called = useNames().action(name);
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
        lang={called.lang}
        onClick={onSelect}
      >
        {called.text}
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
