"""Coverage as an LCOV tracefile: rules as functions, atoms of conditions as branches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.suites.coverage.results import Coverage, Result

__all__ = ["coverage_lcov"]


def coverage_lcov(coverage: Coverage, *, folder: str = "") -> str:
    """The text of a tracefile; ``folder`` is put before the names of files.

    An atom has two branches: the steps that it decided being true, and being false. A rule has two
    as well: it fired, it did not. What is set aside is left out. Decisions, which stand in no file,
    are not in it.
    """
    lines = []
    for file, results in coverage.by_file(coverage.results):
        if file is not None:
            lines += ["TN:", f"SF:{_line(folder + file)}", *_file(results), "end_of_record"]
    return "".join(line + "\n" for line in lines)


def _file(results: Sequence[Result]) -> Iterator[str]:
    counted = [(_start(result), result) for result in results if result.state != "aside"]
    yield from _functions(counted)
    yield from _branches(counted)
    yield from _lines(counted)


def _start(result: Result) -> int:
    assert result.obligation.span is not None  # it is of a file
    return result.obligation.span.line


def _functions(counted: Sequence[tuple[int, Result]]) -> Iterator[str]:
    fired = [
        (line, _line(str(result.obligation.event[2])), result.shown)
        for line, result in counted
        if result.obligation.kind == "rule" and result.obligation.event[3]
    ]
    for line, name, _ in fired:
        yield f"FN:{line},{name}"
    for _, name, count in fired:
        yield f"FNDA:{count},{name}"
    yield f"FNF:{len(fired)}"
    yield f"FNH:{sum(count > 0 for _, _, count in fired)}"


def _branches(counted: Sequence[tuple[int, Result]]) -> Iterator[str]:
    counts: list[int] = []
    blocks: dict[object, int] = {}
    for line, result in counted:
        obligation = result.obligation
        if obligation.kind == "condition":
            block = blocks.setdefault(obligation.event, len(blocks))
            pair = [(0, result.shown), (1, result.shown_false)]
        elif obligation.kind == "rule":
            block = blocks.setdefault(obligation.event[:3], len(blocks))
            pair = [(0 if obligation.event[3] else 1, result.shown)]
        else:
            continue
        for branch, count in pair:
            counts.append(count)
            yield f"BRDA:{line},{block},{branch},{count}"
    yield f"BRF:{len(counts)}"
    yield f"BRH:{sum(count > 0 for count in counts)}"


def _lines(counted: Sequence[tuple[int, Result]]) -> Iterator[str]:
    """The lines on which there is an obligation; the least shown of a line counts for it."""
    lines: dict[int, int] = {}
    for line, result in counted:
        shown = result.shown
        if result.obligation.kind == "condition":
            shown = min(result.shown, result.shown_false)
        lines[line] = min(shown, lines.get(line, shown))
    for line, count in sorted(lines.items()):
        yield f"DA:{line},{count}"
    yield f"LF:{len(lines)}"
    yield f"LH:{sum(count > 0 for count in lines.values())}"


def _line(text: str) -> str:
    """A name without what would begin another record."""
    return text.replace("\n", "\\n").replace("\r", "\\r")
