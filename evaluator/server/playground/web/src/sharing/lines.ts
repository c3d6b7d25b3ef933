/** The difference of two texts by lines, the fewest changes there can be (Myers 1986). */

export interface Line {
  readonly kind: "same" | "added" | "removed";
  /** With its line break; the last one may have none. */
  readonly text: string;
}

/** With more changed lines than this the whole middle counts as replaced. */
const MOST_CHANGES = 500;

export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

export function differenceOf(before: string, after: string): Line[] {
  const old = linesOf(before);
  const now = linesOf(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) {
    start += 1;
  }
  let end = 0;
  const least = Math.min(old.length, now.length) - start;
  while (end < least && old.at(-1 - end) === now.at(-1 - end)) {
    end += 1;
  }
  const same = (lines: readonly string[]) => lines.map((text): Line => ({ kind: "same", text }));
  return [
    ...same(old.slice(0, start)),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...same(old.slice(old.length - end)),
  ];
}

function middle(old: readonly string[], now: readonly string[]): Line[] {
  const removed = old.map((text): Line => ({ kind: "removed", text }));
  const added = now.map((text): Line => ({ kind: "added", text }));
  if (old.length === 0 || now.length === 0) {
    return [...removed, ...added];
  }
  const trace = search(old, now);
  return trace === null ? [...removed, ...added] : walkBack(old, now, trace);
}

/** The furthest places on each diagonal, one map for each number of changes. */
function search(old: readonly string[], now: readonly string[]): Map<number, number>[] | null {
  const trace: Map<number, number>[] = [];
  let reached = new Map<number, number>([[1, 0]]);
  for (let changes = 0; changes <= Math.min(old.length + now.length, MOST_CHANGES); changes += 1) {
    trace.push(reached);
    const next = new Map(reached);
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const left = reached.get(diagonal - 1) ?? -1;
      const above = reached.get(diagonal + 1) ?? -1;
      let x = diagonal === -changes || (diagonal !== changes && left < above) ? above : left + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) {
        x += 1;
      }
      next.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) {
        return trace;
      }
    }
    reached = next;
  }
  return null;
}

function walkBack(
  old: readonly string[],
  now: readonly string[],
  trace: readonly Map<number, number>[],
): Line[] {
  const lines: Line[] = [];
  let x = old.length;
  let y = now.length;
  for (let changes = trace.length - 1; changes >= 0; changes -= 1) {
    const reached = trace[changes] ?? new Map<number, number>();
    const diagonal = x - y;
    const left = reached.get(diagonal - 1) ?? -1;
    const above = reached.get(diagonal + 1) ?? -1;
    const down = diagonal === -changes || (diagonal !== changes && left < above);
    const previous = down ? diagonal + 1 : diagonal - 1;
    const startX = changes === 0 ? 0 : (reached.get(previous) ?? 0);
    // Behind the one change there are lines that are alike.
    const alikeFrom = changes === 0 || down ? startX : startX + 1;
    for (; x > alikeFrom; x -= 1) {
      lines.push({ kind: "same", text: old[x - 1] ?? "" });
    }
    y = startX - previous;
    if (changes > 0) {
      lines.push(
        down ? { kind: "added", text: now[y] ?? "" } : { kind: "removed", text: old[startX] ?? "" },
      );
    }
    x = startX;
  }
  return lines.reverse();
}
