/** The problem bar: what went wrong, that nothing is lost, and what can be done. */
import type { Diagnostic } from "../api";
import type { Endpoint } from "../client";
import { usePage, usePart, useTexts } from "../page";
import { Icon } from "./Icon";
import { LineLink } from "./LineLink";

export function Problems() {
  const { store, actions, asker } = usePage();
  const t = useTexts();
  const troubles = usePart((state) => state.troubles);
  const link = usePart((state) => state.link);
  const loads = usePart((state) => state.check?.answer.loads ?? true);
  const diagnostics = usePart(
    (state) => state.check?.answer.diagnostics ?? state.opened?.diagnostics ?? NONE,
  );
  // One trouble often meets several endpoints at once; it is told once.
  const told = new Map<string, Endpoint[]>();
  for (const [endpoint, trouble] of Object.entries(troubles)) {
    if (trouble !== undefined && trouble.error !== "unloadable") {
      told.set(trouble.error, [...(told.get(trouble.error) ?? []), endpoint as Endpoint]);
    }
  }
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return (
    <div class="problems" role="region" aria-label={t.problems} aria-live="polite">
      {[...told].map(([error, endpoints]) => (
        <div key={error} class="problem">
          <Icon name="warning" />
          <p>
            <strong>{t.trouble[error as keyof typeof t.trouble]}</strong> {t.nothingLost}
            {error === "invalid" && <span class="muted"> {messageOf(endpoints[0])}</span>}
          </p>
          <button type="button" onClick={() => asker.retry()}>
            {t.retry}
          </button>
          <button type="button" class="quiet" onClick={() => endpoints.forEach(forget)}>
            {t.dismiss}
          </button>
        </div>
      ))}
      {link !== null && (
        <div class="problem">
          <Icon name="warning" />
          <p>{t.links[link]}</p>
          <button type="button" class="quiet" onClick={() => store.set({ link: null })}>
            {t.dismiss}
          </button>
        </div>
      )}
      {!loads && <Unloadable errors={errors} />}
    </div>
  );

  function messageOf(endpoint: Endpoint | undefined): string {
    return endpoint === undefined ? "" : (troubles[endpoint]?.message ?? "");
  }

  function forget(endpoint: Endpoint): void {
    actions.forget(endpoint);
  }
}

const NONE: readonly Diagnostic[] = [];

/** How many problems are listed in the bar; the editor shows them all. */
const LISTED = 2;

function Unloadable({ errors }: { errors: readonly Diagnostic[] }) {
  const t = useTexts();
  return (
    <div class="problem unloadable">
      <Icon name="warning" />
      <div>
        <strong>{t.policyProblems(errors.length)}</strong>
        <ul>
          {errors.slice(0, LISTED).map((one, number) => (
            <li key={number}>
              {one.message} {one.at && <LineLink at={one.at} short />}
              {one.help && <span class="muted"> {one.help}</span>}
            </li>
          ))}
          {errors.length > LISTED && <li>…</li>}
        </ul>
      </div>
    </div>
  );
}
