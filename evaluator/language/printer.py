"""Trees and values back to text: parsing what is printed gives the same tree."""

from __future__ import annotations

from typing import Any, Final

from evaluator.language.blocks import spelling
from evaluator.language.networks import CIDR, IP
from evaluator.language.syntax import (
    Attribute,
    Bind,
    Call,
    Comprehension,
    Conditional,
    Entry,
    Expr,
    ListExpr,
    Literal,
    Logical,
    MapExpr,
    Message,
    Name,
    Select,
    SelectMode,
)
from evaluator.language.types import (
    EnumType,
    ListType,
    MapType,
    OptionalType,
    PrimitiveType,
    Type,
    TypeType,
)
from evaluator.language.values import Duration, Map, Optional, Timestamp, UInt

__all__ = ["print_expression", "print_value"]

# How tightly an operator binds; a part that binds more loosely than its place asks stands in
# parentheses.
_TERNARY, _OR, _AND, _RELATION, _SUM, _PRODUCT, _UNARY, _MEMBER = range(8)
_BINARY: Final = {
    "_<_": ("<", _RELATION),
    "_<=_": ("<=", _RELATION),
    "_>_": (">", _RELATION),
    "_>=_": (">=", _RELATION),
    "_==_": ("==", _RELATION),
    "_!=_": ("!=", _RELATION),
    "@in": ("in", _RELATION),
    "_+_": ("+", _SUM),
    "_-_": ("-", _SUM),
    "_*_": ("*", _PRODUCT),
    "_/_": ("/", _PRODUCT),
    "_%_": ("%", _PRODUCT),
}


def print_expression(node: Expr) -> str:
    """The text of a tree, with no more parentheses than it needs."""
    return _print(node)[0]


def _print(node: Expr) -> tuple[str, int]:
    """The text and how tightly its outermost operator binds."""
    match node:
        case Literal(value=value):
            text = print_value(value)
            negative = isinstance(value, (int, float)) and text.startswith("-")
            return text, _UNARY if negative else _MEMBER
        case Name(name=name):
            return spelling(name), _MEMBER
        case Attribute():
            return _attribute(node), _MEMBER
        case Select(operand=operand, field=field, mode=mode):
            if mode is SelectMode.HAS:
                return f"has({_select(operand, field, '.')})", _MEMBER
            return _select(operand, field, "." if mode is SelectMode.PLAIN else ".?"), _MEMBER
        case Logical(operator=operator, operands=operands):
            level = _AND if operator == "&&" else _OR
            return f" {operator} ".join(_at(part, level + 1) for part in operands), level
        case Conditional():
            return _conditional(node), _TERNARY
        case Call():
            return _call(node)
        case ListExpr(elements=elements, optional=optional):
            texts = (
                ("?" if index in optional else "") + print_expression(element)
                for index, element in enumerate(elements)
            )
            return "[" + ", ".join(texts) + "]", _MEMBER
        case MapExpr(entries=entries):
            return "{" + ", ".join(map(_entry, entries)) + "}", _MEMBER
        case Message(name=name, entries=entries):
            return name + "{" + ", ".join(map(_field, entries)) + "}", _MEMBER
        case Comprehension():
            parts = [
                *map(spelling, node.variables),
                *([_at(node.filter, _TERNARY)] if node.filter else []),
            ]
            parts.append(print_expression(node.body))
            return f"{_at(node.range, _MEMBER)}.{node.kind}({', '.join(parts)})", _MEMBER
        case Bind():
            return _bind(node), _MEMBER
    raise TypeError(f"no way to print a {type(node).__name__}")


def _at(node: Expr, level: int) -> str:
    """The text of a part where only what binds as tightly as ``level`` may stand bare."""
    text, own = _print(node)
    return text if own >= level else f"({text})"


def _bind(node: Bind) -> str:
    values: list[str] = []
    body: Expr = node
    while isinstance(body, Bind) and body.name == f"@index:{len(values)}":
        values.append(print_expression(body.value))
        body = body.body
    if values:
        return f"cel.block([{', '.join(values)}], {print_expression(body)})"
    value = print_expression(node.value)
    return f"cel.bind({spelling(node.name)}, {value}, {print_expression(node.body)})"


def _conditional(node: Conditional) -> str:
    condition, then = _at(node.condition, _OR), _at(node.then, _OR)
    return f"{condition} ? {then} : {print_expression(node.otherwise)}"


