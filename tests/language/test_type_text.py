"""Types as text: what is read, what is refused and how, and that types print as they are read."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.errors import PolicyError
from evaluator.language.type_text import TYPE_NAMES, parse_type
from evaluator.language.types import (
    ANY_MAP,
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NULL,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    ListType,
    MapType,
    NullableType,
    OpaqueType,
    OptionalType,
    Type,
    TypeParameter,
    TypeType,
)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("int", INT),
        ("null", NULL),
        ("null_type", NULL),
        ("timestamp", TIMESTAMP),
        ("google.protobuf.Duration", DURATION),
        ("list", ListType(DYN)),
        ("map", ANY_MAP),
        ("type", TYPE),
        ("type(int)", TypeType(INT)),
        ("list(string)", ListType(STRING)),
        (" map( string ,list(int) ) ", MapType(STRING, ListType(INT))),
        ("optional(int)", OptionalType(INT)),
        ("optional_type(int)", OptionalType(INT)),
        ("nullable(string)", NullableType(STRING)),
        ("wrapper(string)", NullableType(STRING)),
        ("nullable(dyn)", DYN),
        ("nullable(nullable(int))", NullableType(INT)),
    ],
)
def test_types_that_are_read(text: str, type_: Type) -> None:
    assert parse_type(text) == type_


def test_names_of_the_host() -> None:
    read = parse_type("tuple(T, net.IP)", parameters={"T"}, opaque={"tuple", "net.IP"})
    assert read == OpaqueType("tuple", (TypeParameter("T"), OpaqueType("net.IP")))


@pytest.mark.parametrize(
    ("text", "message", "underlined", "help"),
    [
        ("strng", "`strng` is no type", "strng", "did you mean `string`?"),
        ("list(strng)", "`strng` is no type", "strng", "did you mean `string`?"),
        ("vector(int)", "`vector` is no type", "vector", None),
        ("", "a type is expected here", "", None),
        ("list()", "a type is expected here", ")", None),
        ("list(int", "a `)` is missing", "", None),
        ("list(int))", "nothing is expected after the type", ")", None),
        ("list(int, int)", "`list` is written `list(element)`", "list(int, int)", None),
        ("map(string)", "`map` is written `map(key, value)`", "map(string)", None),
        ("int(int)", "`int` takes no parameters", "int(int)", None),
        (
            "map(double, int)",
            "keys of maps are bool, int, uint or string",
            "map(double, int)",
            None,
        ),
        ("list(" * 40 + "int", "this type is nested more than 32 deep", "l", None),
    ],
)
def test_types_that_are_refused(text: str, message: str, underlined: str, help: str | None) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_type(text)
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.message) == ("EVL316", message)
    assert problem.span is not None
    assert problem.span.text == underlined
    assert help is None or problem.help == help


_KEYS = st.sampled_from((BOOL, INT, UINT, STRING, DYN))
_SIMPLE = st.sampled_from(
    (BOOL, BYTES, DOUBLE, DURATION, DYN, INT, NULL, STRING, TIMESTAMP, TYPE, UINT)
)
TYPES = st.recursive(
    _SIMPLE,
    lambda inner: st.one_of(
        inner.map(ListType),
        st.builds(MapType, _KEYS, inner),
        inner.map(OptionalType),
        inner.filter(
            lambda type_: type_ not in (NULL, DYN) and not isinstance(type_, NullableType)
        ).map(NullableType),
    ),
    max_leaves=6,
)


@given(TYPES)
def test_types_are_read_as_they_print(type_: Type) -> None:
    assert parse_type(str(type_)) == type_


@given(st.text(alphabet="intlsmap(), .é\n"))
def test_any_text_is_a_type_or_refused(text: str) -> None:
    with suppress(PolicyError):
        assert isinstance(parse_type(text), Type)


def test_names_of_types_are_types() -> None:
    for name, type_ in TYPE_NAMES.items():
        assert parse_type(name) == type_
