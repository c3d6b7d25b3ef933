"""``math.greatest`` and ``math.least`` take numbers alone, however many there are."""

from __future__ import annotations

import pytest

from tests.language.checking_setting import checked
from tests.language.evaluating import evaluated, kind_of

# An expression, the type that is no number, and what is underlined.
WRONG = [
    ('math.greatest("a", 1)', "`string`", '"a"'),
    ('math.greatest(1, "a")', "`string`", '"a"'),
    ("math.least(1, 2u, true)", "`bool`", "true"),
    ('math.least(1, 2.0, 3u, "a", 5)', "`string`", '"a"'),
    ('math.least(["a"])', "`string`", '"a"'),
    ('math.least([1, 2.0, "a"])', "`string`", '"a"'),
    ("math.greatest(1, null)", "null", "null"),
    ("math.greatest(resource.lines, 1)", "a list of objects", "resource.lines"),
    ("math.greatest(subject.roles)", "`list(string)`", "subject.roles"),
    ("math.greatest(1, resource.?discount)", "`optional(int)`", "resource.?discount"),
]


@pytest.mark.parametrize(("text", "type_", "place"), WRONG, ids=[row[0] for row in WRONG])
def test_what_is_no_number_is_refused(text: str, type_: str, place: str) -> None:
    found = checked(text).diagnostics
    name = text.partition("(")[0]
    assert [item.code for item in found] == ["EVL304"]
    assert found[0].message == f"`{name}` takes numbers, and this is {type_}"
    assert found[0].help == (
        f"it takes `{name}(number, ...)` or `{name}(list(number))`, "
        "with int, uint and double for numbers"
    )
    assert found[0].span is not None
    assert text[found[0].span.start : found[0].span.end] == place


@pytest.mark.parametrize("text", ['math.greatest("a")', "math.least({'a': 1})"])
def test_one_argument_that_is_none_has_no_overload(text: str) -> None:
    assert [item.code for item in checked(text).diagnostics] == ["EVL304"]


@pytest.mark.parametrize(
    "text",
    [row[0] for row in WRONG if "resource" not in row[0] and "subject" not in row[0]],
)
def test_it_does_fail(text: str) -> None:
    assert kind_of(evaluated(text)) == "no_such_overload"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("math.greatest(1, 2.0, 3u)", set()),
        ("math.greatest(1, 2, 3, 4)", set()),
        ("math.least([1, 2.0, 3u])", {"cost_exceeded"}),
        ("math.least([1, 2])", {"cost_exceeded"}),
        ("math.least([?optional.of(1)])", {"cost_exceeded", "invalid_argument"}),
        ("math.least(dyn('a'), 1, 2)", {"no_such_overload"}),
        ("math.least(dyn([1]))", {"cost_exceeded", "invalid_argument", "no_such_overload"}),
    ],
)
def test_errors_that_remain(text: str, kinds: set[str]) -> None:
    found = checked(text)
    assert found.diagnostics == ()
    assert found.errors == kinds
