/** The form: a part each for subject, action, resource and context, from the request's schema. */
import type { ComponentChildren } from "preact";

import { toJson } from "../actions";
import type { Json, Request } from "../api";
import { useNames, usePage, usePart, useSchemaLanguage, useTexts } from "../page";
import { get, type Path, set } from "../paths";
import { requestSchema, type Schema, schemaAt } from "../schema";
import { packOf } from "../store";
import { Fields } from "./Fields";
import { TextInput } from "./inputs";

export function RequestForm() {
  const { actions } = usePage();
  const t = useTexts();
  const called = useNames();
  const request = usePart((state) => state.request);
  const pack = usePart(packOf);
  const schema = requestSchema(pack, request.action.name);
  const types = pack?.types ?? [];
  const names = types.find(({ name }) => name === request.resource.type)?.actions ?? [];

  function change(path: Path, value: Json | undefined): void {
    actions.setRequest(set(toJson(request), path, value) as unknown as Request);
  }

  /** The fields of an object of the request that holds free attributes. */
  function attributes(path: Path): ComponentChildren {
    return (
      <Fields
        path={path}
        schema={schemaAt(schema, path)}
        value={get(toJson(request), path)}
        onChange={change}
      />
    );
  }

  return (
    <form class="form" onSubmit={(event) => event.preventDefault()}>
      <Section title={t.subject} described={schemaAt(schema, ["subject"])} help={t.subjectHelp}>
        {entity(["subject"], [])}
        {attributes(["subject", "properties"])}
      </Section>
      <Section title={t.action} described={schemaAt(schema, ["action"])} help={t.actionHelp}>
        <div class="field">
          <label class="field-name" for="action-name">
            {t.action}
          </label>
          <select
            id="action-name"
            value={request.action.name}
            onChange={(event) => actions.selectAction(event.currentTarget.value)}
          >
            {withOwn(names, request.action.name).map((name) => (
              <option key={name} value={name} lang={called.action(name).lang}>
                {called.action(name).text}
              </option>
            ))}
          </select>
        </div>
        {hasProperties(schemaAt(schema, ["action", "properties"])) &&
          attributes(["action", "properties"])}
      </Section>
      <Section title={t.resource} described={schemaAt(schema, ["resource"])} help={t.resourceHelp}>
        {entity(
          ["resource"],
          types.map(({ name }) => name),
        )}
        {attributes(["resource", "properties"])}
      </Section>
      <Section title={t.context} described={schemaAt(schema, ["context"])} help={t.contextHelp}>
        {attributes(["context"])}
      </Section>
    </form>
  );

  function entity(path: Path, types: readonly string[]): ComponentChildren {
    const prefix = path.join("-");
    const type = get(toJson(request), [...path, "type"]);
    const id = get(toJson(request), [...path, "id"]);
    return (
      <div class="field-row">
        <div class="field">
          <label class="field-name" for={`${prefix}-type`}>
            {t.type}
          </label>
          {types.length > 0 ? (
            <select
              id={`${prefix}-type`}
              value={String(type)}
              onChange={(event) => change([...path, "type"], event.currentTarget.value)}
            >
              {withOwn(types, String(type)).map((name) => (
                <option key={name} value={name} lang={called.type(name).lang}>
                  {called.type(name).text}
                </option>
              ))}
            </select>
          ) : (
            <TextInput
              id={`${prefix}-type`}
              value={String(type)}
              onChange={(value) => change([...path, "type"], value)}
            />
          )}
        </div>
        <div class="field">
          <label class="field-name" for={`${prefix}-id`}>
            {t.id}
          </label>
          <TextInput
            id={`${prefix}-id`}
            value={String(id)}
            onChange={(value) => change([...path, "id"], value)}
          />
        </div>
      </div>
    );
  }
}

interface SectionProps {
  readonly title: string;
  readonly described: Schema;
  /** What is said of it where the schema does not describe it. */
  readonly help: string;
  readonly children: ComponentChildren;
}

function Section({ title, described, help, children }: SectionProps) {
  const language = useSchemaLanguage();
  const { description } = described;
  return (
    <fieldset class="section">
      <legend>{title}</legend>
      <p class="help" lang={description === undefined ? undefined : language}>
        {description ?? help}
      </p>
      {children}
    </fieldset>
  );
}

function hasProperties(schema: Schema): boolean {
  return Object.keys(schema.properties ?? {}).length > 0;
}

function withOwn(names: readonly string[], own: string): readonly string[] {
  return names.includes(own) ? names : [...names, own];
}
