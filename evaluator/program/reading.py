"""The code that reads a request: each attribute verified as its schema says, by plain Python.

What the schema says of texts, numbers, times and lists is spelt out as code. Everything else is
read by the readers that the interpreter uses. What does not satisfy the schema raises ``Doubt``.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from evaluator.language.compiler import Compiler, Doubt, Slot, hold
from evaluator.language.compiling.builder import Builder
from evaluator.language.compiling.forms import Form, Layout, Value, plain_type
from evaluator.language.compiling.runtime import boolean, sure
from evaluator.language.instants import parse_instant, parse_iso_duration
from evaluator.language.types import DURATION, DYN, STRING, TIMESTAMP, Type
from evaluator.language.values import (
    ABSENT,
    INT_MAX,
    INT_MIN,
    Duration,
    Timestamp,
    from_host,
)
from evaluator.policy import conversions
from evaluator.policy.pointers import ENVELOPE, Path
from evaluator.policy.request_types import RequestType
from evaluator.policy.schema_checks import Bound, OneOf, Size
from evaluator.policy.shapes import (
    ANYTHING,
    Anything,
    Check,
    Leaf,
    ListShape,
    Member,
    ObjectShape,
    Shape,
)

__all__ = ["PARAMETERS", "RequestCode"]

_ENTITIES: Final = {"subject": "s", "action": "a", "resource": "r", "context": "c"}
PARAMETERS: Final = (*ENVELOPE.values(), *_ENTITIES.values(), "now")
"""What a function that judges takes: the envelope's texts, the four objects, the moment."""

_Attribute = tuple[str, Path]


