"""Remedies: a rule's own and those it takes from shared ones, linked with what they set."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.diagnostics import Severity
from evaluator.documents.nodes import Node, Scalar
from evaluator.language.checker import NOTHING, Checked, Facts
from evaluator.language.syntax import Name, Select, SelectMode
from evaluator.language.types import (
    DYN,
    ERROR,
    TIMESTAMP,
    NullableType,
    ObjectType,
    OptionalType,
    Type,
)
from evaluator.policy import problems
from evaluator.policy.assignability import could_be
from evaluator.policy.citations import citation
from evaluator.policy.codes import possible_strings, strings_of_type
from evaluator.policy.linking import Link
from evaluator.policy.localized import Translations, localized
from evaluator.policy.model import Assignment, Remedy
from evaluator.policy.names import ROOTS, SharedRemedy
from evaluator.policy.packs import PolicySource
from evaluator.policy.reading import child, entries, items, scalar

__all__ = ["link_remedies", "link_shared"]

_FIXED = frozenset(
    {
        ("subject", ("id",)),
        ("subject", ("type",)),
        ("resource", ("id",)),
        ("resource", ("type",)),
    }
)
# No schema needs to have it: it is the moment that the request is decided for.
_TIME = ("context", ("time",))


def link_remedies(
    link: Link,
    policy: PolicySource,
    node: Node | None,
    translations: Translations,
    holds: Facts,
) -> tuple[Remedy, ...]:
    """The remedies of a rule in their order. ``holds`` is what the rule's condition establishes."""
    if node is None:
        return ()
    return tuple(_linked(link, policy, node, translations, holds))


def _linked(
    link: Link, policy: PolicySource, node: Node, translations: Translations, holds: Facts
) -> Iterator[Remedy]:
    known: dict[str, Scalar] = {}
    for item in items(node):
        written = scalar(child(item, "use")) or scalar(child(item, "id"))
        if written is None:
            continue
        if written.text in known:
            first = known[written.text].span
            link.pack.diagnostics.add(problems.remedy_repeated(written.span, written.text, first))
        known.setdefault(written.text, written)
        if written is not scalar(child(item, "use")):
            yield _own(link, policy, item, written, translations, holds)
            continue
        shared = link.pack.files[policy].remedies.get(written.text)
        if shared is None:
            _unknown(link, policy, written)
            continue
        link.pack.usage.remedies.add(shared)
        link.pack.usage.imported.add((policy, shared.policy))
        yield _used(link, policy, item, shared, translations, holds)


def link_shared(link: Link, shared: SharedRemedy, translations: Translations) -> None:
    """Checks a shared remedy that no rule takes."""
    _own(link, shared.policy, shared.node, shared.id_node, translations, NOTHING)


def _unknown(link: Link, policy: PolicySource, written: Scalar) -> None:
    names = link.pack.files[policy]
    known = sorted(names.remedies)
    elsewhere = sorted(
        file.policy.path for file in link.pack.files.values() if written.text in file.own_remedies
    )
    link.pack.diagnostics.add(
        problems.shared_remedy_unknown(written.span, written.text, known, elsewhere)
    )


def _own(
    link: Link,
    policy: PolicySource,
    node: Node,
    id_: Scalar,
    translations: Translations,
    holds: Facts,
) -> Remedy:
    when = link.condition(policy, child(node, "when"), assuming=holds)
    if when is not None:
        holds = holds & when.when_true
    return _remedy(link, policy, node, id_, (when, None), translations, holds)


def _used(
    link: Link,
    policy: PolicySource,
    node: Node,
    shared: SharedRemedy,
    translations: Translations,
    holds: Facts,
) -> Remedy:
    # The shared condition is the first to be evaluated, so it holds in the other.
    shared_when = link.condition(shared.policy, child(shared.node, "when"), assuming=holds)
    if shared_when is not None:
        holds = holds & shared_when.when_true
    when = link.condition(policy, child(node, "when"), assuming=holds)
    if when is not None:
        holds = holds & when.when_true
    whens = (when, shared_when)
    return _remedy(link, shared.policy, shared.node, shared.id_node, whens, translations, holds)


