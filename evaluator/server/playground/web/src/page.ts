/** What every part of the page has at hand. */
import { createContext } from "preact";
import { useContext, useMemo } from "preact/hooks";

import type { Actions } from "./actions";
import type { Asker } from "./asking";
import type { Ask } from "./client";
import type { Saying } from "./humanise";
import { type Name, Names, pathOf } from "./names";
import { requestSchema } from "./schema";
import { packOf, type State, type Store, useStore } from "./store";
import { TEXTS, type Texts } from "./texts";

export interface Page {
  readonly store: Store;
  readonly actions: Actions;
  readonly asker: Asker;
  readonly ask: Ask;
  readonly nonce: string;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) {
    throw new Error("there is no page around this part");
  }
  return page;
}

export function usePart<T>(part: (state: State) => T): T {
  return useStore(usePage().store, part);
}

export function useTexts(): Texts {
  return TEXTS[usePart(({ locale }) => locale)];
}

/** The reader's language, the pack's names and time zone, for values and moments. */
export function useSaying(): Saying {
  const locale = usePart((state) => state.locale);
  const zone = usePart((state) => packOf(state)?.timeZone ?? "UTC");
  return { t: TEXTS[locale], locale, zone, names: useNames() };
}

/** What people call types, actions, attributes and values. */
export function useNames(): Names {
  const locale = usePart((state) => state.locale);
  const pack = usePart(packOf);
  return useMemo(() => new Names(pack, locale), [pack, locale]);
}

/** What the attributes are called that hold the instants on the time line. */
export function useMarkNames(): (attribute: string, ofSeveral?: boolean) => Name {
  const names = useNames();
  const pack = usePart(packOf);
  const action = usePart((state) => state.request.action.name);
  return useMemo(() => {
    const schema = requestSchema(pack, action);
    return (attribute, ofSeveral = false) => names.mark(pathOf(attribute), schema, ofSeveral);
  }, [names, pack, action]);
}

/** The language of descriptions in schemas, where it is not the reader's. */
export function useSchemaLanguage(): string | undefined {
  const locale = usePart((state) => state.locale);
  const language = usePart((state) => packOf(state)?.defaultLocale);
  return language === locale ? undefined : language;
}
