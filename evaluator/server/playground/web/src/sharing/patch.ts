/** Edits as a unified difference, which `git apply` and `patch -p1` take in the policies' folder. */
import type { Edits, SourceFile } from "../api";
import { type Line, differenceOf } from "./lines";

const AROUND = 3;
const NO_BREAK = "\\ No newline at end of file\n";

/** The difference of all edits from the files on disk; a file that is not there is made. */
export function patchOf(files: readonly SourceFile[], edits: Edits): string {
  return Object.keys(edits)
    .sort()
    .map((name) => filePatch(name, files.find((file) => file.name === name)?.text, edits[name]))
    .join("");
}

function filePatch(name: string, before: string | undefined, after = ""): string {
  const hunks = hunksOf(differenceOf(before ?? "", after));
  if (hunks.length === 0) {
    return "";
  }
  // A blank in a name ends it unless a tab follows.
  const tab = name.includes(" ") ? "\t" : "";
  const from = before === undefined ? "/dev/null" : `a/${name}${tab}`;
  return `--- ${from}\n+++ b/${name}${tab}\n${hunks.join("")}`;
}

function hunksOf(lines: readonly Line[]): string[] {
  const hunks: string[] = [];
  let at = 0;
  let before = 0;
  let after = 0;
  while (at < lines.length) {
    const first = lines.findIndex(({ kind }, index) => index >= at && kind !== "same");
    if (first < 0) {
      break;
    }
    const start = Math.max(at, first - AROUND);
    const end = endOf(lines, first);
    before += start - at;
    after += start - at;
    const inside = lines.slice(start, end);
    const removed = inside.filter(({ kind }) => kind !== "added").length;
    const added = inside.filter(({ kind }) => kind !== "removed").length;
    const head = `@@ -${range(before, removed)} +${range(after, added)} @@\n`;
    hunks.push(head + inside.map(printed).join(""));
    before += removed;
    after += added;
    at = end;
  }
  return hunks;
}

/** Where a hunk ends: changes that are near each other are in one. */
function endOf(lines: readonly Line[], first: number): number {
  let last = first;
  for (let at = first; at < lines.length && at - last <= 2 * AROUND; at += 1) {
    if (lines[at]?.kind !== "same") {
      last = at;
    }
  }
  return Math.min(lines.length, last + 1 + AROUND);
}

function range(before: number, count: number): string {
  return `${count === 0 ? before : before + 1},${count}`;
}

function printed({ kind, text }: Line): string {
  const sign = kind === "same" ? " " : kind === "added" ? "+" : "-";
  return sign + (text.endsWith("\n") ? text : `${text}\n${NO_BREAK}`);
}
