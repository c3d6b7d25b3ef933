"""What the page of ``report`` says about figures, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.results import duration, ratio

__all__ = ["SECTIONS", "Section", "losses", "summary"]

Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """The heading of a benchmark, and what its time goes into."""

    title: str
    dominated_by: str


SECTIONS: Final[Mapping[str, Section]] = {
    "decide": Section(
        "One decision",
        "Reading: each attribute's type and bounds are verified when it is first read, each closed "
        "object is looked at for properties that it must not have, and each timestamp is parsed. "
        "The comparisons themselves are the smaller part. A `Decision` adds its own object. "
        "`to_dict` spends more than half of its time on messages, remedies and outputs, the rest "
        "on finding until when the answer holds, which takes deciding again at other moments.",
    ),
    "growth": Section(
        "Many rules",
        "A steady decision costs what the rules of its resource type and action cost, however many "
        "others are loaded: finding them is one look into a dict. Where all rules are for one type "
        "and action, all are evaluated, in one generated function. Loading and memory grow with "
        "the rules: most of both goes into expressions, their trees, types and places.",
    ),
    "load": Section(
        "Loading",
        "Linking: parsing and checking the expressions of conditions, messages, remedies and "
        "outputs, each that is written alike in many places once. Reading the YAML into nodes with "
        "places and validating it is a sixth of it in a pack where all expressions differ, a third "
        "in the generated ones, where they come again. From a cache it is the hashing of the files "
        "and the reading of the index.",
    ),
    "timestamps": Section(
        "Timestamps",
        "`fromisoformat` is C; both readers of RFC 3339 are Python around it, and check the form "
        "that it does not.",
    ),
    "messages": Section(
        "Reasons in words",
        "Reading any of reasons, remedies and outputs makes them all; formatting numbers and dates "
        "for a language is the larger part. `valid_until` decides again instead.",
    ),
    "explain": Section(
        "Explaining",
        "Making a tree of values for every rule, whether it fired or not; evaluating and recording "
        "is about a sixth.",
    ),
    "check": Section("Checking", "The same stages as loading."),
    "suites": Section(
        "Suites",
        "Of a case that expects allow or deny, the decision, and for a denial deciding once more "
        "what each remedy makes of the request, which is validated as a whole. Of a case that "
        "expects more, telling reasons, remedies and outputs.",
    ),
    "http": Section(
        "The service",
        "h11, which reads HTTP in Python, is most of what an answer takes; then what the decision "
        "tells, and JSON both ways.",
    ),
    "log": Section(
        "The decision log",
        "Strict, one at a time: the fsync. The more wait, the more share one. Buffered: JSON and "
        "the hash.",
    ),
    "playground": Section(
        "The playground",
        "Loading the edited pack, which diagnostics and decision both wait for, after the 30 ms in "
        "which a next key press is waited for; then the frame of the browser. In between, both "
        "cores work out the other answers that an edit asks for.",
    ),
    "process": Section(
        "The command line",
        "Imports: Python starts, then click, PyYAML, jsonschema and rich are imported, as far as "
        "the command needs them; loading the pack comes after.",
    ),
}


def summary(found: Found) -> str:
    """The figures that matter most, in a paragraph each."""
    return "\n\n".join(_summary(found))


def losses(found: Found) -> list[str]:
    """Each comparison in which something else is faster than we are."""
    return list(_losses(found))


def _summary(found: Found) -> Iterator[str]:
    if decide := found.get("decide"):
        times, ratios = decide["microseconds"], decide["ratios"]
        yield (
            f"A decision of the licence pack takes {_us(times['effect_and_ids'])} for the effect "
            f"and the rules that decided, {_us(times['decision'])} with a `Decision` to ask for "
            f"more. The same rules as one would write them by hand, as strict about the request, "
            f"take {_us(times['strict by hand'])}: {_times(ratios['effect_and_ids'])} and "
            f"{_times(ratios['decision'])} that."
        )
        if decide["peers"]:
            best = min(decide["peers"], key=decide["peers"].__getitem__)
            yield (
                f"Of {len(decide['peers'])} other engines in Python, given twelve of the rules, "
                f"the fastest is {best}, at {_times(decide['peers'][best])} our time."
            )
    if ours := _ours(found):
        few, many = ours[0], ours[-1]
        yield (
            f"With {many['rules']:,} rules loaded a decision takes "
            f"{_times(many['ratio']['median'])} what it takes with {few['rules']}; they load in "
            f"{duration(many['load'])} and take {many['memory'] / many['rules'] / 1000:.1f} kB "
            "each."
        )


def _losses(found: Found) -> Iterator[str]:
    if decide := found.get("decide"):
        yield from _lost_decisions(decide)
    for form, told in found.get("timestamps", {}).get("timestamps", {}).items():
        if told["ratio"]["median"] > 1:
            yield (
                f"`datetime.fromisoformat` reads a timestamp {form} in "
                f"1/{ratio(told['ratio']['median'])} of our time."
            )
    for pack, rivals in found.get("load", {}).get("load", {}).items():
        value = rivals["load"]["ratio"]["median"]
        if value > 1:
            yield f"Loading ({pack}) takes {_times(value)} what composing its YAML alone takes."
    for server, told in found.get("http", {}).get("http", {}).items():
        name, _, connections = server.rpartition(" ")
        if name.startswith("evaluator") and told["ratio"]["median"] < 1:
            yield (
                f"{name}, {connections} connections: {ratio(told['ratio']['median'])} of the "
                "answers that uvicorn gives with a constant."
            )


def _lost_decisions(decide: Mapping[str, Any]) -> Iterator[str]:
    if decide["ratios"]["naive"] > 1:
        yield (
            f"By hand without verifying anything: we take {_times(decide['ratios']['naive'])} "
            "that for the effect and ids."
        )
    for name, value in decide["ratios"].items():
        if name != "naive" and value > 1:
            yield f"By hand, strictly, effect and ids alone: `{name}` takes {_times(value)} that."
    if decide["twelve_rules"]["ratio"] > 1:
        yield f"Twelve rules by hand: we take {_times(decide['twelve_rules']['ratio'])} that."
    for name, value in decide["peers"].items():
        if value < 1:
            yield f"{name} takes {_times(value)} our time for twelve rules, verifying nothing."


def _ours(found: Found) -> list[Mapping[str, Any]]:
    told = found.get("growth", {}).get("growth", ())
    return [one for one in told if one["engine"] == "ours" and not one["crowded"]]


def _us(told: Mapping[str, float]) -> str:
    return duration(told["median"] / 1e6)


def _times(value: float) -> str:
    return f"{ratio(value)} times"
