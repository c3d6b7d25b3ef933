"""What the checker says of formats that are written out."""

from __future__ import annotations

import pytest

from evaluator.diagnostics import Severity
from tests.language.checking_setting import checked
from tests.language.evaluating import evaluated, kind_of

# An expression, the code, the message, and what is underlined.
WRONG = [
    (
        '"%y".format([1])',
        "EVL317",
        '`"%y".format([1])` always fails: %y is no formatting clause; a plain % is written %%',
        '"%y"',
    ),
    (
        '"100 %".format([])',
        "EVL317",
        (
            '`"100 %".format([])` always fails: the format ends inside a clause; '
            "a plain % is written %%"
        ),
        '"100 %"',
    ),
    (
        '"%.f".format([1])',
        "EVL317",
        '`"%.f".format([1])` always fails: a precision needs digits behind its dot, such as %.2f',
        '"%.f"',
    ),
    (
        '"%s of %d".format(["a"])',
        "EVL317",
        '`"%s of %d".format(["a"])` always fails: the format has 2 clauses, and 1 value is given',
        '["a"]',
    ),
    (
        '"%s".format([])',
        "EVL317",
        '`"%s".format([])` always fails: the format has 1 clause, and no values are given',
        "[]",
    ),
    (
        '"%s: %d".format([1, "a"])',
        "EVL306",
        "`%d` writes int, uint and double, and this is `string`",
        '"a"',
    ),
    (
        '"%d".format([resource.id])',
        "EVL306",
        "`%d` writes int, uint and double, and this is `string`",
        "resource.id",
    ),
    (
        '"%x".format([resource.price])',
        "EVL306",
        "`%x` writes int, uint, string and bytes, and this is `double`",
        "resource.price",
    ),
    ('"%o".format([true])', "EVL306", "`%o` writes int and uint, and this is `bool`", "true"),
    (
        '"%s".format([resource.?discount])',
        "EVL306",
        "`%s` writes values other than optionals and a host's own, and this is `optional(int)`",
        "resource.?discount",
    ),
]
RIGHT = [
    '"%s has %d of %d".format([resource.id, 1, 2u])',
    '"%f %e %.2f".format([1, 2u, 3.5])',
    '"%b %o %x %X".format([true, 8, "a", b"b"])',
    '"%s %s".format([resource.lines.map(l, l.quantity), {"a": 1}])',
    '"%s".format([null])',
    '"%d %%".format([resource.total])',
    '"no clause".format([])',
    '"%x".format([resource.lines[0].state])',
]


@pytest.mark.parametrize(("text", "code", "message", "place"), WRONG, ids=[row[0] for row in WRONG])
def test_what_always_fails_is_reported(text: str, code: str, message: str, place: str) -> None:
    (found,) = checked(text).diagnostics
    assert (found.code, found.message, found.severity) == (code, message, Severity.ERROR)
    assert found.span is not None
    assert text[found.span.start : found.span.end] == place
    assert found.help


@pytest.mark.parametrize("text", [row[0] for row in WRONG if "resource" not in row[0]])
def test_it_does_fail(text: str) -> None:
    assert kind_of(evaluated(text)) == "invalid_argument"


@pytest.mark.parametrize("text", RIGHT)
def test_what_cannot_fail_has_no_such_error(text: str) -> None:
    found = checked(text)
    assert found.diagnostics == ()
    assert "invalid_argument" not in found.errors


@pytest.mark.parametrize(
    "text",
    [
        '"%d".format([dyn("a")])',  # the value decides
        '"%s".format([b"a"])',  # the bytes may be no UTF-8
        '"%s".format([[dyn(1)]])',
        '"%s".format([[optional.of(1)]])',
        '"%d".format([?optional.of(1)])',  # so does whether it is there
        "resource.id.format([1])",  # the format is not known
        '(resource.total > 1 ? "%d" : "%s").format([1])',
        '"%d".format(resource.lines.map(l, l.quantity))',
    ],
)
def test_what_may_fail_is_not_reported(text: str) -> None:
    found = checked(text)
    assert found.diagnostics == ()
    assert "invalid_argument" in found.errors
