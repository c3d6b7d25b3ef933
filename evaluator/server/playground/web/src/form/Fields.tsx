/** The fields of an object, one for each attribute of its schema, and JSON for the others. */
import { useId, useState } from "preact/hooks";

import type { Json } from "../api";
import { focusInside, focusOn } from "../focusing";
import { sayValue } from "../humanise";
import { attributeOf, type Name } from "../names";
import { useNames, usePart, useSaying, useSchemaLanguage, useTexts } from "../page";
import { isObject, type Path } from "../paths";
import { type Fault, faultOf, firstValue, fits, kindOf, type Schema, schemaAt } from "../schema";
import {
  ChoiceInput,
  ChoicesInput,
  InstantInput,
  JsonInput,
  NumberInput,
  SwitchInput,
  TextInput,
} from "./inputs";

export type Change = (path: Path, value: Json | undefined) => void;

interface FieldsProps {
  readonly path: Path;
  readonly schema: Schema;
  readonly value: Json | undefined;
  readonly onChange: Change;
}

export function Fields({ path, schema, value, onChange }: FieldsProps) {
  const t = useTexts();
  const names = useNames();
  const known = Object.keys(schema.properties ?? {});
  const given = isObject(value) ? value : {};
  const others = Object.fromEntries(Object.entries(given).filter(([key]) => !known.includes(key)));
  const open = schema.additionalProperties !== false || Object.keys(others).length > 0;
  return (
    <>
      {known.map((key) => (
        <Field
          key={key}
          name={names.attribute([...path, key], schemaAt(schema, [key]))}
          path={[...path, key]}
          schema={schemaAt(schema, [key])}
          value={given[key]}
          required={schema.required?.includes(key) ?? false}
          onChange={onChange}
        />
      ))}
      {open && (Object.keys(others).length > 0 || known.length === 0) && (
        <Field
          name={names.own(known.length === 0 ? t.properties : t.moreProperties)}
          path={path}
          schema={{
            type: "object",
            description: known.length === 0 ? t.asJsonHelp : t.moreHelp,
          }}
          value={others}
          required
          onChange={(_path, rest) => {
            const kept = Object.entries(given).filter(([key]) => known.includes(key));
            onChange(path, { ...Object.fromEntries(kept), ...(isObject(rest) ? rest : {}) });
          }}
        />
      )}
    </>
  );
}

interface FieldProps {
  readonly name: Name;
  readonly path: Path;
  readonly schema: Schema;
  readonly value: Json | undefined;
  readonly required: boolean;
  readonly onChange: Change;
}

/** One attribute: its name, its input or that it is not given, its description, what is wrong. */
function Field(props: FieldProps) {
  const { name, path, schema, value, required, onChange } = props;
  const t = useTexts();
  const say = useSaying();
  const now = usePart((state) => state.now);
  const id = useId();
  const language = useSchemaLanguage();
  const [draft, setDraft] = useState<Fault | null>(null);
  const kind = value !== undefined && fits(schema, value) ? kindOf(schema) : "json";
  const missing: Fault | null = required ? { kind: "missing" } : null;
  const fault = draft ?? (value === undefined ? missing : faultOf(schema, value));
  const described = [
    schema.description === undefined ? "" : `${id}-help`,
    fault === null ? "" : `${id}-fault`,
  ]
    .filter((one) => one !== "")
    .join(" ");
  const below = value !== undefined && (kind === "object" || kind === "list");
  const group = below || kind === "choices" || isRadio(kind, schema);
  const Frame = group && value !== undefined ? "fieldset" : "div";
  const Name = Frame === "fieldset" ? "legend" : value === undefined ? "span" : "label";

  function give(to: Json | undefined): void {
    onChange(path, to);
    focusInside(`${id}-value`);
  }

  return (
    <Frame
      class={`field kind-${kind}${value === undefined ? " absent" : ""}`}
      aria-describedby={Frame === "fieldset" && described !== "" ? described : undefined}
    >
      <Name class="field-name" lang={name.lang} {...(Name === "label" ? { for: id } : {})}>
        {name.text}
      </Name>
      {!required && value !== undefined && (
        <button
          type="button"
          class="clear"
          aria-label={t.clearLong(name.text)}
          onClick={() => give(undefined)}
        >
          {t.clear}
        </button>
      )}
      <span class="field-value" id={`${id}-value`}>
        {value === undefined ? (
          <span class="not-given">
            <em>
              {schema.default === undefined
                ? t.notGiven
                : t.countsAs(sayValue(schema.default, schema, say, attributeOf(path)))}
            </em>
            <button
              type="button"
              aria-label={t.giveLong(name.text)}
              onClick={() => give(firstValue(schema, now))}
            >
              {t.give}
            </button>
          </span>
        ) : (
          <Input
            {...props}
            value={value}
            id={id}
            kind={kind}
            describedBy={Frame === "fieldset" || described === "" ? undefined : described}
            invalid={fault !== null}
            onDraft={setDraft}
          />
        )}
      </span>
      {fault !== null && (
        <p class="fault" id={`${id}-fault`}>
          {t.fault(fault)}
        </p>
      )}
      {schema.description !== undefined && (
        <p class="help" id={`${id}-help`} lang={language}>
          {schema.description}
        </p>
      )}
    </Frame>
  );
}