class RequestCode:
    """Emits the reads of one kind of request; the ``Attributes`` of a compiler.

    ``wanted`` are the attributes that are read anywhere in the function, ``as_maps`` the lists of
    objects that have to be read as maps.
    """

    def __init__(
        self,
        request_type: RequestType,
        wanted: frozenset[_Attribute],
        as_maps: frozenset[_Attribute],
    ) -> None:
        self._request_type = request_type
        self._wanted = wanted
        self._as_maps = as_maps
        self._slots: dict[_Attribute, Slot] = {}
        self._containers: dict[_Attribute, Slot] = {}
        self._compiler: Compiler

    def attach(self, compiler: Compiler) -> None:
        """Says which compiler's code it is that reads."""
        self._compiler = compiler

    def begin(self, eager: Iterable[_Attribute]) -> None:
        """Emits what comes first: that nothing forbidden is there, and the ``eager`` attributes."""
        for root, shape in (self._request_type.shapes or {}).items():
            if shape.closed:
                self._close(self._builder.load(_ENTITIES[root]), shape)
        for root, path in eager:
            self.read(root, path)

    @property
    def _builder(self) -> Builder:
        return self._compiler.builder

    # Attributes

    def read(self, root: str, path: Path) -> Value:
        field = ENVELOPE.get((root, path))
        if field is not None:
            return Value(self._builder.load(field), STRING)
        slot = self._slots.get((root, path))
        if slot is None:
            local = self._builder.fresh(path[-1] if path and path[-1].isidentifier() else root)
            slot = Slot(local, lambda: self._fill(local, root, path))
            self._slots[root, path] = slot
        return self._compiler.need(slot)

    def has(self, root: str, path: Path) -> ast.expr:
        builder = self._builder
        if (root, path) in ENVELOPE:
            return builder.constant(value=True)
        found = self._member(root, path)
        if found is not None and path:
            container, _, member = found
            there = member is not None and (member.required or member.default is not ABSENT)
            if not there and (root, path) in self._wanted:
                value = self.read(root, path)
                return builder.is_not(value.code, builder.constant(ABSENT, "absent"))
            if not there and not container.may_be_absent:
                name = builder.constant(path[-1])
                return builder.compare(name, ast.In(), container.code)
        reader = self._request_type.reader(root, path)
        asked = builder.call(reader.has, builder.load(_ENTITIES[root]))
        return builder.call(boolean, asked)

    def _fill(self, local: str, root: str, path: Path) -> Value:
        """Emits the read of an attribute into a local variable."""
        found = self._member(root, path) if path else None
        if found is None:
            return self._fill_by_reader(local, root, path)
        container, shape, member = found
        builder = self._builder
        name = builder.constant(path[-1])
        absent = builder.constant(ABSENT, "absent")
        if member is not None and member.default is not ABSENT and not container.may_be_absent:
            default = builder.constant(member.default, "default")
            raw = builder.method(container.code, "get", name, default)
        elif member is not None and member.required and not container.may_be_absent:
            raw = builder.item(container.code, name)
        else:
            raw = builder.method(container.code, "get", name, absent)
            if container.may_be_absent:
                empty = builder.is_(container.code, absent)
                raw = builder.conditional(empty, absent, raw)
            builder.assign(local, raw)
            with builder.when(builder.is_not(builder.load(local), absent)):
                value = self._verified(local, builder.load(local), shape, (root, path))
            return Value(
                value.code, value.type, value.form, may_be_absent=True, layout=value.layout
            )
        return self._verified(local, raw, shape, (root, path))

    def _fill_by_reader(self, local: str, root: str, path: Path) -> Value:
        builder = self._builder
        reader = self._request_type.reader(root, path)
        read = builder.call(reader.read, builder.load(_ENTITIES[root]))
        type_ = self._request_type.type_of(root, path) or DYN
        value = Value(builder.call(sure, read), plain_type(type_), may_be_absent=True)
        return hold(self._compiler, local, value)

    def _member(self, root: str, path: Path) -> tuple[Value, Shape, Member | None] | None:
        """The object that an attribute is in, and what is known of it; None: ask the reader."""
        shapes = self._request_type.shapes
        if shapes is None or not path:
            return None
        here: Shape = shapes[root]
        steps: list[ObjectShape] = []
        for part in path:
            if not isinstance(here, ObjectShape) or here.checks or here.nullable:
                return None
            steps.append(here)
            member = here.members.get(part)
            inner = here.extra if member is None else member.shape
            if inner is None:
                return None
            here = inner
        container = self._container(root, path[:-1])
        return container, here, steps[-1].members.get(path[-1])

    def _container(self, root: str, path: Path) -> Value:
        """The object at a path, as the dict that it is; or ``ABSENT``."""
        if not path:
            return Value(self._builder.load(_ENTITIES[root]), DYN)
        slot = self._containers.get((root, path))
        if slot is None:
            local = self._builder.fresh("o")
            slot = Slot(local, lambda: self._open(local, root, path))
            self._containers[root, path] = slot
        return self._compiler.need(slot)

    def _open(self, local: str, root: str, path: Path) -> Value:
        """Emits the step to an object, with what it must have and must not."""
        builder = self._builder
        found = self._member(root, path)
        assert found is not None
        above, shape, member = found
        assert isinstance(shape, ObjectShape)
        needed = member is not None and member.required and member.default is ABSENT
        absent = builder.constant(ABSENT, "absent")
        name = builder.constant(path[-1])
        default = absent if member is None or member.default is ABSENT else None
        if default is None:
            assert member is not None
            default = builder.constant(member.default, "default")
        raw = builder.method(above.code, "get", name, default)
        if above.may_be_absent:
            raw = builder.conditional(builder.is_(above.code, absent), absent, raw)
        builder.assign(local, raw)
        code = builder.load(local)
        may_be_absent = above.may_be_absent or (not needed and default is absent)
        if may_be_absent:
            with builder.when(builder.is_not(code, absent)):
                self._verify_object(code, shape)
        else:
            self._verify_object(code, shape)
        return Value(code, DYN, may_be_absent=may_be_absent)

    # Verifying

    def _fail_unless(self, test: ast.expr) -> None:
        builder = self._builder
        with builder.when(builder.negated(test)):
            builder.fail(Doubt)

    def _of_class(self, value: ast.expr, kind: type) -> ast.expr:
        builder = self._builder
        return builder.is_(builder.class_of(value), builder.constant(kind, kind.__name__))

    def _verify_object(self, code: ast.expr, shape: ObjectShape) -> None:
        """What is needed is there; that nothing else is has been seen to at the beginning."""
        builder = self._builder
        self._fail_unless(self._of_class(code, dict))
        for name, member in shape.members.items():
            if member.required and member.default is ABSENT:
                self._fail_unless(builder.compare(builder.constant(name), ast.In(), code))
        if shape.extra is not None:
            self._fail_unless(builder.call(_has_text_keys, code))

    def _verified(self, local: str, raw: ast.expr, shape: Shape, origin: _Attribute) -> Value:
        """Emits the verification of a raw value, and its conversion, into a local variable."""
        builder = self._builder
        type_ = plain_type(shape.type)
        if isinstance(shape, Leaf) and not shape.nullable:
            emit = _LEAVES.get(shape.convert)
            if emit is not None and emit(self, local, raw, shape):
                form = Form.NANOS if type_ in (TIMESTAMP, DURATION) else Form.PLAIN
                return Value(builder.load(local), type_, form)
        if isinstance(shape, ListShape) and not shape.nullable:
            made = self._list(local, raw, shape, origin)
            if made is not None:
                return made
        read = builder.call(shape.read, raw, builder.constant(""))
        return hold(self._compiler, local, Value(builder.call(sure, read), type_))

    def _text(self, local: str, raw: ast.expr, shape: Leaf) -> bool:
        builder = self._builder
        builder.assign(local, raw)
        code = builder.load(local)
        if len(shape.checks) == 1 and isinstance(shape.checks[0], OneOf):
            texts = builder.constant(shape.checks[0].texts, "texts")
            self._fail_unless(builder.compare(code, ast.In(), texts))
            return True
        self._fail_unless(self._of_class(code, str))
        self._check(code, shape.checks)
        return True

    def _bool(self, local: str, raw: ast.expr, shape: Leaf) -> bool:
        if shape.checks:
            return False
        builder = self._builder
        builder.assign(local, raw)
        code = builder.load(local)
        either = [builder.is_(code, builder.constant(value)) for value in (True, False)]
        self._fail_unless(builder.logical("||", either))
        return True

    def _int(self, local: str, raw: ast.expr, shape: Leaf) -> bool:
        bounds = _bounds(shape.checks)
        if bounds is None:
            return False
        builder = self._builder
        builder.assign(local, raw)
        code = builder.load(local)
        with builder.when(builder.negated(self._of_class(code, int))):
            builder.assign(local, builder.call(_whole, code))
        low, high = map(builder.constant, bounds)
        self._fail_unless(builder.between(low, code, high))
        return True

    def _time(self, local: str, raw: ast.expr, shape: Leaf) -> bool:
        if shape.checks:
            return False
        builder = self._builder
        function = _instant if shape.type == TIMESTAMP else _length
        builder.assign(local, builder.call(function, raw))
        return True

    def _check(self, code: ast.expr, checks: Sequence[Check]) -> None:
        builder = self._builder
        for check in checks:
            if isinstance(check, Size):
                size = builder.call(len, code)
                kind: ast.cmpop = ast.LtE() if check.at_most else ast.GtE()
                self._fail_unless(builder.compare(size, kind, builder.constant(check.size)))
            else:
                passed = builder.is_(builder.call(check, code), builder.constant(None))
                self._fail_unless(passed)

    # Lists

    def _list(
        self, local: str, raw: ast.expr, shape: ListShape, origin: _Attribute
    ) -> Value | None:
        item = shape.item
        builder = self._builder
        code = builder.load(local)
        if isinstance(item, Leaf) and item.convert is conversions.to_text and not item.nullable:
            builder.assign(local, raw)
            self._fail_unless(self._of_class(code, list))
            self._check(code, shape.checks)
            self._texts(code, item)
            return Value(code, shape.type)
        if isinstance(item, ObjectShape) and origin not in self._as_maps and _is_record(item):
            return self._records(local, raw, shape, item, origin)
        return None

    def _texts(self, code: ast.expr, item: Leaf) -> None:
        builder = self._builder
        if len(item.checks) == 1 and isinstance(item.checks[0], OneOf):
            texts = builder.constant(item.checks[0].texts, "texts")
            self._fail_unless(builder.method(texts, "issuperset", code))
            return
        local = builder.fresh("x")
        with builder.each(local, code):
            self._fail_unless(self._of_class(builder.load(local), str))
            self._check(builder.load(local), item.checks)

    def _records(
        self, local: str, raw: ast.expr, shape: ListShape, item: ObjectShape, origin: _Attribute
    ) -> Value:
        builder = self._builder
        given = builder.fresh("raw")  # a name of its own, as the records come under the other
        builder.assign(given, raw)
        raw = builder.load(given)
        self._fail_unless(self._of_class(raw, list))
        self._check(raw, shape.checks)
        builder.assign(local, builder.listed([]))
        one = builder.fresh("item")
        fields: dict[str, tuple[Type, Form, bool]] = {}
        with builder.each(one, raw):
            code = builder.load(one)
            self._fail_unless(self._of_class(code, dict))
            if item.extra is not None:
                self._fail_unless(builder.call(_has_text_keys, code))
            values = [
                self._field(code, name, member, fields) for name, member in item.members.items()
            ]
            record = builder.tupled(values)
            builder.do(builder.method(builder.load(local), "append", record))
        return Value(builder.load(local), shape.type, Form.RECORDS, layout=Layout(origin, fields))

    def _field(
        self,
        container: ast.expr,
        name: str,
        member: Member,
        fields: dict[str, tuple[Type, Form, bool]],
    ) -> ast.expr:
        """Emits the read of a member of a record."""
        builder = self._builder
        local = builder.fresh("f")
        key = builder.constant(name)
        may_be_absent = False
        if member.default is not ABSENT:
            default = builder.constant(member.default, "default")
            value = self._verified(
                local, builder.method(container, "get", key, default), member.shape, _NOWHERE
            )
        elif member.required:
            value = self._verified(local, builder.item(container, key), member.shape, _NOWHERE)
        else:
            may_be_absent = True
            absent = builder.constant(ABSENT, "absent")
            builder.assign(local, builder.method(container, "get", key, absent))
            with builder.when(builder.is_not(builder.load(local), absent)):
                value = self._verified(local, builder.load(local), member.shape, _NOWHERE)
        fields[name] = (value.type, value.form, may_be_absent)
        return value.code

    # Closed objects

    def _close(self, code: ast.expr, shape: Shape) -> None:
        """Emits the check that no closed object in a value has what it must not have."""
        builder = self._builder
        if isinstance(shape, ListShape):
            local = builder.fresh("item")
            with builder.each(local, code):
                inner = builder.load(local)
                self._fail_unless(self._of_class(inner, dict))
                self._close(inner, shape.item)
            return
        assert isinstance(shape, ObjectShape)
        if shape.extra is None:
            names = builder.constant(frozenset(shape.members), "names")
            self._fail_unless(builder.method(names, "issuperset", code))
        elif shape.extra.closed:
            self._fail_unless(builder.call(shape.admits, code))
            return
        for name, member in shape.members.items():
            if not member.shape.closed:
                continue
            local = builder.fresh("inner")
            absent = builder.constant(ABSENT, "absent")
            builder.assign(local, builder.method(code, "get", builder.constant(name), absent))
            inner = builder.load(local)
            kind = list if isinstance(member.shape, ListShape) else dict
            with builder.block() as then:
                self._close(inner, member.shape)
            with builder.block() as otherwise:
                allowed = [builder.is_(inner, absent)]
                if getattr(member.shape, "nullable", False):
                    allowed.append(builder.is_(inner, builder.constant(None)))
                self._fail_unless(builder.logical("||", allowed))
            builder.choose(self._of_class(inner, kind), then, otherwise)


