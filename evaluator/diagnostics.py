"""Diagnostics: what is wrong with a text, where, what to do; and the registry of codes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from evaluator.source import Span

__all__ = [
    "CODES",
    "Code",
    "Diagnostic",
    "Diagnostics",
    "Edit",
    "Fix",
    "Note",
    "Severity",
    "did_you_mean",
    "shortened",
]


class Severity(StrEnum):
    """How much a diagnostic weighs: an error stops a pack from loading, the others do not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """An entry of the registry: the stable code, its name in words, and its usual severity."""

    code: str
    name: str
    severity: Severity = Severity.ERROR


def _registry(rows: Iterable[str]) -> Iterator[tuple[str, Code]]:
    for row in rows:
        code, name, *severity = row.split()
        yield code, Code(code, name, Severity(severity[0]) if severity else Severity.ERROR)


# The first digit is the stage that finds the problem. Codes are a public contract: they are
# never given another meaning, and a retired one is not used again.
CODES: dict[str, Code] = dict(
    _registry(
        row
        for row in """
        EVL001 file-missing
        EVL002 file-unreadable
        EVL003 not-a-file
        EVL004 not-utf8
        EVL005 not-text
        EVL006 file-too-large

        EVL101 yaml-syntax
        EVL102 yaml-tab-indentation
        EVL103 yaml-indentation
        EVL104 yaml-duplicate-key
        EVL105 yaml-tag
        EVL106 yaml-anchor
        EVL107 yaml-merge-key
        EVL108 yaml-several-documents
        EVL109 yaml-empty
        EVL110 yaml-key-not-a-string
        EVL111 yaml-unquoted-expression
        EVL112 yaml-comment-cuts-expression
        EVL113 yaml-too-deep
        EVL114 unknown-key
        EVL115 missing-key
        EVL116 wrong-value-type
        EVL117 value-not-allowed
        EVL118 yaml-too-many-nodes
        EVL119 yaml-character
        EVL120 yaml-escape
        EVL121 yaml-unclosed
        EVL122 yaml-directive

        EVL201 expression-syntax
        EVL202 expression-unexpected-end
        EVL203 expression-unclosed-string
        EVL204 expression-bad-literal
        EVL205 expression-bad-escape
        EVL206 expression-foreign-operator
        EVL207 expression-too-deep
        EVL208 expression-too-long
        EVL209 macro-misuse
        EVL210 reserved-word
        EVL211 expression-empty
        EVL212 template-syntax

        EVL301 undeclared-name
        EVL302 unknown-attribute
        EVL303 unknown-function
        EVL304 no-such-overload
        EVL305 not-a-condition
        EVL306 wrong-type
        EVL307 enum-value-unknown
        EVL308 optional-unguarded
        EVL309 nullable-unguarded
        EVL310 structure-as-value
        EVL311 constant-condition warning
        EVL312 table-key-missing
        EVL313 messages-unsupported
        EVL314 bad-pattern
        EVL316 unknown-type
        EVL317 call-always-fails

        EVL401 pack-missing
        EVL402 pack-language-version
        EVL403 policy-name-mismatch
        EVL404 file-unlisted
        EVL405 listed-file-missing
        EVL406 path-leaves-pack
        EVL407 import-missing
        EVL408 import-cycle
        EVL409 import-unused warning
        EVL410 name-clash
        EVL411 name-reserved
        EVL412 name-invalid
        EVL413 definition-cycle
        EVL414 unused-definition warning
        EVL415 duplicate-rule-id
        EVL416 duplicate-remedy-id
        EVL417 shared-remedy-unknown
        EVL418 remedy-path-unknown
        EVL419 remedy-path-fixed
        EVL420 translation-missing warning
        EVL421 output-type-conflict
        EVL422 action-outside-policy
        EVL423 pattern-invalid
        EVL424 effective-period
        EVL425 applies-to-missing
        EVL426 table-type
        EVL427 constant-error
        EVL428 locale-unknown
        EVL429 time-zone-unknown
        EVL430 host-function-missing
        EVL431 host-function-declaration
        EVL432 output-label-unknown warning
        EVL433 pack-duplicate-name
        EVL434 import-not-listed
        EVL435 duplicate-listing
        EVL436 host-function-undeclared
        EVL437 rule-implied warning
        EVL438 title-unknown warning

        EVL501 schema-json
        EVL502 schema-invalid
        EVL503 schema-keyword-unsupported
        EVL504 schema-reference
        EVL505 schema-default-invalid
        EVL506 schema-constrains-envelope
        EVL507 schema-optional-and-nullable
        EVL508 schema-pattern
        EVL509 schema-format
        EVL510 schema-type

        EVL601 request-json
        EVL602 request-duplicate-key
        EVL603 request-number
        EVL604 request-too-deep
        EVL605 request-envelope
        EVL606 request-time
        EVL607 request-encoding
        EVL609 request-changed
        EVL610 request-unknown-path

        EVL701 suite-name-mismatch
        EVL702 suite-file-unused
        EVL703 fixture-file-missing
        EVL704 fixture-unknown
        EVL705 fixture-cycle
        EVL706 fixture-path-unknown
        EVL707 fixture-clash
        EVL708 fixture-unused warning
        EVL709 suite-request-incomplete
        EVL710 moment-missing
        EVL711 moment-invalid
        EVL712 case-incomplete
        EVL713 case-repeated
        EVL714 combination-unlisted
        EVL715 combination-unknown
        EVL716 denial-without-rules
        EVL717 expected-rule-unknown
        EVL718 expected-remedy-unknown
        EVL719 expected-output-unknown
        EVL720 expected-locale-unknown
        EVL721 expectation-contradictory
        EVL722 moment-ignored

        EVL740 git-missing
        EVL741 repository-missing
        EVL742 revision-unknown
        EVL743 revision-folder-missing
        EVL744 revision-unreadable

        EVL750 not-unreachable

        EVL760 cache-not-trusted warning
        EVL761 cache-damaged warning
        EVL762 cache-not-writable warning

        EVL770 suites-fail

        EVL780 record-without-request
        EVL781 record-too-long
        EVL782 record-without-moment
        EVL783 record-decision-invalid
        EVL784 log-unreadable

        EVL801 entities-shape
        EVL802 entity-shape
        EVL803 entity-repeated
        EVL804 entity-query-shape
        EVL805 entity-database-unknown
        EVL806 entity-database-unreachable
        EVL807 entity-query-fails
        EVL808 entity-row-shape
        EVL809 entity-row-repeated

        EVL810 server-path-missing
        EVL811 server-address
        EVL812 server-host
        EVL813 api-key-repeated
        EVL814 api-key-expiry
        EVL815 key-set-unusable
        EVL816 key-set-private
        EVL817 key-set-unreachable warning

        EVL830 record-altered
        EVL831 records-missing
        EVL832 record-moved
        EVL833 record-unlinked
        EVL834 line-unchained
        EVL835 line-unfinished warning
        EVL836 seal-of-another-kind
        EVL840 log-not-ours
        EVL841 log-shorter-than-it-was warning
        EVL842 log-cannot-be-written
        EVL843 log-key-weak
        EVL844 mask-pointer

        EVL850 reload-failed
        EVL851 reload-refused
        """.splitlines()
        if row.strip()
    )
)


