/** What else the decision says: its outputs, short ones as pairs, lists of texts as lists. */
import type { Json } from "../api";
import { sayOutput } from "../humanise";
import { usePart, useSaying, useTexts } from "../page";
import { isObject } from "../paths";

export function Outputs() {
  const t = useTexts();
  const outputs = usePart(
    (state) => state.decide?.answer.decisions[state.request.action.name]?.decision.outputs,
  );
  const given = Object.entries(outputs ?? {}).filter(([, value]) => !isEmptyList(value));
  if (given.length === 0) {
    return null;
  }
  return (
    <section class="details" aria-labelledby="outputs-title">
      <h3 id="outputs-title">{t.outputs}</h3>
      <dl class="pairs">
        {given.map(([name, value]) => (
          <Output key={name} name={name} value={value} />
        ))}
      </dl>
    </section>
  );
}

function Output({ name, value }: { name: string; value: Json }) {
  const say = useSaying();
  const texts = listOfTexts(value);
  const heading = say.names.output(name);
  return (
    <div class={`pair${texts === null ? "" : " wide"}`}>
      <dt lang={heading.lang}>{heading.text}</dt>
      <dd>
        {texts === null ? (
          sayOutput(value, say)
        ) : (
          <ol>
            {texts.map((text, at) => (
              <li key={at}>{text}</li>
            ))}
          </ol>
        )}
      </dd>
    </div>
  );
}

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** The texts of a list of codes with texts; null for every other value. */
function listOfTexts(value: Json): string[] | null {
  if (!Array.isArray(value)) {
    return null;
  }
  const texts = value.map((item) => (isObject(item) ? item["text"] : undefined));
  return texts.every((text) => typeof text === "string") ? texts : null;
}
