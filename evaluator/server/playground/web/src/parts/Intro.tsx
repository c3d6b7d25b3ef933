/** What this page is, in a line; once a policy is edited, that the edited ones decide. */
import { focusOn } from "../focusing";
import { usePage, usePart, useTexts } from "../page";

export function Intro() {
  const { actions } = usePage();
  const t = useTexts();
  const count = usePart((state) => Object.keys(state.edits).length);
  if (count === 0) {
    return <p class="intro">{t.intro}</p>;
  }
  return (
    <p class="intro">
      <strong>{t.edited(count)}</strong>{" "}
      <button type="button" class="link" onClick={() => actions.openTab("changes")}>
        {t.seeChanges}
      </button>{" "}
      <button
        type="button"
        class="link"
        onClick={() => {
          actions.revertAll();
          actions.announce(t.reverted);
          focusOn("card");
        }}
      >
        {t.revertAll}
      </button>
    </p>
  );
}