function isRadio(kind: string, schema: Schema): boolean {
  return kind === "choice" && (schema.enum?.length ?? 0) <= 3;
}

interface FieldInputProps extends FieldProps {
  readonly value: Json;
  readonly id: string;
  readonly kind: ReturnType<typeof kindOf>;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
  readonly onDraft: (fault: Fault | null) => void;
}

function Input(props: FieldInputProps) {
  const { kind, value, schema, path, id, describedBy, invalid, onDraft } = props;
  const say = useSaying();
  const onChange = (to: Json) => props.onChange(path, to);
  const common = { id, describedBy, invalid, onDraft, onChange };
  const sayChoice = (choice: Json) =>
    typeof choice === "string"
      ? say.names.value(attributeOf(path), choice)
      : say.names.own(sayValue(choice, {}, say));
  switch (kind) {
    case "switch":
      return <SwitchInput {...common} value={value === true} />;
    case "integer":
    case "number":
      return (
        <NumberInput
          {...common}
          value={Number(value)}
          min={schema.minimum}
          max={schema.maximum}
          step={kind === "integer" ? 1 : "any"}
        />
      );
    case "instant":
      return <InstantInput {...common} value={String(value)} label={props.name.text} />;
    case "text":
      return <TextInput {...common} value={String(value)} />;
    case "choice":
      return <ChoiceInput {...common} value={value} choices={schema.enum ?? []} say={sayChoice} />;
    case "choices":
      return (
        <ChoicesInput
          {...common}
          value={Array.isArray(value) ? value : []}
          onChange={(to) => onChange([...to])}
          choices={schema.items?.enum ?? []}
          say={sayChoice}
        />
      );
    case "object":
      return <Fields path={path} schema={schema} value={value} onChange={props.onChange} />;
    case "list":
      return <Items {...props} />;
    case "json":
      return <JsonInput {...common} value={value} />;
  }
}

/** A list that grows and shrinks. */
function Items({ id, name, path, schema, value, onChange }: FieldInputProps) {
  const t = useTexts();
  const now = usePart((state) => state.now);
  const items = Array.isArray(value) ? value : [];
  const item = schema.items ?? {};
  return (
    <span class="list">
      {items.length === 0 && <em class="muted">{t.noItems}</em>}
      {items.map((one, at) => {
        const label = t.item(name.text, at + 1);
        const remove = (
          <button
            type="button"
            class="clear"
            aria-label={t.removeLong(label)}
            onClick={() => {
              onChange([...path, at], undefined);
              focusOn(`${id}-add`);
            }}
          >
            {t.remove}
          </button>
        );
        return kindOf(item) === "object" ? (
          <fieldset key={at} class="item">
            <legend lang={name.lang}>{label}</legend>
            {remove}
            <Fields path={[...path, at]} schema={item} value={one} onChange={onChange} />
          </fieldset>
        ) : (
          <div key={at} class="item plain">
            <Field
              name={{ text: label, lang: name.lang }}
              path={[...path, at]}
              schema={item}
              value={one}
              required
              onChange={onChange}
            />
            {remove}
          </div>
        );
      })}
      <button
        type="button"
        class="add"
        id={`${id}-add`}
        aria-label={t.addLong(name.text)}
        onClick={() => onChange([...path, items.length], firstValue(item, now))}
      >
        {t.add}
      </button>
    </span>
  );
}