def _call(node: Call) -> tuple[str, int]:
    name, args = node.function, node.args
    if name in _BINARY and node.target is None and len(args) == 2:
        sign, level = _BINARY[name]
        # Binary operators group to the left.
        return f"{_at(args[0], level)} {sign} {_at(args[1], level + 1)}", level
    if name in ("!_", "-_") and node.target is None and len(args) == 1:
        return name[0] + _negated(name, args[0]), _UNARY
    if name == "_[_]" and len(args) == 2:
        return f"{_at(args[0], _MEMBER)}[{print_expression(args[1])}]", _MEMBER
    if name == "_[?_]" and len(args) == 2:
        return f"{_at(args[0], _MEMBER)}[?{print_expression(args[1])}]", _MEMBER
    listed = ", ".join(map(print_expression, args))
    if node.target is None:
        return f"{name}({listed})", _MEMBER
    return f"{_at(node.target, _MEMBER)}.{name}({listed})", _MEMBER


def _negated(name: str, operand: Expr) -> str:
    """The text behind `!` or `-`: a chain has one sign only, and `-5` is a literal, no negation."""
    text, level = _print(operand)
    if name == "-_" and isinstance(operand, Literal) and type(operand.value) in (int, float):
        return f"({text})" if text[0].isdigit() else text
    chained = isinstance(operand, Call) and operand.function == name
    return text if chained or level == _MEMBER else f"({text})"


def _select(operand: Expr, field: str, dot: str) -> str:
    return f"{_at(operand, _MEMBER)}{dot}{_field_name(field)}"


def _attribute(node: Attribute) -> str:
    text = node.root
    for index, part in enumerate(node.path):
        optional = node.optional_from is not None and index == node.optional_from
        text += (".?" if optional else ".") + _field_name(part)
    return text


def _field_name(field: str) -> str:
    plain = field.isascii() and field.replace("_", "a").isalnum() and not field[:1].isdigit()
    keyword = field in ("in", "true", "false", "null")
    return field if plain and not keyword else f"`{field}`"


def _entry(entry: Entry) -> str:
    mark = "?" if entry.optional else ""
    return f"{mark}{print_expression(entry.key)}: {print_expression(entry.value)}"


def _field(entry: Entry) -> str:
    name = entry.key.value if isinstance(entry.key, Literal) else ""
    return f"{'?' if entry.optional else ''}{_field_name(str(name))}: " + print_expression(
        entry.value
    )


_ESCAPES: Final = {
    "\\": "\\\\",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
}


def print_value(value: Any) -> str:
    """A value as an expression that has it.

    Half a surrogate pair, which no expression can have but a request may, is shown as its escape.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, UInt):
        return f"{int(value)}u"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, str):
        plain = value.isprintable() and '"' not in value and "\\" not in value
        return f'"{value}"' if plain else '"' + "".join(map(_character, value)) + '"'
    if isinstance(value, bytes):
        return 'b"' + "".join(_octet(octet) for octet in value) + '"'
    if isinstance(value, Timestamp):
        return f'timestamp("{value}")'
    if isinstance(value, IP):
        return f'ip("{value}")'
    if isinstance(value, CIDR):
        return f'cidr("{value}")'
    if isinstance(value, Duration):
        return f'duration("{value}")'
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(print_value, value)) + "]"
    if isinstance(value, Map):
        pairs = (f"{print_value(key)}: {print_value(item)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, Optional):
        return f"optional.of({print_value(value.value)})" if value.present else "optional.none()"
    if isinstance(value, Type):
        return _type_name(value)
    return str(value)


# The names of types that a text for people shortens or spells out; as values they have no parts.
_TYPE_NAMES: Final[dict[type[Type], str]] = {
    ListType: "list",
    MapType: "map",
    OptionalType: "optional_type",
    TypeType: "type",
    EnumType: "string",
}


def _type_name(type_: Type) -> str:
    if isinstance(type_, PrimitiveType):
        return type_.primitive.value
    return _TYPE_NAMES.get(type(type_)) or str(type_)


def _double(value: float) -> str:
    if value != value:
        return 'double("NaN")'
    if value in (float("inf"), float("-inf")):
        return 'double("Infinity")' if value > 0 else 'double("-Infinity")'
    text = repr(value)
    return text if any(mark in text for mark in ".e") else f"{text}.0"


def _character(letter: str) -> str:
    escaped = _ESCAPES.get(letter)
    if escaped is not None:
        return escaped
    code = ord(letter)
    if letter.isprintable():
        return letter
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _octet(octet: int) -> str:
    letter = chr(octet)
    if not 0x20 <= octet < 0x7F:
        return f"\\x{octet:02x}"
    if letter in '"\\':
        return f"\\{letter}"
    return letter
