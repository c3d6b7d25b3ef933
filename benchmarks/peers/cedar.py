"""The twelve rules in cedarpy: Cedar policies in Rust."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import cedarpy

from benchmarks.peers import Decide
from benchmarks.twelve_rules import MCA_ROLES, MOSA_ROLES, RULES, Answer, answer, what_is_read

__all__ = ["load"]

_TYPE: Final = "context.resource.billing_account.type"
_SIGNED_UP: Final = (
    "(context.resource.billing_account has signed_up_by"
    " && context.resource.billing_account.signed_up_by == context.subject.id)"
)
_QUANTITY: Final = "context has new_quantity && context.new_quantity"
_BUYING: Final = 'action == Action::"buy_licenses"'
_REMOVING: Final = 'action == Action::"remove_licenses"'


def _may_manage(roles: tuple[str, ...]) -> str:
    return f"(context.subject.roles.containsAny({json.dumps(roles)}) || {_SIGNED_UP})"


_CONDITIONS: Final = (
    f'{_TYPE} == "MCA" && {_may_manage(MCA_ROLES)}',
    f'{_TYPE} == "MOSA" && {_may_manage(MOSA_ROLES)}',
    f'{_TYPE} == "MCA" && !{_may_manage(MCA_ROLES)}',
    f'{_TYPE} == "MOSA" && !{_may_manage(MOSA_ROLES)}',
    f'{_TYPE} == "unknown"',
    'context.resource.credit_check == "pending"',
    (
        'context.resource.purchase_channel == "prepaid"'
        f' && ({_REMOVING} || context.resource.payment_method != "card")'
    ),
    'context.resource.purchase_channel == "reseller"',
    "context.resource.is_trial",
    f"{_BUYING} && context.resource.end_of_sale",
    f"{_BUYING} && {_QUANTITY} <= context.resource.total",
    (
        f"{_REMOVING} && context.resource.assigned < context.resource.total"
        f" && {_QUANTITY} < context.resource.assigned"
    ),
)
_VERBS: Final = {"allow": "permit", "deny": "forbid"}


def load() -> Decide:
    """Policies parsed once; attributes travel in the context, so that no entities are parsed."""
    policies = cedarpy.PolicySet.from_str(
        "\n".join(
            f"{_VERBS[rule.effect]}(principal, action, resource) when {{ {condition} }};"
            for rule, condition in zip(RULES, _CONDITIONS, strict=True)
        )
    )
    entities = cedarpy.Entities.from_json_str("[]")
    is_authorized = cedarpy.is_authorized
    names = [f"policy{number}" for number in range(len(RULES))]

    def decide(request: Mapping[str, Any]) -> Answer:
        read = what_is_read(request)
        asked = {
            "principal": {"type": "User", "id": request["subject"]["id"]},
            "action": {"type": "Action", "id": read["action"]},
            "resource": {"type": "Subscription", "id": request["resource"]["id"]},
            "context": {
                "subject": read["subject"],
                "resource": read["resource"],
                **read["context"],
            },
        }
        reasons = is_authorized(asked, policies, entities).diagnostics.reasons
        return answer([name in reasons for name in names])

    return decide
