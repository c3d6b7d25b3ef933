/** Inputs that keep what is typed until it is a value, so that no half a number is taken away. */
import { useRef, useState } from "preact/hooks";

import type { Json } from "../api";
import { fromWall, parseInstant, printInstant, toWall } from "../moments";
import type { Name } from "../names";
import { useSaying, useTexts } from "../page";
import { Icon } from "../parts/Icon";
import type { Fault } from "../schema";

export interface InputProps<T> {
  readonly id: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly describedBy?: string | undefined;
  readonly invalid?: boolean;
  /** Told of what has been typed and is no value yet; null when it is one again. */
  readonly onDraft?: (fault: Fault | null) => void;
}

export function TextInput({ id, value, onChange, describedBy, invalid }: InputProps<string>) {
  return (
    <input
      id={id}
      type="text"
      value={value}
      autocomplete="off"
      spellcheck={false}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface NumberInputProps extends InputProps<number> {
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly step: number | "any";
}

export function NumberInput(props: NumberInputProps) {
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <input
      id={props.id}
      type="number"
      min={props.min}
      max={props.max}
      step={props.step}
      value={draft ?? String(props.value)}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid}
      onInput={(event) => {
        const { value, valueAsNumber } = event.currentTarget;
        setDraft(value);
        props.onDraft?.(Number.isFinite(valueAsNumber) ? null : { kind: "not-number" });
        if (Number.isFinite(valueAsNumber)) {
          props.onChange(valueAsNumber);
        }
      }}
      onBlur={() => {
        setDraft(null);
        props.onDraft?.(null);
      }}
    />
  );
}

/** A moment as RFC 3339 text, and beside it a picker of the wall time in the pack's zone. */
export function InstantInput({ label, ...props }: InputProps<string> & { readonly label: string }) {
  const t = useTexts();
  const { zone } = useSaying();
  const [draft, setDraft] = useState<string | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const instant = parseInstant(props.value);
  return (
    <span class="instant">
      <input
        id={props.id}
        type="text"
        class="mono"
        value={draft ?? props.value}
        autocomplete="off"
        spellcheck={false}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid}
        onInput={(event) => {
          const { value } = event.currentTarget;
          const good = parseInstant(value) !== null;
          setDraft(value);
          props.onDraft?.(good ? null : { kind: "not-instant" });
          if (good) {
            props.onChange(value.trim());
          }
        }}
        onBlur={() => {
          setDraft(null);
          props.onDraft?.(null);
        }}
      />
      <button
        type="button"
        class="pick"
        aria-label={t.picker(label)}
        title={`${t.picker(label)} (${zone})`}
        onClick={() => {
          try {
            picker.current?.showPicker();
          } catch {
            picker.current?.focus();
          }
        }}
      >
        <Icon name="calendar" />
      </button>
      <input
        ref={picker}
        type="datetime-local"
        step="1"
        class="picker"
        tabIndex={-1}
        aria-hidden="true"
        value={instant === null ? "" : toWall(instant, zone)}
        onInput={(event) => {
          const chosen = fromWall(event.currentTarget.value, zone);
          if (chosen !== null) {
            props.onChange(printInstant(chosen));
          }
        }}
      />
    </span>
  );
}

/** Any JSON, as text. */
export function JsonInput(props: InputProps<Json>) {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? JSON.stringify(props.value, null, 2);
  return (
    <textarea
      id={props.id}
      class="mono"
      rows={Math.min(12, text.split("\n").length + 1)}
      spellcheck={false}
      autocomplete="off"
      value={text}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid}
      onInput={(event) => {
        const { value } = event.currentTarget;
        setDraft(value);
        try {
          props.onChange(JSON.parse(value) as Json);
          props.onDraft?.(null);
        } catch {
          props.onDraft?.({ kind: "not-json" });
        }
      }}
      onBlur={() => {
        setDraft(null);
        props.onDraft?.(null);
      }}
    />
  );
}

interface ChoiceProps extends InputProps<Json> {
  readonly choices: readonly Json[];
  readonly say: (choice: Json) => Name;
}

/** Up to three choices stand side by side; more are a list to open. */
export function ChoiceInput(props: ChoiceProps) {
  const { choices, say, value, id } = props;
  const known = choices.includes(value) ? choices : [...choices, value];
  if (known.length <= 3) {
    return (
      <span class="radios">
        {known.map((choice, at) => (
          <label key={String(choice)}>
            <input
              type="radio"
              name={id}
              id={at === 0 ? id : undefined}
              checked={choice === value}
              aria-describedby={props.describedBy}
              onChange={() => props.onChange(choice)}
            />
            <span lang={say(choice).lang}>{say(choice).text}</span>
          </label>
        ))}
      </span>
    );
  }
  return (
    <select
      id={id}
      value={String(known.indexOf(value))}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid}
      onChange={(event) => props.onChange(known[Number(event.currentTarget.value)] ?? null)}
    >
      {known.map((choice, at) => (
        <option key={String(choice)} value={String(at)} lang={say(choice).lang}>
          {say(choice).text}
        </option>
      ))}
    </select>
  );
}

interface ChoicesProps extends InputProps<readonly Json[]> {
  readonly choices: readonly Json[];
  readonly say: (choice: Json) => Name;
}

/** The members of a list of choices, to be ticked; they are kept in the schema's order. */
export function ChoicesInput({ choices, say, value, onChange, id, describedBy }: ChoicesProps) {
  const known = [...choices, ...value.filter((one) => !choices.includes(one))];
  return (
    <span class="checks">
      {known.map((choice, at) => (
        <label key={String(choice)}>
          <input
            type="checkbox"
            id={at === 0 ? id : undefined}
            checked={value.includes(choice)}
            aria-describedby={describedBy}
            onChange={(event) => {
              const ticked = event.currentTarget.checked;
              onChange(known.filter((one) => (one === choice ? ticked : value.includes(one))));
            }}
          />
          <span lang={say(choice).lang}>{say(choice).text}</span>
        </label>
      ))}
    </span>
  );
}

export function SwitchInput({ id, value, onChange, describedBy }: InputProps<boolean>) {
  const t = useTexts();
  return (
    <span class="switch-line">
      <input
        id={id}
        type="checkbox"
        role="switch"
        class="switch"
        checked={value}
        aria-describedby={describedBy}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span aria-hidden="true">{value ? t.yes : t.no}</span>
    </span>
  );
}
