/** Between the state of the page and what a link holds. */
import type { Shared } from "./bridge";
import { parseInstant, printInstant } from "./moments";
import { packOf, type State } from "./store";

/** What a link made now would hold. */
export function sharedOf(state: State): Shared {
  const { pack, request, now, locale, edits } = state;
  return { pack, digest: packOf(state)?.digest ?? "", request, now, locale, edits };
}

/** The state that a link asks for, as far as its pack and its files are here. */
export function stateOf(shared: Shared, state: State): Partial<State> {
  const pack = state.opened?.packs.find(({ name }) => name === shared.pack);
  if (pack === undefined) {
    return { link: "pack" };
  }
  const { request, locale } = shared;
  const now = printInstant(parseInstant(shared.now) ?? 0n);
  const edits = Object.fromEntries(
    Object.entries(shared.edits).filter(
      ([file, text]) => state.opened?.files.find(({ name }) => name === file)?.text !== text,
    ),
  );
  const file = Object.keys(edits)[0] ?? state.file;
  return {
    pack: pack.name,
    scenario: null,
    request,
    now,
    anchor: now,
    locale,
    edits,
    file,
    link: pack.digest === shared.digest ? null : "other-base",
  };
}
