/** `file:line`, which opens the editor there. */
import type { Place } from "../api";
import { usePage, useTexts } from "../page";

export function LineLink({ at, short = false }: { at: Place; short?: boolean }) {
  const { actions } = usePage();
  const t = useTexts();
  const line = `${at.file}:${at.line}`;
  const shown = short ? `${at.file.split("/").at(-1) ?? at.file}:${at.line}` : line;
  return (
    <button
      type="button"
      class="line-link"
      title={t.openLine(line)}
      onClick={() => actions.show(at)}
    >
      {shown}
    </button>
  );
}
