from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.errors import PolicyError
from evaluator.language.limits import Limits
from evaluator.language.parser import expression_end, parse, parse_text
from evaluator.language.printer import print_expression
from evaluator.language.syntax import Expr, Literal, Parsed, walk
from evaluator.language.tokens import Token, is_identifier, tokens
from evaluator.language.values import UInt
from evaluator.source import Fragment, Source
from tests.language.parse_table import TABLE, table_text
from tests.language.trees import expressions, lisp, shape

TREES = [
    # Operators: how tightly they bind, and to which side they group.
    ("a + b * c", "(_+_ a (_*_ b c))"),
    ("a - b - c", "(_-_ (_-_ a b) c)"),
    ("a * b / c % d", "(_%_ (_/_ (_*_ a b) c) d)"),
    ("(a + b) * c", "(_*_ (_+_ a b) c)"),
    ("a < b == c", "(_==_ (_<_ a b) c)"),
    ("a<=b && a>=c || d>e", "(|| (&& (_<=_ a b) (_>=_ a c)) (_>_ d e))"),
    ("a != b in c", "(@in (_!=_ a b) c)"),
    ("a && b && c", "(&& a b c)"),
    ("(a && b) && (c && d)", "(&& a b c d)"),
    ("a || (b || c)", "(|| a b c)"),
    ("a || b && c", "(|| a (&& b c))"),
    ("a ? b : c ? d : e", "(?: a b (?: c d e))"),
    ("a || b ? c || d : e", "(?: (|| a b) (|| c d) e)"),
    ("!a", "(!_ a)"),
    ("!!a.b", "(!_ (!_ (. a b)))"),
    ("-a", "(-_ a)"),
    ("--a", "(-_ (-_ a))"),
    ("-a.b", "(-_ (. a b))"),
    ("a - -b", "(_-_ a (-_ b))"),
    ("a -1", "(_-_ a 1)"),
    # The sign of a number belongs to it.
    ("-5", "-5"),
    ("- 5", "-5"),
    ("--5", "(-_ -5)"),
    ("-(5)", "(-_ 5)"),
    ("-5u", "(-_ 5u)"),
    ("-1.5", "-1.5"),
    ("-5.abs()", "(-_ (.abs() 5))"),
    ("-9223372036854775808", "-9223372036854775808"),
    # Members.
    ("a.b.c", "(. (. a b) c)"),
    ("a.b(c, d).e()", "(.e() (.b() a c d))"),
    ("f()", "(f)"),
    ("f(a)[0]", "(_[_] (f a) 0)"),
    ("a[b][c]", "(_[_] (_[_] a b) c)"),
    ("a.?b.c", "(. (.? a b) c)"),
    ("a[?0].?b", "(.? (_[?_] a 0) b)"),
    ("a ? .b : c", "(?: a .b c)"),
    ("a ?.b : c", "(?: a .b c)"),
    ("a?.5:.5", "(?: a 0.5 0.5)"),
    ("a.`b-c`.`d/e f.g`", "(. (. a b-c) d/e f.g)"),
    ("a.?`b-c`", "(.? a b-c)"),
    ("a.if.for", "(. (. a if) for)"),
    ("a.`in`", "(. a in)"),
    (".a.b", "(. .a b)"),
    (".f(a)", "(.f a)"),
    ("5.f(1.5)", "(.f() 5 1.5)"),
    ("true.b", "(. true b)"),
    # Collections and messages.
    ("[]", "(list)"),
    ("[a, ?b, [c],]", "(list a ?b (list c))"),
    ("{}", "(map)"),
    ("{a: b, ?c: d, 'e': {},}", "(map a: b ?c: d 'e': (map))"),
    ("{a ? b : c : d}", "(map (?: a b c): d)"),
    ("A{}", "(A{})"),
    (".a.b.C{x: 1, ?y: z, `u-v`: 2,}", "(.a.b.C{} 'x': 1 ?'y': z 'u-v': 2)"),
    ("A{if: 1}.if", "(. (A{} 'if': 1) if)"),
    # Macros.
    ("has(a.b)", "(has a b)"),
    ("has((a.b).c)", "(has (. a b) c)"),
    ("has((a.b))", "(has a b)"),
    ("has(f(a).b)", "(has (f a) b)"),
    ("a.has(b)", "(.has() a b)"),
    ("a.all(x, x > 0)", "(all a x (_>_ x 0))"),
    ("a.all(i, x, i < x)", "(all a i x (_<_ i x))"),
    ("a.exists(x, x)", "(exists a x x)"),
    ("a.exists(k, v, k)", "(exists a k v k)"),
    ("a.exists_one(x, x)", "(exists_one a x x)"),
    ("a.existsOne(k, v, v)", "(exists_one a k v v)"),
    ("a.map(x, x + 1)", "(map a x (_+_ x 1))"),
    ("a.map(x, x > 0, x + 1)", "(map a x (_>_ x 0) (_+_ x 1))"),
    ("a.filter(x, x.b)", "(filter a x (. x b))"),
    ("a.transformList(i, x, i)", "(transformList a i x i)"),
    ("a.transformList(i, x, b, i)", "(transformList a i x b i)"),
    ("a.transformMap(k, v, k)", "(transformMap a k v k)"),
    ("a.transformMap(k, v, b, k)", "(transformMap a k v b k)"),
    ("a.transformMapEntry(k, v, {v: k})", "(transformMapEntry a k v (map v: k))"),
    ("a.transformMapEntry(k, v, b, {v: k})", "(transformMapEntry a k v b (map v: k))"),
    ("a.optMap(x, x)", "(optMap a x x)"),
    ("a.optFlatMap(x, x)", "(optFlatMap a x x)"),
    ("cel.bind(x, a, x + x)", "(bind x a (_+_ x x))"),
    ("a.map(x, b.map(y, x))", "(map a x (map b y x))"),
    # Their names with other arguments are those of functions.
    ("a.all()", "(.all() a)"),
    ("a.all(x)", "(.all() a x)"),
    ("all(x, y)", "(all x y)"),
    ("a.filter(x, y, z)", "(.filter() a x y z)"),
    ("a.map(x.y)", "(.map() a (. x y))"),
    ("a.transformMap(x, y)", "(.transformMap() a x y)"),
    ("a.bind(x, 1, x)", "(.bind() a x 1 x)"),
    ("a.cel.bind(x, 1)", "(.bind() (. a cel) x 1)"),
    # Space and comments.
    (" \t\r\n\fa // b\n + // c\r\nd // e", "(_+_ a d)"),
    ("((a))", "a"),
]


