"""Checking names: local variables, declarations, structures of the request, types."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.language import check_problems as problems
from evaluator.language.checking.environment import Found
from evaluator.language.checking.state import State, Term
from evaluator.language.syntax import Attribute, Literal, Name, Select, SelectMode
from evaluator.language.types import ERROR, ObjectType, Type, TypeType
from evaluator.language.values import ABSENT

__all__ = ["attributes_of", "resolve", "visit_name"]


def visit_name(state: State, node: Name) -> Term:
    """A name on its own: a value, so none of the request's structures."""
    term, _ = resolve(state, node, ())
    if isinstance(term.node, Attribute):
        problem = problems.structure_as_value(state.span(node), node.name, attributes_of(term.type))
        state.report(problem)
        return Term(term.node, ERROR)
    return term


def resolve(state: State, node: Name, selects: Sequence[Select]) -> tuple[Term, int]:
    """What a name stands for, and how many of the selections after it are part of the name.

    A structure of the request is an ``Attribute`` without a path, and not yet a value.
    """
    local = state.locals.get(node.name)
    if local is not None:
        term = Term(
            node,
            state.narrowed(local.type, local.location),
            local.errors,
            local.volatile,
            local.location,
        )
        term.when_true = local.when_true
        term.when_false = local.when_false
        term.values = local.values
        return term, 0
    environment = state.environment
    fields = _plain_fields(selects) if environment.may_go_on(node.name) else ()
    found = environment.find(node.name, fields)
    if found is None:
        return _undeclared(state, node), 0
    id = selects[found.steps - 1].id if found.steps else node.id
    if found.structure is not None:
        attribute = Attribute(id, found.name, ())
        return Term(attribute, found.structure, location=(found.name,)), found.steps
    if found.type is not None:
        term = Term(Literal(id, found.type), TypeType(found.type))
        term.values = (found.type,)
        return term, found.steps
    return _declared(state, node, id, found), found.steps


def _plain_fields(selects: Sequence[Select]) -> list[str]:
    fields = []
    for select in selects:
        if select.mode is not SelectMode.PLAIN:
            break
        fields.append(select.field)
    return fields


def _declared(state: State, node: Name, id: int, found: Found) -> Term:
    declaration = found.declaration
    assert declaration is not None
    state.uses.add(found.name)
    location = (declaration,)
    if id == node.id and node.name in (found.name, f".{found.name}"):
        resolved = node
    else:
        resolved = Name(id, found.name)
    if declaration.always.items:
        state.axioms.update(
            ((declaration, *place[1:]), what) for place, what in declaration.always.items
        )
    term = Term(
        resolved,
        state.narrowed(declaration.type, location),
        declaration.errors,
        declaration.volatile,
        location,
    )
    term.when_true = declaration.when_true
    term.when_false = declaration.when_false
    if declaration.value is not ABSENT:
        term.values = (declaration.value,)
    return state.placed(term)


def _undeclared(state: State, node: Name) -> Term:
    name = node.name.removeprefix(".")
    known = [*state.locals, *state.environment.declarations]
    attributes = {root: attributes_of(type_) for root, type_ in state.environment.roots.items()}
    state.report(
        problems.name_undeclared(
            state.span(node), name, known, attributes, state.environment.functions
        )
    )
    return Term(node, ERROR, frozenset({"undeclared_reference"}))


def attributes_of(type_: Type) -> tuple[str, ...]:
    """The declared attributes of an object; none of anything else."""
    return tuple(type_.fields) if isinstance(type_, ObjectType) else ()
