/** What would help against a reason: what can be pressed, with what came of trying it, and advice. */
import { toJson } from "../actions";
import type { Decided, Reason, Remedy, Request } from "../api";
import { sayValue } from "../humanise";
import { attributeOf } from "../names";
import { usePage, useSaying, useTexts } from "../page";
import { differences, fromPointer } from "../paths";
import { type Schema, schemaAt } from "../schema";
import { Icon } from "./Icon";

interface RemediesProps {
  readonly reason: Reason;
  readonly decided: Decided;
  readonly request: Request;
  readonly schema: Schema;
}

export function Remedies({ reason, decided, request, schema }: RemediesProps) {
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
          const name = say.names.path(path, schema).text;
          return after === undefined
            ? t.wouldRemove(name)
            : t.wouldSet(name, sayValue(after, schemaAt(schema, path), say, attributeOf(path)));
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