@pytest.mark.parametrize(("text", "tree"), TREES, ids=[text for text, _ in TREES])
def test_trees(text: str, tree: str) -> None:
    assert lisp(parse_text(text).root) == tree


LITERALS = [
    ("null", None),
    ("true", True),
    ("false", False),
    ("0", 0),
    ("007", 7),
    ("9223372036854775807", 2**63 - 1),
    ("0xFf", 255),
    ("0X10", 16),
    ("-0x8000000000000000", -(2**63)),
    ("42u", UInt(42)),
    ("0x2AU", UInt(42)),
    ("18446744073709551615u", UInt(2**64 - 1)),
    ("1.5", 1.5),
    (".5", 0.5),
    ("1e3", 1000.0),
    ("1.5E-3", 0.0015),
    (".5e+1", 5.0),
    ("-0.0", -0.0),
    ("1e-400", 0.0),
    ('""', ""),
    ("''", ""),
    ("'\"\"'", '""'),
    ('"it\'s"', "it's"),
    ("'''x''x'''", "x''x"),
    ('"""a\n"b"\r\nc\rd"""', 'a\n"b"\nc\nd'),
    ("''''''", ""),
    (r'"\""', '"'),
    (r"'\''", "'"),
    (r'"\\"', "\\"),
    (r'"\a\b\f\n\r\t\v\?\"\'\`\\"', "\a\b\f\n\r\t\v?\"'`\\"),
    (r'"\x41\X41\101\u0041\U00000041"', "AAAAA"),
    (r'"\xff\377\303\277"', "ÿÿÃ¿"),
    (r'"\U0001F642"', "\U0001f642"),
    (r'"\ud83d\ude42!"', "\U0001f642!"),
    (r'"\000"', "\x00"),
    ("'æ\U0001f642'", "æ\U0001f642"),
    (r'r"\\"', "\\\\"),
    (r"R'\d+\'", "\\d+\\"),
    (r'r"""a"\b"""', 'a"\\b'),
    ("'# // not a comment'", "# // not a comment"),
    ('b"abc"', b"abc"),
    ("B'ÿ'", b"\xc3\xbf"),
    (r'b"\303\277\xff\377"', b"\xc3\xbf\xff\xff"),
    (r'b"ÿ\n\\"', b"\xc3\xbf\n\\"),
    (r'br"\xff"', b"\\xff"),
    (r'Rb"\xff"', b"\\xff"),
    ('b"""a\r\n"b"""', b'a\n"b'),
]


