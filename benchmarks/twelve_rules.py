"""Twelve rules of the licence pack that every rival can express, so that like meets like.

The rules as data (``RULES``, in the order of reasons), as our own pack (the folder ``twelve``), and
as a strict function by hand. Each module of ``benchmarks.peers`` is a port of them. Left out of the
pack are, above all, the lots and their window in time, the product keys, and shared definitions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

import evaluator
from evaluator.source import MemoryFiles
from tests import licence_requests
from tests import licences_by_hand as by_hand

__all__ = [
    "MCA_ROLES",
    "MOSA_ROLES",
    "RULES",
    "Answer",
    "answer",
    "effect_and_ids",
    "load",
    "requests",
    "what_is_read",
]

Answer = tuple[str, tuple[str, ...]]
"""The effect, and the ids of the rules that decided or the reserved id."""

MCA_ROLES: Final = (
    "billing_account_owner",
    "billing_account_contributor",
    "billing_profile_owner",
    "billing_profile_contributor",
)
MOSA_ROLES: Final = ("global_administrator", "billing_administrator")

_FOLDER: Final = Path(__file__).parent / "twelve"
_SCHEMA: Final = _FOLDER.parent.parent / "policies" / "licenses" / "request.schema.json"
_READ_OF_RESOURCE: Final = (
    "billing_account",
    "credit_check",
    "purchase_channel",
    "payment_method",
    "is_trial",
    "end_of_sale",
    "total",
    "assigned",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One of the twelve: its id, its effect, and when it fires."""

    id: str
    effect: Literal["allow", "deny"]
    when: str


RULES: Final = (
    Rule("mca-role", "allow", "type MCA, and a managing role of MCA or signed up"),
    Rule("mosa-role", "allow", "type MOSA, and a managing role of MOSA or signed up"),
    Rule("mca-role-required", "deny", "type MCA, and neither"),
    Rule("mosa-role-required", "deny", "type MOSA, and neither"),
    Rule("billing-account-type-unknown", "deny", "type unknown"),
    Rule("credit-check-pending", "deny", "the credit check is pending"),
    Rule("activated-with-product-key", "deny", "prepaid, and a removal or not paid by card"),
    Rule("bought-through-reseller", "deny", "bought through a reseller"),
    Rule("trial-subscription", "deny", "a trial"),
    Rule("end-of-sale", "deny", "a purchase, and at end of sale"),
    Rule("not-an-increase", "deny", "a purchase with a new total of at most the total"),
    Rule("below-assigned", "deny", "a removal with a new total below what is assigned"),
)


def load() -> evaluator.PolicySet:
    """Our own pack of the twelve rules, with the request schema of the licence pack."""
    files = {name: (_FOLDER / name).read_bytes() for name in ("pack.yaml", "rules.yaml")}
    files["request.schema.json"] = _SCHEMA.read_bytes()
    return evaluator.load(MemoryFiles(files))


def requests(seed: int, count: int) -> list[dict[str, Any]]:
    """Valid requests to buy or remove licences of a subscription."""
    fitting = (
        request
        for request in licence_requests.requests(seed, 10 * count)
        if request["action"]["name"] in ("buy_licenses", "remove_licenses")
        and request["resource"]["type"] == "subscription"
    )
    return list(islice(fitting, count))


def what_is_read(request: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a request that the twelve rules read, with defaults filled in.

    Engines that convert the whole of what they are given are spared the rest.
    """
    subject = request["subject"]
    resource = request["resource"]["properties"]
    context = request.get("context", {})
    read = {
        "action": request["action"]["name"],
        "subject": {"id": subject["id"], "roles": subject.get("properties", {}).get("roles", [])},
        "resource": {name: resource[name] for name in _READ_OF_RESOURCE},
        "context": {},
    }
    if "new_quantity" in context:
        read["context"] = {"new_quantity": context["new_quantity"]}
    return read


def answer(fired: Sequence[object]) -> Answer:
    """The answer that follows from which of ``RULES`` fire, in their order; deny overrides."""
    allows: list[str] = []
    denies: list[str] = []
    for rule, fires in zip(RULES, fired, strict=True):
        if fires:
            (allows if rule.effect == "allow" else denies).append(rule.id)
    if denies:
        return "deny", tuple(denies)
    return ("allow", tuple(allows)) if allows else ("deny", ("no-rule-allows",))


def effect_and_ids(request: Mapping[str, Any]) -> Answer:
    """The twelve rules by hand, strictly: whatever is read is verified as the pack would."""
    try:
        return _judge(by_hand._envelope(request, None))
    except by_hand._Refused as refused:
        return "deny", (refused.rule,)


def _judge(asked: by_hand._Asked) -> Answer:
    user, subject, action, resource, context, _ = asked
    account = by_hand._billing_account(resource)
    account_type = by_hand._choice(account, "type", by_hand._ACCOUNT_TYPES)
    buying = action == "buy_licenses"
    allows: list[str] = []
    denies: list[str] = []
    if account_type == "unknown":
        denies.append("billing-account-type-unknown")
    else:
        managing = by_hand._MCA_ROLES if account_type == "MCA" else by_hand._MOSA_ROLES
        roles = by_hand._roles(subject)
        if not managing.isdisjoint(roles) or by_hand._signed_up(account, user):
            allows.append("mca-role" if account_type == "MCA" else "mosa-role")
        else:
            denies.append("mca-role-required" if account_type == "MCA" else "mosa-role-required")

    if by_hand._choice(resource, "credit_check", by_hand._CREDIT_CHECKS) == "pending":
        denies.append("credit-check-pending")
    channel = by_hand._choice(resource, "purchase_channel", by_hand._CHANNELS)
    if channel == "prepaid":
        if not buying or _payment_method(resource) != "card":
            denies.append("activated-with-product-key")
    elif channel == "reseller":
        denies.append("bought-through-reseller")
    if by_hand._flag(resource, "is_trial"):
        denies.append("trial-subscription")

    quantity = by_hand._new_quantity(context)
    if buying:
        if by_hand._flag(resource, "end_of_sale"):
            denies.append("end-of-sale")
        if quantity is not None and quantity <= by_hand._total(resource):
            denies.append("not-an-increase")
    else:
        assigned = by_hand._assigned(resource)
        if assigned < by_hand._total(resource) and quantity is not None and quantity < assigned:
            denies.append("below-assigned")
    return ("deny", tuple(denies)) if denies else ("allow", tuple(allows))


def _payment_method(resource: Mapping[str, Any]) -> str:
    return by_hand._choice(resource, "payment_method", by_hand._PAYMENT_METHODS)