def _remedy(
    link: Link,
    policy: PolicySource,
    node: Node,
    id_: Scalar,
    whens: tuple[Checked | None, Checked | None],
    translations: Translations,
    holds: Facts,
) -> Remedy:
    return Remedy(
        id=id_.text,
        when=whens[0],
        shared_when=whens[1],
        message=localized(link, policy, child(node, "message"), translations, holds) or {},
        description=localized(link, policy, child(node, "description"), translations, holds),
        sets=tuple(_assignments(link, policy, child(node, "sets"), holds)),
        source=citation(child(node, "source")),
        scope=link.scope(policy),
        span=id_.span,
    )


def _assignments(
    link: Link, policy: PolicySource, node: Node | None, holds: Facts
) -> Iterator[Assignment]:
    for key, value in entries(node):
        target = _target(link, key)
        parsed = link.pack.expressions.expression(value)
        checked = link.expression(policy, parsed, assuming=holds)
        if target is None or checked is None:
            continue
        root, path, type_ = target
        if not any(item.severity is Severity.ERROR for item in checked.diagnostics):
            _check_assignment(link, policy, key, checked, type_)
        pointer = link.request_type.pointer(root, path)
        yield Assignment(root, path, pointer, checked)


def _target(link: Link, key: Scalar) -> tuple[str, tuple[str, ...], Type] | None:
    """The attribute that a key of ``sets`` names, with its type; problems are noted."""
    add = link.pack.diagnostics.add
    parsed = link.pack.expressions.expression(key)
    if parsed is None:
        return None
    node = parsed.root
    path: list[str] = []
    while isinstance(node, Select) and node.mode is SelectMode.PLAIN:
        path.insert(0, node.field)
        node = node.operand
    if not isinstance(node, Name) or node.name not in ROOTS:
        if isinstance(node, Name):
            add(problems.remedy_path_root(key.span, key.text, node.name, ROOTS))
        else:
            add(problems.remedy_path_shape(key.span, key.text))
        return None
    root = node.name
    if not path:
        add(problems.remedy_path_root(key.span, key.text, root, ROOTS))
        return None
    attribute = (root, tuple(path))
    if attribute in _FIXED:
        add(problems.remedy_path_fixed(key.span, key.text))
        return None
    if attribute == _TIME:
        return root, tuple(path), TIMESTAMP
    undeclared = _undeclared(link.request_type.roots[root], path)
    if undeclared is not None:
        at, siblings = undeclared
        add(problems.remedy_path_unknown(key.span, [root, *path], at + 1, siblings))
        return None
    type_ = link.request_type.type_of(*attribute)
    return root, tuple(path), DYN if type_ is None else type_


def _undeclared(type_: Type, path: list[str]) -> tuple[int, list[str]] | None:
    """Where a path leaves what the schema declares, and what it declares there instead.

    An object may be open to other members, but what a remedy sets should be known.
    """
    for at, name in enumerate(path):
        if isinstance(type_, NullableType):
            type_ = type_.value
        if type_ == DYN:
            return None
        if not isinstance(type_, ObjectType):
            return at, []
        if name not in type_.fields:
            return at, sorted(type_.fields)
        type_ = type_.fields[name].type
    return None


def _check_assignment(
    link: Link, policy: PolicySource, key: Scalar, checked: Checked, type_: Type
) -> None:
    add = link.pack.diagnostics.add
    given = checked.type.value if isinstance(checked.type, OptionalType) else checked.type
    span = checked.parsed.span(checked.root.id)
    if given in (ERROR, DYN):
        return
    if not could_be(given, type_):
        add(problems.remedy_value_type(span, key.text, str(type_), str(given)))
        return
    known = strings_of_type(type_)
    strings = possible_strings(link, policy, checked) if known is not None else None
    for text in sorted((strings or frozenset()).difference(known or ())):
        add(problems.remedy_value_unknown(span, key.text, text, sorted(known or ())))
