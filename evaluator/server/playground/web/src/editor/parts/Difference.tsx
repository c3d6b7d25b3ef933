/** What the edits of a file are, line by line, with a little of what is around. */
import type { Locale } from "../../bridge";
import { type Line, differenceOf } from "../../sharing/lines";
import { TEXTS } from "../texts";

const AROUND = 3;

interface Row extends Line {
  readonly before: number | null;
  readonly after: number | null;
}

interface Props {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly locale: Locale;
  readonly onLine: (line: number) => void;
}

export function Difference({ file, before, after, locale, onLine }: Props) {
  const t = TEXTS[locale];
  const rows = numbered(differenceOf(before, after));
  if (rows.every(({ kind }) => kind === "same")) {
    return <p class="muted editor-difference">{t.noDifference}</p>;
  }
  return (
    <div class="editor-difference" role="region" aria-label={t.differenceOf(file)} tabIndex={0}>
      <table>
        <tbody>
          {near(rows).map((row, index) =>
            row === null ? (
              <tr key={index} class="gap">
                <td colSpan={4}>⋯</td>
              </tr>
            ) : (
              <tr key={index} class={row.kind}>
                <td class="number">{row.before}</td>
                <td class="number">{row.after}</td>
                <td class="sign">
                  {row.kind !== "same" && (
                    <>
                      <span aria-hidden="true">{row.kind === "added" ? "+" : "−"}</span>
                      <span class="visually-hidden">
                        {row.kind === "added" ? t.added : t.removed}
                      </span>
                    </>
                  )}
                </td>
                <td class="text" onDblClick={() => row.after !== null && onLine(row.after)}>
                  {row.text.replace(/\r?\n$/, "")}
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

function numbered(lines: readonly Line[]): Row[] {
  let before = 0;
  let after = 0;
  return lines.map((line) => {
    before += line.kind === "added" ? 0 : 1;
    after += line.kind === "removed" ? 0 : 1;
    return {
      ...line,
      before: line.kind === "added" ? null : before,
      after: line.kind === "removed" ? null : after,
    };
  });
}

/** The rows near a change; null stands for those that are left out. */
function near(rows: readonly Row[]): (Row | null)[] {
  const shown = new Set<number>();
  rows.forEach(({ kind }, at) => {
    if (kind !== "same") {
      for (let one = at - AROUND; one <= at + AROUND; one += 1) {
        shown.add(one);
      }
    }
  });
  const found: (Row | null)[] = [];
  rows.forEach((row, at) => {
    if (shown.has(at)) {
      found.push(row);
    } else if (found.at(-1) !== null) {
      found.push(null);
    }
  });
  return found;
}
