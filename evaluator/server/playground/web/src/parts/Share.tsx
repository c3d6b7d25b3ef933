/** The share menu, with what it needs of the page. */
import { usePage, usePart } from "../page";
import { ShareMenu } from "../sharing";
import { sharedOf } from "../links";

export function Share() {
  const { store, actions, ask } = usePage();
  const locale = usePart((state) => state.locale);
  const files = usePart((state) => state.opened?.files);
  const edits = usePart((state) => state.edits);
  return (
    <ShareMenu
      locale={locale}
      files={files ?? []}
      edits={edits}
      shared={() => sharedOf(store.state)}
      announce={(message) => actions.announce(message)}
      suiteCase={async (name) => {
        const { request, now, edits, locale } = store.state;
        return (await ask("case", { request, now, edits, locale, name })).text;
      }}
    />
  );
}
