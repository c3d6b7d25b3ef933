"""The twelve rules as one CEL expression: a list of whether each fires."""

from __future__ import annotations

import json
from typing import Final

from benchmarks.twelve_rules import MCA_ROLES, MOSA_ROLES

__all__ = ["FIRES", "VARIABLES"]

VARIABLES: Final = ("action", "subject", "resource", "context")

_TYPE: Final = "resource.billing_account.type"
_SIGNED_UP: Final = (
    "(has(resource.billing_account.signed_up_by)"
    " && resource.billing_account.signed_up_by == subject.id)"
)
_QUANTITY: Final = "has(context.new_quantity) && context.new_quantity"


def _may_manage(roles: tuple[str, ...]) -> str:
    return f"(subject.roles.exists(role, role in {json.dumps(roles)}) || {_SIGNED_UP})"


_CONDITIONS: Final = (
    f'{_TYPE} == "MCA" && {_may_manage(MCA_ROLES)}',
    f'{_TYPE} == "MOSA" && {_may_manage(MOSA_ROLES)}',
    f'{_TYPE} == "MCA" && !{_may_manage(MCA_ROLES)}',
    f'{_TYPE} == "MOSA" && !{_may_manage(MOSA_ROLES)}',
    f'{_TYPE} == "unknown"',
    'resource.credit_check == "pending"',
    (
        'resource.purchase_channel == "prepaid"'
        ' && (action == "remove_licenses" || resource.payment_method != "card")'
    ),
    'resource.purchase_channel == "reseller"',
    "resource.is_trial",
    'action == "buy_licenses" && resource.end_of_sale',
    f'action == "buy_licenses" && {_QUANTITY} <= resource.total',
    (
        'action == "remove_licenses" && resource.assigned < resource.total'
        f" && {_QUANTITY} < resource.assigned"
    ),
)

FIRES: Final = f"[{', '.join(_CONDITIONS)}]"