@pytest.mark.parametrize(("text", "value"), LITERALS, ids=[text for text, _ in LITERALS])
def test_literals(text: str, value: object) -> None:
    node = parse_text(text).root
    assert isinstance(node, Literal)
    assert type(node.value) is type(value)
    assert repr(node.value) == repr(value)  # tells 0.0 and -0.0 apart


def places(parsed: Parsed) -> list[str]:
    """What stands in the source at the place and at the name of each node, parents first."""
    return [
        f"{parsed.span(node).text} @ {parsed.name_span(node).text}" for node in walk(parsed.root)
    ]


PLACES = [
    ("a + b*c", ["a + b*c @ +", "a @ a", "b*c @ *", "b @ b", "c @ c"]),
    ("(a + b) * c", ["(a + b) * c @ *", "a + b @ +", "a @ a", "b @ b", "c @ c"]),
    ("a && b && c", ["a && b && c @ &&", "a @ a", "b @ b", "c @ c"]),
    ("a ? b : c", ["a ? b : c @ ?", "a @ a", "b @ b", "c @ c"]),
    ("!!a", ["!!a @ !", "!a @ !", "a @ a"]),
    ("- 5", ["- 5 @ - 5"]),
    ("--5", ["--5 @ -", "-5 @ -5"]),
    ("a.b.f(c)", ["a.b.f(c) @ f", "a.b @ b", "a @ a", "c @ c"]),
    ("a.`b-c`", ["a.`b-c` @ `b-c`", "a @ a"]),
    ("has(a.b)", ["has(a.b) @ has", "a @ a"]),
    ("a[0]", ["a[0] @ a[0]", "a @ a", "0 @ 0"]),
    ("[ a, ?b ]", ["[ a, ?b ] @ [ a, ?b ]", "a @ a", "b @ b"]),
    ("{?a: b}", ["{?a: b} @ {?a: b}", "?a: b @ ?a: b", "a @ a", "b @ b"]),
    ("A{b: c}", ["A{b: c} @ A{b: c}", "b: c @ b: c", "b @ b", "c @ c"]),
    ("a.all(x, x)", ["a.all(x, x) @ all", "a @ a", "x @ x"]),
    ("cel.bind(x, a, x)", ["cel.bind(x, a, x) @ bind", "a @ a", "x @ x"]),
    (".a.f()", [".a.f() @ f", ".a @ .a"]),
]


@pytest.mark.parametrize(("text", "expected"), PLACES, ids=[text for text, _ in PLACES])
def test_places(text: str, expected: list[str]) -> None:
    assert places(parse_text(text)) == expected
    # The same in the middle of a file.
    source = Source("file.yaml", f"when: {text}  # why\n")
    assert places(parse(Fragment(text, source, ((0, 6),), 6 + len(text)))) == expected


def test_places_in_a_folded_scalar() -> None:
    source = Source("file.yaml", "when: >\n  a ==\n  b &&\n  c\n")
    fragment = Fragment("a == b && c", source, ((0, 10), (5, 17), (10, 24)), 25)
    assert places(parse(fragment))[:2] == ["a ==\n  b &&\n  c @ &&", "a ==\n  b @ =="]


