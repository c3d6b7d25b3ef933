"""The twelve rules in zen-engine: business rules in Rust."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import zen

from benchmarks.peers import Decide
from benchmarks.twelve_rules import MCA_ROLES, MOSA_ROLES, Answer, answer, what_is_read

__all__ = ["load"]

_TYPE: Final = "resource.billing_account.type"
_SIGNED_UP: Final = "resource.billing_account.signed_up_by == subject.id"
_QUANTITY: Final = "context.new_quantity"


def _may_manage(roles: tuple[str, ...]) -> str:
    return f"(some(subject.roles, # in {json.dumps(roles)}) or {_SIGNED_UP})"


_CONDITIONS: Final = (
    f'{_TYPE} == "MCA" and {_may_manage(MCA_ROLES)}',
    f'{_TYPE} == "MOSA" and {_may_manage(MOSA_ROLES)}',
    f'{_TYPE} == "MCA" and not {_may_manage(MCA_ROLES)}',
    f'{_TYPE} == "MOSA" and not {_may_manage(MOSA_ROLES)}',
    f'{_TYPE} == "unknown"',
    'resource.credit_check == "pending"',
    (
        'resource.purchase_channel == "prepaid"'
        ' and (action == "remove_licenses" or resource.payment_method != "card")'
    ),
    'resource.purchase_channel == "reseller"',
    "resource.is_trial",
    'action == "buy_licenses" and resource.end_of_sale',
    f'action == "buy_licenses" and {_QUANTITY} != null and {_QUANTITY} <= resource.total',
    (
        'action == "remove_licenses" and resource.assigned < resource.total'
        f" and {_QUANTITY} != null and {_QUANTITY} < resource.assigned"
    ),
)


def load() -> Decide:
    """One compiled expression that gives twelve booleans."""
    evaluate = zen.compile_expression(f"[{', '.join(_CONDITIONS)}]").evaluate

    def decide(request: Mapping[str, Any]) -> Answer:
        return answer(evaluate(what_is_read(request)))

    return decide
