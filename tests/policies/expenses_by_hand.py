"""The expense policy as straight-line Python: the effect, and the rule that decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

__all__ = ["decide"]

WINDOW: Final = timedelta(days=30)
RECEIPT_FROM: Final = {"europe": 50, "americas": 75, "asia": 100}

Answer = tuple[str, str]


def decide(request: Mapping[str, Any], now: datetime) -> Answer:
    """What the policy says of a request that satisfies its schema."""
    subject = {"roles": [], **request["subject"].get("properties", {})}
    subject["id"] = request["subject"]["id"]
    expense = request["resource"]["properties"]
    action = request["action"]["name"]
    if request["resource"]["type"] != "expense":
        return "deny", "no-policy-applies"
    if action == "submit":
        return _submit(subject, expense)
    if action in ("approve", "reject"):
        return _approve(subject, expense, action, now)
    if action == "pay":
        return _pay(subject, expense)
    return "deny", "no-policy-applies"


def _submit(subject: Mapping[str, Any], expense: Mapping[str, Any]) -> Answer:
    if expense["owner"] != subject["id"]:
        return "deny", "not-your-expense"
    if expense["status"] not in ("draft", "rejected"):
        return "deny", "already-submitted"
    if expense["amount"] >= RECEIPT_FROM[expense["region"]] and not expense["has_receipt"]:
        return "deny", "receipt-missing"
    return "allow", "ready-to-submit"


def _approve(
    subject: Mapping[str, Any], expense: Mapping[str, Any], action: str, now: datetime
) -> Answer:
    if expense["owner"] == subject["id"]:
        return "deny", "own-expense"
    if expense["status"] != "submitted":
        return "deny", "not-submitted"
    submitted_at = expense.get("submitted_at")
    if submitted_at is None or now > datetime.fromisoformat(submitted_at) + WINDOW:
        return "deny", "approval-window-closed"
    limit = _limit(subject, expense)
    if limit is None:
        return "deny", "not-in-charge"
    if action == "reject":
        return "allow", "in-charge"
    return ("allow", "within-limit") if expense["amount"] <= limit else ("deny", "over-limit")


def _limit(subject: Mapping[str, Any], expense: Mapping[str, Any]) -> int | None:
    """How many euros the person approves of this expense; None for who is not in charge of it."""
    roles = subject["roles"]
    if "finance_director" in roles:
        return 100_000
    if "regional_director" in roles and subject.get("region") == expense["region"]:
        return 10_000
    if "department_manager" in roles and subject.get("department") == expense["department"]:
        return 1_000
    return None


def _pay(subject: Mapping[str, Any], expense: Mapping[str, Any]) -> Answer:
    if "accountant" not in subject["roles"]:
        return "deny", "accountant-required"
    if expense["owner"] == subject["id"]:
        return "deny", "own-payment"
    return ("allow", "approved") if expense["status"] == "approved" else ("deny", "not-approved")