_NOWHERE: Final[_Attribute] = ("", ())


def _is_record(shape: ObjectShape) -> bool:
    """Whether the objects can be tuples: only declared members are of interest."""
    return (
        not shape.nullable
        and not shape.checks
        and (shape.extra is None or shape.extra is ANYTHING or type(shape.extra) is Anything)
    )


def _bounds(checks: Sequence[Check]) -> tuple[int, int] | None:
    """The least and the greatest integer that bounds admit; None where there are other checks."""
    low, high = INT_MIN, INT_MAX
    for check in checks:
        if not isinstance(check, Bound) or not math.isfinite(check.limit):
            return None
        match check.keyword:
            case "minimum":
                low = max(low, math.ceil(check.limit))
            case "exclusiveMinimum":
                low = max(low, math.floor(check.limit) + 1)
            case "maximum":
                high = min(high, math.floor(check.limit))
            case "exclusiveMaximum":
                high = min(high, math.ceil(check.limit) - 1)
    return low, high


def _whole(value: Any) -> int:
    """What is no ``int`` but a number of integral value."""
    converted = conversions.to_int(value)
    if converted is ABSENT:
        raise Doubt
    return int(converted)


def _instant(value: Any) -> int:
    """The nanoseconds of a moment as text, or as hosts have it."""
    if type(value) is str:
        instant = parse_instant(value)
        if instant is None:
            raise Doubt
        return instant
    return _nanoseconds(value, (datetime, Timestamp))


def _length(value: Any) -> int:
    """The nanoseconds of a duration as text, or as hosts have it."""
    if type(value) is str:
        length = parse_iso_duration(value)
        if length is None:
            raise Doubt
        return length
    return _nanoseconds(value, (timedelta, Duration))


def _nanoseconds(value: Any, kinds: tuple[type, ...]) -> int:
    converted = from_host(value) if isinstance(value, kinds) else None
    if type(converted) is not Timestamp and type(converted) is not Duration:
        raise Doubt
    return converted.nanoseconds


def _has_text_keys(value: Mapping[Any, Any]) -> bool:
    return all(type(key) is str for key in value)


_Emit = Callable[[RequestCode, str, ast.expr, Leaf], bool]
_LEAVES: Final[Mapping[Callable[[Any], Any], _Emit]] = {
    conversions.to_text: RequestCode._text,
    conversions.to_bool: RequestCode._bool,
    conversions.to_int: RequestCode._int,
    conversions.to_timestamp: RequestCode._time,
    conversions.to_duration: RequestCode._time,
}
