"""The numbers of all workers as Prometheus reads them (the text format, version 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from evaluator.server.answers import Answer
from evaluator.server.metrics.measuring import BOUNDS, HISTOGRAM
from evaluator.server.metrics.tallies import Key, Tallies

__all__ = ["DESCRIBED", "Described", "exposition"]


@dataclass(frozen=True, slots=True)
class Described:
    """What a metric is. ``oldest`` is the smallest of the workers' values, not the sum."""

    kind: Literal["counter", "gauge", "histogram", "oldest"]
    help: str
    labels: tuple[str, ...] = ()


DESCRIBED: Final[Mapping[str, Described]] = {
    "decision_seconds": Described(
        "histogram", "How long decisions took, with their answers.", ("pack", "effect")
    ),
    "request_seconds": Described(
        "histogram", "How long requests took to answer.", ("endpoint", "status")
    ),
    "rule_decisions": Described(
        "counter", "Decisions that a rule, or a reserved reason, made.", ("pack", "rule")
    ),
    "overloads": Described("counter", "Requests turned away since too many were in work."),
    "requests_in_work": Described("gauge", "Requests that have come and are not answered."),
    "connections": Described("gauge", "Connections that are open."),
    "connections_ended": Described("counter", "Connections ended for want of time.", ("why",)),
    "reloads": Described("counter", "Loadings of changed policies.", ("result",)),
    "reload_failed": Described("gauge", "Workers whose last loading failed."),
    "access_reloads": Described(
        "counter", "Loadings of changed policies of who may ask.", ("result",)
    ),
    "access_reload_failed": Described("gauge", "Workers whose last loading of those failed."),
    "policies_loaded_timestamp_seconds": Described(
        "oldest", "When the policies were loaded that answer."
    ),
    "workers": Described("gauge", "Workers that answer."),
    "worker_restarts": Described("counter", "Workers that ended unasked and were replaced."),
    "log_records": Described("counter", "Decisions that were written to the log."),
    "log_writes": Described("counter", "Times that such were, each with one fsync."),
    "log_queue": Described("gauge", "Decisions that wait to be written to the log."),
    "log_failed": Described("gauge", "Workers that cannot write to the log."),
    "series_dropped": Described("gauge", "Workers without room for more labels."),
}


def exposition(tallies: Tallies) -> Answer:
    """The answer to a scrape."""
    headers = {"content-type": CONTENT_TYPE_LATEST, "cache-control": "no-store"}
    return Answer(200, generate_latest(_Sums(tallies.read())), headers)


class _Sums(Collector):
    def __init__(self, told: Iterable[tuple[Key, list[float]]]) -> None:
        self._sums: dict[str, dict[Key, list[float]]] = {name: {} for name in DESCRIBED}
        for (name, *labels), numbers in told:
            known = self._sums[name]
            key = tuple(labels)
            before = known.get(key)
            if before is None:
                known[key] = numbers
            elif DESCRIBED[name].kind == "oldest":
                known[key] = [min(pair) for pair in zip(before, numbers, strict=True)]
            else:
                known[key] = [a + b for a, b in zip(before, numbers, strict=True)]

    def collect(self) -> Iterator[Metric]:
        for name, described in DESCRIBED.items():
            if self._sums[name]:
                yield _metric(f"evaluator_{name}", described, self._sums[name])


def _metric(name: str, described: Described, sums: Mapping[Key, list[float]]) -> Metric:
    if described.kind == "histogram":
        histogram = HistogramMetricFamily(name, described.help, labels=described.labels)
        for labels, numbers in sorted(sums.items()):
            histogram.add_metric(labels, _buckets(numbers), numbers[HISTOGRAM - 1])
        return histogram
    family = CounterMetricFamily if described.kind == "counter" else GaugeMetricFamily
    metric = family(name, described.help, labels=described.labels)
    for labels, (number,) in sorted(sums.items()):
        metric.add_metric(labels, number)
    return metric


def _buckets(numbers: list[float]) -> list[tuple[str, float]]:
    """The buckets as Prometheus has them, each with those below it."""
    ends = [*map(repr, BOUNDS), "+Inf"]
    return list(zip(ends, accumulate(numbers[: HISTOGRAM - 1]), strict=True))