@given(expressions(), st.integers(1, 10**6))
def test_every_node_has_an_id_and_a_place(tree: Expr, first_id: int) -> None:
    text = print_expression(tree)
    parsed = parse(Fragment.whole(text), first_id=first_id)
    ids = [node.id for node in walk(parsed.root)]
    assert len(set(ids)) == len(ids)
    assert min(ids) >= first_id
    assert max(ids) < parsed.next_id
    assert set(ids) <= set(parsed.places)
    for node in walk(parsed.root):
        _, start, end = parsed.places[node.id]
        _, name_start, name_end = parsed.names.get(node.id, parsed.places[node.id])
        assert 0 <= start <= name_start < name_end <= end <= len(text)


def test_without_macros_calls_stay_calls() -> None:
    parsed = parse(Fragment.whole("a.all(x, has(x.b))"), macros=False)
    assert lisp(parsed.root) == "(.all() a x (has (. x b)))"


# Limits

DEEP = [
    ("parentheses", "(" * 10_000 + "a" + ")" * 10_000),
    ("nots", "!" * 99_000 + "a"),
    ("minuses", "-" * 99_000 + "a"),
    ("sums", "+".join("a" * 40_000)),
    ("products", "*".join("a" * 40_000)),
    ("comparisons", "<".join("a" * 40_000)),
    ("selections", "a" + ".b" * 40_000),
    ("optional selections", "a" + ".?b" * 30_000),
    ("calls", "a" + ".b()" * 20_000),
    ("indices", "a" + "[0]" * 30_000),
    ("nested indices", "a[" * 30_000 + "0" + "]" * 30_000),
    ("ternaries", "a?b:" * 20_000 + "c"),
    ("ternaries in conditions", "(" * 9_000 + "a" + "?b:c)" * 9_000),
    ("lists", "[" * 40_000 + "]" * 40_000),
    ("maps", "{a:" * 20_000 + "b" + "}" * 20_000),
    ("arguments", "f(" * 30_000 + "a" + ")" * 30_000),
    ("bindings", "cel.bind(x, a, " * 5_000 + "x" + ")" * 5_000),
    ("and in or in and", "(a && b || " * 5_000 + "a" + ")" * 5_000),
    ("loops", "a.map(x, " * 9_000 + "x" + ")" * 9_000),
    ("messages", "A{a: " * 15_000 + "b" + "}" * 15_000),
]