@dataclass(frozen=True, slots=True)
class Note:
    """A further remark on a diagnostic, with a place of its own where it has one."""

    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement of the text of a span."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that cures a problem: what it does, and the edits that do it."""

    message: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: *what is wrong* (``message``), where (``span``), and *what to do* (``help``).

    Messages are lowercase phrases without a full stop; the user's own text stands in backticks.
    ``severity`` is that of the code in the registry unless it is given.
    """

    code: str
    message: str
    span: Span | None = None
    help: str | None = None
    notes: tuple[Note, ...] = ()
    fix: Fix | None = None
    severity: Severity = None  # type: ignore[assignment]  # filled in from the registry

    def __post_init__(self) -> None:
        if self.severity is None:
            object.__setattr__(self, "severity", CODES[self.code].severity)

    @property
    def name(self) -> str:
        """The name of the code in words, such as ``unknown-attribute``."""
        return CODES[self.code].name

    def __str__(self) -> str:
        place = f"{self.span}: " if self.span else ""
        cure = f" ({self.help})" if self.help else ""
        return f"{place}{self.severity}[{self.code}]: {self.message}{cure}"


class Diagnostics:
    """A growing collection of diagnostics, which every stage adds to instead of stopping."""

    def __init__(self) -> None:
        self._items: list[Diagnostic] = []

    def add(self, diagnostic: Diagnostic) -> None:
        self._items.append(diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        self._items.extend(diagnostics)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    @property
    def has_errors(self) -> bool:
        return any(item.severity is Severity.ERROR for item in self._items)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """All of them without repetitions, by file, place and code."""

        def key(item: Diagnostic) -> tuple[str, int, str, str]:
            if item.span is None:
                return ("", 0, item.code, item.message)
            return (item.span.source.name, item.span.start, item.code, item.message)

        seen: dict[tuple[str, int, str, str], Diagnostic] = {}
        for item in self._items:
            seen.setdefault(key(item), item)
        return tuple(seen[place] for place in sorted(seen))


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, or None when the guess would be a poor one."""
    candidates = list(known)
    folded = {name.casefold(): name for name in candidates}
    if word.casefold() in folded:
        return folded[word.casefold()]
    # Two letters swapped are a typing error, also in a word too short for the measure below.
    swapped = [name for name in candidates if sorted(name) == sorted(word)]
    if len(swapped) == 1 and len(word) > 2:
        return swapped[0]
    found = difflib.get_close_matches(word, candidates, n=1, cutoff=0.7)
    return found[0] if found else None


def shortened(text: str, most: int = 40) -> str:
    """A text for use in a message; of a longer one the beginning, and an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
