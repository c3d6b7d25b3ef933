"""The twelve rules in datalogic-py: JSONLogic in Rust."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import datalogic_py

from benchmarks.peers import Decide
from benchmarks.twelve_rules import MCA_ROLES, MOSA_ROLES, Answer, answer, what_is_read

__all__ = ["load"]

Logic = dict[str, Any]


def _var(path: str) -> Logic:
    return {"var": path}


_TYPE: Final = _var("resource.billing_account.type")
_CHANNEL: Final = _var("resource.purchase_channel")
_QUANTITY: Final = _var("context.new_quantity")
_ASSIGNED: Final = _var("resource.assigned")
_TOTAL: Final = _var("resource.total")
_BUYING: Final = {"===": [_var("action"), "buy_licenses"]}
_REMOVING: Final = {"===": [_var("action"), "remove_licenses"]}
_ASKED: Final = {"!==": [_QUANTITY, None]}
_SIGNED_UP: Final = {"===": [_var("resource.billing_account.signed_up_by"), _var("subject.id")]}


def _may_manage(roles: tuple[str, ...]) -> Logic:
    has_role = {"some": [_var("subject.roles"), {"in": [_var(""), list(roles)]}]}
    return {"or": [has_role, _SIGNED_UP]}


def _is(value: Any, text: str) -> Logic:
    return {"===": [value, text]}


_CONDITIONS: Final[tuple[Any, ...]] = (
    {"and": [_is(_TYPE, "MCA"), _may_manage(MCA_ROLES)]},
    {"and": [_is(_TYPE, "MOSA"), _may_manage(MOSA_ROLES)]},
    {"and": [_is(_TYPE, "MCA"), {"!": [_may_manage(MCA_ROLES)]}]},
    {"and": [_is(_TYPE, "MOSA"), {"!": [_may_manage(MOSA_ROLES)]}]},
    _is(_TYPE, "unknown"),
    _is(_var("resource.credit_check"), "pending"),
    {
        "and": [
            _is(_CHANNEL, "prepaid"),
            {"or": [_REMOVING, {"!==": [_var("resource.payment_method"), "card"]}]},
        ]
    },
    _is(_CHANNEL, "reseller"),
    _var("resource.is_trial"),
    {"and": [_BUYING, _var("resource.end_of_sale")]},
    {"and": [_BUYING, _ASKED, {"<=": [_QUANTITY, _TOTAL]}]},
    {
        "and": [
            _REMOVING,
            {"<": [_ASSIGNED, _TOTAL]},
            _ASKED,
            {"<": [_QUANTITY, _ASSIGNED]},
        ]
    },
)


def load() -> Decide:
    """One compiled rule that gives twelve booleans, evaluated in a session."""
    engine = datalogic_py.Engine()
    rule = engine.compile(list(_CONDITIONS))
    evaluate = engine.session().evaluate

    def decide(request: Mapping[str, Any]) -> Answer:
        return answer(evaluate(rule, what_is_read(request)))

    return decide
