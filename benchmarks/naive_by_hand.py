"""The licence pack as one would write it who trusts every caller: nothing is verified.

``tests/licences_by_hand.py`` with the verification taken away and nothing else: on valid requests
it gives the same effect and ids, on others whatever comes. What it saves is what verifying costs.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

__all__ = ["effect_and_ids"]

Properties = Mapping[str, Any]

_ACTIONS: Final = ("buy_licenses", "remove_licenses", "redeem_product_key", "assign_licenses")
_MCA_ROLES: Final = frozenset(
    {
        "billing_account_owner",
        "billing_account_contributor",
        "billing_profile_owner",
        "billing_profile_contributor",
    }
)
_MOSA_ROLES: Final = frozenset({"global_administrator", "billing_administrator"})
_ASSIGNMENT_ROLES: Final = frozenset(
    {"license_administrator", "user_administrator", "global_administrator"}
)
_NOTHING: Final[Properties] = {}
_SECOND: Final = 1_000_000_000
_WINDOW: Final = 168 * 3600 * _SECOND
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - offsets are reckoned apart
_PRODUCT_KEY: Final = re.compile(r"[A-Za-z0-9]{25}|[A-Za-z0-9]{5}(?:-[A-Za-z0-9]{5}){4}")
_FOLDED: Final = {ord("-"): None, **{upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}}


class _Asked(NamedTuple):
    """What decides, of a request."""

    user: str
    subject: Properties
    action: str
    resource: Properties
    context: Properties
    now: int


def effect_and_ids(request: Properties, now_ns: int | None = None) -> tuple[str, tuple[str, ...]]:
    """The effect and the ids of its reasons; for ``now_ns`` see the strict one."""
    asked = _envelope(request, now_ns)
    if request["resource"]["type"] != "subscription" or asked.action not in _ACTIONS:
        return "deny", ("no-policy-applies",)
    return _judge(asked)


def _envelope(request: Properties, now_ns: int | None) -> _Asked:
    subject, resource = request["subject"], request["resource"]
    context = request.get("context", _NOTHING)
    if "time" in context:
        moment = _instant(context["time"])
    else:
        moment = time.time_ns() if now_ns is None else now_ns
    return _Asked(
        subject["id"],
        subject.get("properties", _NOTHING),
        request["action"]["name"],
        resource.get("properties", _NOTHING),
        context,
        moment,
    )


def _judge(asked: _Asked) -> tuple[str, tuple[str, ...]]:
    user, subject, action, resource, context, now = asked
    account = resource["billing_account"]
    account_type = account["type"]
    roles = subject.get("roles", ())

    allows: list[str] = []
    denies: list[str] = []
    if account_type == "MCA" and (not _MCA_ROLES.isdisjoint(roles) or _signed_up(account, user)):
        allows.append("mca-role")
    if account_type == "MOSA" and (not _MOSA_ROLES.isdisjoint(roles) or _signed_up(account, user)):
        allows.append("mosa-role")
    if action == "assign_licenses" and not _ASSIGNMENT_ROLES.isdisjoint(roles):
        allows.append("assignment-role")
    if account_type == "unknown":
        if action != "assign_licenses":
            denies.append("billing-account-type-unknown")
    elif not allows:
        denies.append("mca-role-required" if account_type == "MCA" else "mosa-role-required")

    if action == "buy_licenses":
        _buy(denies, account_type, resource, context)
    elif action == "remove_licenses":
        _remove(denies, account_type, resource, context, now)
    elif action == "redeem_product_key":
        _redeem(denies, resource, context)
    elif resource["assigned"] >= resource["total"]:
        denies.append("no-license-available")

    if denies:
        return "deny", tuple(denies)
    if allows:
        return "allow", tuple(allows)
    return "deny", ("no-rule-allows",)


def _buy(denies: list[str], account_type: str, resource: Properties, context: Properties) -> None:
    channel = resource["purchase_channel"]
    if resource["credit_check"] == "pending":
        denies.append("credit-check-pending")
    if channel == "prepaid" and resource["payment_method"] != "card":
        denies.append("activated-with-product-key")
    _bought_elsewhere(denies, channel, resource)
    if resource["end_of_sale"]:
        denies.append("end-of-sale")

    quantity = context.get("new_quantity")
    if quantity is not None and quantity <= resource["total"]:
        denies.append("not-an-increase")

    if context.get("effective", "now") == "renewal":
        if account_type == "MCA" and not resource["recurring_billing"]:
            denies.append("scheduling-needs-recurring-billing")
        elif account_type == "MOSA":
            denies.append("scheduling-not-offered")


def _remove(
    denies: list[str], account_type: str, resource: Properties, context: Properties, now: int
) -> None:
    channel = resource["purchase_channel"]
    if resource["credit_check"] == "pending":
        denies.append("credit-check-pending")
    if channel == "prepaid":
        denies.append("activated-with-product-key")
    _bought_elsewhere(denies, channel, resource)

    quantity = context.get("new_quantity")
    total = resource["total"]
    assigned = resource["assigned"]
    if quantity is not None and quantity >= total:
        denies.append("not-a-decrease")
    if assigned >= total:
        denies.append("all-licenses-assigned")
    elif quantity is not None and quantity < assigned:
        denies.append("below-assigned")
    if quantity == 0:
        denies.append("cannot-reduce-to-zero")

    effective = context.get("effective", "now")
    if account_type == "MCA" and channel != "prepaid":
        if not resource["recurring_billing"]:
            denies.append("recurring-billing-off")
        if effective == "now":
            open_quantity = _open_quantity(resource, now)
            if open_quantity == 0:
                denies.append("reduction-window-closed")
            elif quantity is not None and total - quantity > open_quantity:
                denies.append("exceeds-removable-quantity")
    if account_type == "MOSA" and effective == "renewal":
        denies.append("scheduling-not-offered")


def _bought_elsewhere(denies: list[str], channel: str, resource: Properties) -> None:
    if channel == "reseller":
        denies.append("bought-through-reseller")
    elif channel == "microsoft_representative":
        denies.append("bought-through-representative")
    if resource["is_trial"]:
        denies.append("trial-subscription")


def _redeem(denies: list[str], resource: Properties, context: Properties) -> None:
    keys = context.get("product_keys", ())
    if resource["purchase_channel"] != "prepaid":
        denies.append("not-prepaid")
    if not keys:
        denies.append("no-product-key")
        return
    if any(_PRODUCT_KEY.fullmatch(key["code"]) is None for key in keys):
        denies.append("product-key-malformed")
    if any(key["redeemed"] for key in keys):
        denies.append("product-key-already-redeemed")
    if len({key["code"].translate(_FOLDED) for key in keys}) < len(keys):
        denies.append("product-key-repeated")
    product_id = resource["product_id"]
    if any(key["product_id"] != product_id for key in keys):
        denies.append("product-key-for-other-product")
    if context.get("redeem_intent", "add") == "renew":
        licenses = sum(key["licenses"] for key in keys)
        if licenses < resource["assigned"]:
            denies.append("renewal-below-assigned")


def _signed_up(account: Properties, user: str) -> bool:
    return "signed_up_by" in account and account["signed_up_by"] == user


def _open_quantity(resource: Properties, now: int) -> int:
    quantity = 0
    for lot in resource["lots"]:
        added_at = _instant(lot["added_at"])
        if added_at <= now <= added_at + _WINDOW:
            quantity += lot["quantity"]
    return quantity


def _instant(value: str) -> int:
    """RFC 3339 text to nanoseconds since 1970 UTC."""
    elapsed = datetime.fromisoformat(value[:19]) - _EPOCH
    instant = (elapsed.days * 86_400 + elapsed.seconds) * _SECOND
    rest = value[19:]
    return instant if rest == "Z" else instant + _fraction_and_offset(rest)


def _fraction_and_offset(text: str) -> int:
    """``.5+02:00`` to the nanoseconds that it adds to the time before it."""
    if text[-1] in "Zz":
        fraction, offset = text[:-1], 0
    else:
        fraction, zone = text[:-6], text[-6:]
        offset = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
        if zone[0] == "+":
            offset = -offset
    nanoseconds = offset * _SECOND
    if fraction:
        nanoseconds += int(fraction[1:].ljust(9, "0"))
    return nanoseconds