@pytest.mark.parametrize("text", [text for _, text in DEEP], ids=[name for name, _ in DEEP])
def test_too_deep(text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_text(text)
    (problem,) = caught.value.diagnostics
    assert problem.code == "EVL207"


def test_too_long() -> None:
    with pytest.raises(PolicyError) as caught:
        parse_text("a" * 100_001)
    (problem,) = caught.value.diagnostics
    assert problem.code == "EVL208"
    assert problem.message == "the expression has 100001 characters, more than 100000"


WIDE = [
    ("and", "&&".join("a" * 10_000), 10_000),
    ("or", "||".join("a" * 10_000), 10_000),
    ("list", "[" + ",".join("a" * 10_000) + "]", 10_000),
    ("map", "{" + ",".join(["a:b"] * 10_000) + "}", 10_000),
    ("arguments", "f(" + ",".join("a" * 10_000) + ")", 10_000),
]


@pytest.mark.parametrize(
    ("text", "count"), [row[1:] for row in WIDE], ids=[name for name, *_ in WIDE]
)
def test_wide_is_not_deep(text: str, count: int) -> None:
    assert text.count("a") == count
    assert sum(1 for _ in walk(parse_text(text).root)) > count


@pytest.mark.parametrize(
    "text",
    [
        "-" * 140 + "a",
        "a" + ".b" * 140,
        "(" * 140 + "a" + ")" * 140,
        "a" + " + a" * 140,
        "cel.bind(x, a, " * 140 + "x" + ")" * 140,
        "[f(a," * 70 + "a" + ")]" * 70,
        "a.map(x, " * 8 + "x" + ")" * 8,
        "(a || b && " * 49 + "a" + ")" * 49,
    ],
)
def test_what_is_allowed_can_be_parsed_walked_and_printed(text: str) -> None:
    parsed = parse_text(text)
    assert shape(parse_text(print_expression(parsed.root)).root) == shape(parsed.root)


def test_limits_can_be_set() -> None:
    parse(Fragment.whole("a.b.c"), limits=Limits(max_depth=3))
    with pytest.raises(PolicyError):
        parse(Fragment.whole("a.b.c"), limits=Limits(max_depth=2))
    with pytest.raises(PolicyError):
        parse(Fragment.whole("a.map(x, x.map(y, y))"), limits=Limits(max_comprehensions=1))
    parse(Fragment.whole("a.map(x, x).map(y, y)"), limits=Limits(max_comprehensions=1))


# Fuzzing: whatever the text, a tree or a diagnostic with a place in it.


def parses_or_says_why(text: str) -> None:
    try:
        parse_text(text)
    except PolicyError as error:
        (problem,) = error.diagnostics
        assert problem.code.startswith("EVL2")
        assert problem.message
        assert problem.help
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(text)


_PIECES = [
    *(".", ",", "(", ")", "[", "]", "{", "}", "?", ":", "+", "-", "*", "/", "%", "!", "<", "<="),
    *("==", "!=", "in", "&&", "||", "=", "&", "|", ":=", "?.", "true", "null", "a", "b.c", "has"),
    *("x", "all", "and", "not", "is", "if", "else", "1", "2u", ".5", "1e", "'x'", '"y', "`z`"),
    *("//", "\n", "\\", "b'\\u'", "r''", "\ud800", "é", "has(a)", "cel.bind", "a.all(x, x)"),
]


@settings(max_examples=500)
@given(st.lists(st.sampled_from(_PIECES), max_size=14), st.sampled_from(["", " "]))
def test_fuzz_pieces(pieces: list[str], between: str) -> None:
    parses_or_says_why(between.join(pieces))


@settings(max_examples=200)
@given(st.text(max_size=30))
def test_fuzz_characters(text: str) -> None:
    parses_or_says_why(text)


@settings(max_examples=300)
@given(expressions(), st.data())
def test_fuzz_one_token_away(tree: Expr, data: st.DataObject) -> None:
    text = print_expression(tree)
    found: list[Token] = list(tokens(Fragment.whole(text)))
    token = data.draw(st.sampled_from(found))
    piece = data.draw(st.sampled_from([*_PIECES, ""]))
    start = data.draw(st.sampled_from([token.start, token.end]))  # replace it, or insert behind it
    parses_or_says_why(f"{text[:start]} {piece} {text[token.end :]}")


# The rest

ENDS = [
    ("{a}", 1, 2),
    ("{a} and {b}", 1, 2),
    ("{a} and {b}", 9, 10),
    ("{ {'}': '{'}['}'] } b", 1, 18),
    ("{'}'}", 1, 4),
    ('{r"\\"}', 1, 5),
    ("{a // }\n}", 1, 8),
    ("{[{a: b}]}", 1, 9),
    ("{f(a}", 1, -1),
    ("{}", 1, 1),
    ("{a", 1, -1),
    ("{'a}", 1, -1),
    ("{a $ b}", 1, -1),
    ("{", 1, -1),
]


@pytest.mark.parametrize(("text", "start", "end"), ENDS, ids=[text for text, *_ in ENDS])
def test_where_an_expression_in_a_template_ends(text: str, start: int, end: int) -> None:
    assert expression_end(text, start) == end


@pytest.mark.parametrize("word", ["a", "_", "a1", "Resource", "int", "cel"])
def test_identifiers(word: str) -> None:
    assert is_identifier(word)


@pytest.mark.parametrize("word", ["", "1a", "a-b", "a.b", "é", "in", "null", "if", "while", " a"])
def test_what_is_no_identifier(word: str) -> None:
    assert not is_identifier(word)


def test_the_table_is_that_of_the_grammar() -> None:
    message = "after a change of the grammar: python -m tests.language.parse_table"
    assert TABLE.read_text("utf-8") == table_text(), message
