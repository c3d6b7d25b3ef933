"""The licence pack as straight-line Python: `domain/licenses.md` read by hand, without the engine.

An independent reading that the YAML pack is compared with, and the opponent of the benchmarks: the
service one would write instead of policies. Rules stand in the order of the page's section 3, and
each function below names the table that it is a reading of.

Input is verified where it is read, as strictly as DESIGN.md section 3 says: exact JSON types,
enums, bounds, RFC 3339, closed objects, defaults. What a branch does not need, it does not read.

The boundary: on a valid request the answer is the engine's, whole. On an invalid one

- a broken envelope or `context.time`, an unknown resource type or action, and a property that a
  closed object forbids (in list items too, read or not) have the engine's reserved reasons;
- any other violation, where it is read, and a sum beyond int64 or year 9999, deny with the one
  reason `indeterminate`. Which rules erred, and which deny rules fired all the same, is not told.
  The engine may still allow, when the value of `true || error` or `false && error` does without
  the read; a request that this module allows, the engine allows, with the same reasons;
- when only remedies or only outputs read it, the effect stands and all of those are left out.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

__all__ = ["Answer", "Effect", "Kind", "Reason", "decide", "effect_and_ids", "remedy_sets"]

Effect = Literal["allow", "deny"]
Kind = Literal["allow", "deny", "indeterminate", "default"]
Properties = Mapping[str, Any]

_INVALID_REQUEST: Final = "invalid-request"
_NO_POLICY: Final = "no-policy-applies"
_NO_RULE: Final = "no-rule-allows"
_INDETERMINATE: Final = "indeterminate"

_KINDS: Final[Mapping[str, Kind]] = {
    _INVALID_REQUEST: "default",
    _NO_POLICY: "default",
    _NO_RULE: "default",
    _INDETERMINATE: "indeterminate",
}

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
_OTHER_ROLES: Final = frozenset(
    {
        "billing_account_reader",
        "billing_profile_reader",
        "invoice_manager",
        "service_support_administrator",
    }
)
_ROLES: Final = _MCA_ROLES | _MOSA_ROLES | _ASSIGNMENT_ROLES | _OTHER_ROLES

# Enums are tuples: `in` compares, it never hashes, so that any JSON value may be asked for.
_ACCOUNT_TYPES: Final = ("MCA", "MOSA", "unknown")
_CHANNELS: Final = ("direct", "prepaid", "reseller", "microsoft_representative")
_CREDIT_CHECKS: Final = ("none", "pending", "passed")
_FREQUENCIES: Final = ("monthly", "annual")
_PAYMENT_METHODS: Final = ("none", "card", "invoice")
_LOT_KINDS: Final = ("purchase", "renewal", "midterm")
_WHENS: Final = ("now", "renewal")
_INTENTS: Final = ("add", "renew")
_VIEWS: Final = ("simplified", "dashboard")
_REMOVAL_REASONS: Final = ("user_left", "other")

_RESOURCE_FIELDS: Final = frozenset(
    {
        "billing_account",
        "purchase_channel",
        "csp_partner",
        "product_id",
        "is_trial",
        "end_of_sale",
        "convertible_to",
        "credit_check",
        "recurring_billing",
        "billing_frequency",
        "payment_method",
        "term_start",
        "term_end",
        "total",
        "assigned",
        "lots",
    }
)
_CONTEXT_FIELDS: Final = frozenset(
    {
        "new_quantity",
        "effective",
        "time",
        "product_keys",
        "redeem_intent",
        "admin_center_view",
        "removal_reason",
    }
)
_BILLING_ACCOUNT_FIELDS: Final = frozenset({"type", "signed_up_by"})
_LOT_FIELDS: Final = frozenset({"quantity", "added_at", "kind"})
_KEY_FIELDS: Final = frozenset({"code", "licenses", "product_id", "redeemed"})

_LISTS: Final = (list, tuple)
_NOTHING: Final[Properties] = {}

_SECOND: Final = 1_000_000_000
_WINDOW: Final = 168 * 3600 * _SECOND
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - offsets are reckoned apart
_MIN_INSTANT: Final = -62_135_596_800 * _SECOND  # 0001-01-01T00:00:00Z
_MAX_INSTANT: Final = 253_402_300_800 * _SECOND - 1  # 9999-12-31T23:59:59.999999999Z
_MAX_INT: Final = 2**63 - 1

_PRODUCT_KEY: Final = re.compile(r"[A-Za-z0-9]{25}|[A-Za-z0-9]{5}(?:-[A-Za-z0-9]{5}){4}")
_FOLDED: Final = {ord("-"): None, **{upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}}


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that decided: its id, its kind, and the ids of the remedies that apply."""

    rule: str
    kind: Kind
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided. Outputs are JSON-shaped; coded ones are lists of codes."""

    decision: Effect
    reasons: tuple[Reason, ...]
    outputs: dict[str, object]


class _Refused(Exception):  # noqa: N818 - control flow, never seen outside
    """Reading stops here; ``rule`` is the reserved id that says why."""

    def __init__(self, rule: str) -> None:
        self.rule = rule


class _Asked(NamedTuple):
    """What decides, of a request whose envelope, time, action and closed objects were verified."""

    user: str
    subject: Properties
    action: str
    resource: Properties
    context: Properties
    now: int


class _ProductKey(NamedTuple):
    code: str
    licenses: int
    product_id: str
    redeemed: bool


def effect_and_ids(
    request: Properties, now_ns: int | None = None
) -> tuple[Effect, tuple[str, ...]]:
    """The effect and the ids of its reasons.

    ``now_ns``, in nanoseconds since 1970 UTC, is for requests without `context.time`: by default
    the system's clock. The effect of an invalid request is deny; never raises for a Mapping.
    """
    try:
        return _judge(_envelope(request, now_ns))
    except _Refused as refused:
        return "deny", (refused.rule,)


def decide(request: Properties, now_ns: int | None = None) -> Answer:
    """The whole answer: effect, reasons with remedies, outputs; for ``now_ns`` see above."""
    if now_ns is None:
        now_ns = time.time_ns()
    effect, rules = effect_and_ids(request, now_ns)
    if rules[0] in (_INVALID_REQUEST, _NO_POLICY, _INDETERMINATE):
        return Answer(effect, (Reason(rules[0], _KINDS[rules[0]]),), {})
    asked = _envelope(request, now_ns)
    try:
        reasons = tuple(
            Reason(rule, _KINDS.get(rule, effect), _remedies(rule, asked)) for rule in rules
        )
    except _Refused:
        reasons = tuple(Reason(rule, _KINDS.get(rule, effect)) for rule in rules)
    try:
        outputs = _outputs(asked, allowed=effect == "allow")
    except _Refused:
        outputs = {}
    return Answer(effect, reasons, outputs)


def remedy_sets(request: Properties, remedy: str, now_ns: int | None = None) -> dict[str, object]:
    """The change that a remedy of a denied, valid request stands for: JSON pointer to new value."""
    asked = _envelope(request, now_ns)
    match remedy:
        case "schedule-for-renewal":
            return {"/context/effective": "renewal"}
        case "change-now":
            return {"/context/effective": "now"}
        case "turn-on-recurring-billing":
            return {"/resource/properties/recurring_billing": True}
        case "choose-higher-quantity":
            return {"/context/new_quantity": _lowest(asked)}
        case "unassign-licenses":
            left = _assigned(asked.resource) - _to_unassign(asked)
            return {"/resource/properties/assigned": left}
        case "add-payment-card":
            return {"/resource/properties/payment_method": "card"}
        case "use-buy-licenses":
            return {"/action/name": "buy_licenses"}
        case "use-remove-licenses":
            return {"/action/name": "remove_licenses"}
        case _:
            return {}


# Rules, section 3 of the page


def _judge(asked: _Asked) -> tuple[Effect, tuple[str, ...]]:
    """`roles.yaml`, then the rules of the action; deny overrides."""
    user, subject, action, resource, context, now = asked
    account = _billing_account(resource)
    account_type = _choice(account, "type", _ACCOUNT_TYPES)
    roles = _roles(subject)

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
    elif _assigned(resource) >= _total(resource):
        denies.append("no-license-available")

    if denies:
        return "deny", tuple(denies)
    if allows:
        return "allow", tuple(allows)
    return "deny", (_NO_RULE,)


def _buy(denies: list[str], account_type: str, resource: Properties, context: Properties) -> None:
    """`disabled-buttons`, `quantities` and `scheduling`, as far as they are about buying."""
    channel = _choice(resource, "purchase_channel", _CHANNELS)
    if _choice(resource, "credit_check", _CREDIT_CHECKS) == "pending":
        denies.append("credit-check-pending")
    if channel == "prepaid" and _choice(resource, "payment_method", _PAYMENT_METHODS) != "card":
        denies.append("activated-with-product-key")
    _bought_elsewhere(denies, channel, resource)
    if _flag(resource, "end_of_sale"):
        denies.append("end-of-sale")

    quantity = _new_quantity(context)
    if quantity is not None and quantity <= _total(resource):
        denies.append("not-an-increase")

    if _effective(context) == "renewal":
        if account_type == "MCA" and not _flag(resource, "recurring_billing"):
            denies.append("scheduling-needs-recurring-billing")
        elif account_type == "MOSA":
            denies.append("scheduling-not-offered")


def _remove(
    denies: list[str], account_type: str, resource: Properties, context: Properties, now: int
) -> None:
    """`disabled-buttons`, `quantities`, `reduction-window` and `scheduling`, about removing."""
    channel = _choice(resource, "purchase_channel", _CHANNELS)
    if _choice(resource, "credit_check", _CREDIT_CHECKS) == "pending":
        denies.append("credit-check-pending")
    if channel == "prepaid":
        denies.append("activated-with-product-key")
    _bought_elsewhere(denies, channel, resource)

    quantity = _new_quantity(context)
    total = _total(resource)
    assigned = _assigned(resource)
    if quantity is not None and quantity >= total:
        denies.append("not-a-decrease")
    if assigned >= total:
        denies.append("all-licenses-assigned")
    elif quantity is not None and quantity < assigned:
        denies.append("below-assigned")
    if quantity == 0:
        denies.append("cannot-reduce-to-zero")

    effective = _effective(context)
    if account_type == "MCA" and channel != "prepaid":
        if not _flag(resource, "recurring_billing"):
            denies.append("recurring-billing-off")
        if effective == "now":
            open_quantity, _ = _open_lots(resource, now)
            if open_quantity == 0:
                denies.append("reduction-window-closed")
            elif quantity is not None and total - quantity > open_quantity:
                denies.append("exceeds-removable-quantity")
    if account_type == "MOSA" and effective == "renewal":
        denies.append("scheduling-not-offered")


def _bought_elsewhere(denies: list[str], channel: str, resource: Properties) -> None:
    """The rows of `disabled-buttons` between the product key and the end of sale."""
    if channel == "reseller":
        denies.append("bought-through-reseller")
    elif channel == "microsoft_representative":
        denies.append("bought-through-representative")
    if _flag(resource, "is_trial"):
        denies.append("trial-subscription")


def _redeem(denies: list[str], resource: Properties, context: Properties) -> None:
    """`prepaid`."""
    keys = _product_keys(context)
    if _choice(resource, "purchase_channel", _CHANNELS) != "prepaid":
        denies.append("not-prepaid")
    if not keys:
        denies.append("no-product-key")
        return
    if any(_PRODUCT_KEY.fullmatch(key.code) is None for key in keys):
        denies.append("product-key-malformed")
    if any(key.redeemed for key in keys):
        denies.append("product-key-already-redeemed")
    if len({key.code.translate(_FOLDED) for key in keys}) < len(keys):
        denies.append("product-key-repeated")
    product_id = _text(resource, "product_id")
    if any(key.product_id != product_id for key in keys):
        denies.append("product-key-for-other-product")
    if _intent(context) == "renew" and _licenses(keys) < _assigned(resource):
        denies.append("renewal-below-assigned")


# Remedies, the last column of section 3

_ONE_REMEDY_EACH: Final[Mapping[str, tuple[str, ...]]] = {
    "mca-role-required": ("ask-billing-account-owner",),
    "mosa-role-required": ("ask-global-administrator",),
    "billing-account-type-unknown": ("find-billing-account-type",),
    "credit-check-pending": ("wait-for-credit-check",),
    "bought-through-representative": ("contact-microsoft-representative",),
    "trial-subscription": ("buy-the-trial-first",),
    "all-licenses-assigned": ("unassign-licenses",),
    "cannot-reduce-to-zero": ("cancel-subscription",),
    "recurring-billing-off": ("turn-on-recurring-billing",),
    "reduction-window-closed": ("schedule-for-renewal",),
    "scheduling-needs-recurring-billing": ("change-now", "turn-on-recurring-billing"),
    "scheduling-not-offered": ("change-now",),
    "no-product-key": ("buy-product-key",),
    "product-key-malformed": ("check-product-key",),
    "product-key-already-redeemed": ("use-unused-product-key",),
    "product-key-repeated": ("use-unused-product-key",),
    "product-key-for-other-product": ("use-product-key-for-this-product",),
    "renewal-below-assigned": ("unassign-licenses", "buy-larger-product-key"),
}


def _remedies(rule: str, asked: _Asked) -> tuple[str, ...]:
    """The remedies of a rule that fired, in the order of its row."""
    if (fixed := _ONE_REMEDY_EACH.get(rule)) is not None:
        return fixed
    resource = asked.resource
    remedies: list[str] = []
    match rule:
        case "activated-with-product-key":
            if asked.action == "buy_licenses":
                remedies = ["redeem-product-key", "add-payment-card"]
            else:
                remedies = ["renew-with-smaller-product-key"]
        case "bought-through-reseller":
            remedies = [_seller(resource)]
        case "end-of-sale":
            remedies = ["buy-another-subscription"]
            if _texts(resource, "convertible_to"):
                remedies.append("convert-subscription")
        case "not-an-increase":
            remedies = ["enter-new-total"]
            if _new_quantity(asked.context) != _total(resource):
                remedies.append("use-remove-licenses")
        case "not-a-decrease":
            remedies = ["enter-new-total"]
            if _new_quantity(asked.context) != _total(resource):
                remedies.append("use-buy-licenses")
        case "below-assigned":
            remedies = ["unassign-licenses"]
            if _lowest(asked) < _total(resource):
                remedies.append("choose-higher-quantity")
        case "exceeds-removable-quantity":
            if _lowest(asked) < _total(resource):
                remedies = ["choose-higher-quantity"]
            remedies.append("schedule-for-renewal")
        case "not-prepaid":
            remedies = [_where_to_get_more(resource)]
        case "no-license-available":
            remedies = ["unassign-licenses", _where_to_get_more(resource)]
    return tuple(remedies)


def _seller(resource: Properties) -> str:
    """Whom to contact about a subscription bought through a reseller."""
    if "csp_partner" not in resource:
        return "contact-reseller"
    _name(resource, "csp_partner")
    return "contact-csp-partner"


def _where_to_get_more(resource: Properties) -> str:
    """What gets more licences, by channel."""
    channel = _choice(resource, "purchase_channel", _CHANNELS)
    if channel == "reseller":
        return _seller(resource)
    if channel == "microsoft_representative":
        return "contact-microsoft-representative"
    if channel == "prepaid" and _choice(resource, "payment_method", _PAYMENT_METHODS) != "card":
        return "redeem-product-key"
    return "buy-licenses"


def _to_unassign(asked: _Asked) -> int:
    """How many licences the remedy unassign-licenses names."""
    assigned = _assigned(asked.resource)
    if asked.action == "redeem_product_key":
        return assigned - _licenses(_product_keys(asked.context))
    total = _total(asked.resource)
    if asked.action == "assign_licenses":
        return assigned - total + 1
    quantity = _new_quantity(asked.context)
    target = total - 1 if quantity is None else min(quantity, total - 1)
    return max(1, assigned - target)


# Quantities that several rules, remedies and outputs share


def _open_lots(resource: Properties, now: int) -> tuple[int, int | None]:
    """Licences in open lots, and when the last of these lots was added; (0, None) when none is."""
    quantity = 0
    last: int | None = None
    for lot in _items(resource.get("lots")):
        size = _whole(lot, "quantity", 1)
        added_at = _instant_of(lot, "added_at")
        _choice(lot, "kind", _LOT_KINDS)
        if added_at <= now <= _later(added_at):
            quantity += size
            if last is None or added_at > last:
                last = added_at
    return _int64(quantity), last


def _removable(account_type: str, resource: Properties, now: int) -> int:
    """The output removable_quantity."""
    if _choice(resource, "purchase_channel", _CHANNELS) == "prepaid":
        return 0
    unassigned = _total(resource) - max(_assigned(resource), 1)
    if account_type == "MCA":
        if not _flag(resource, "recurring_billing"):
            return 0
        unassigned = min(_open_lots(resource, now)[0], unassigned)
    return max(unassigned, 0)


def _lowest(asked: _Asked) -> int:
    """The least total that a removal can reach."""
    resource = asked.resource
    if _choice(resource, "purchase_channel", _CHANNELS) == "prepaid":
        return _total(resource)
    account_type = _choice(_billing_account(resource), "type", _ACCOUNT_TYPES)
    if account_type == "MCA" and _effective(asked.context) == "now":
        return _total(resource) - _removable(account_type, resource, asked.now)
    return max(_assigned(resource), 1)


def _licenses(keys: list[_ProductKey]) -> int:
    return _int64(sum(key.licenses for key in keys))


# Outputs, section 4


def _outputs(asked: _Asked, *, allowed: bool) -> dict[str, object]:
    if asked.action == "redeem_product_key":
        return _redeem_outputs(asked) if allowed else {}
    if asked.action == "assign_licenses":
        return {}
    outputs = _change_state(asked)
    if allowed:
        outputs |= _allowed_change(asked)
    return outputs


def _change_state(asked: _Asked) -> dict[str, object]:
    """The outputs marked *: given whatever was decided about the change."""
    _, _, action, resource, _, now = asked
    account_type = _choice(_billing_account(resource), "type", _ACCOUNT_TYPES)
    if account_type == "unknown":
        return {"schedule_options": []}
    removable = _removable(account_type, resource, now)
    outputs: dict[str, object] = {
        "schedule_options": _schedule_options(action, account_type, resource, now),
        "removable_quantity": removable,
        "minimum_quantity": _total(resource) - removable,
    }
    channel = _choice(resource, "purchase_channel", _CHANNELS)
    if account_type == "MCA" and channel != "prepaid":
        _, last = _open_lots(resource, now)
        if last is not None:
            outputs["window_closes_at"] = _stamp(_later(last))
    return outputs


def _schedule_options(action: str, account_type: str, resource: Properties, now: int) -> list[str]:
    """The table of schedule_options below its first row, type unknown."""
    if action == "buy_licenses":
        if account_type == "MCA" and _flag(resource, "recurring_billing"):
            return ["now", "renewal"]
        return ["now"]
    if _choice(resource, "purchase_channel", _CHANNELS) == "prepaid":
        return []
    if account_type == "MOSA":
        return ["now"]
    if not _flag(resource, "recurring_billing"):
        return []
    return ["now", "renewal"] if _open_lots(resource, now)[0] else ["renewal"]


def _allowed_change(asked: _Asked) -> dict[str, object]:
    _, _, action, resource, context, now = asked
    account_type = _choice(_billing_account(resource), "type", _ACCOUNT_TYPES)
    channel = _choice(resource, "purchase_channel", _CHANNELS)
    buying = action == "buy_licenses"
    at_renewal = _effective(context) == "renewal"
    quantity = _new_quantity(context)

    effective_at = _instant_of(resource, "term_end") if at_renewal else now
    outputs: dict[str, object] = {"effective_at": _stamp(effective_at)}
    if quantity is not None:
        outputs["new_total"] = quantity
        if buying and account_type == "MCA" and channel != "prepaid" and not at_renewal:
            outputs["bought_window_closes_at"] = _stamp(_later(now))
    if buying:
        outputs["invoice"] = _purchase_invoice(account_type, resource, at_renewal=at_renewal)
        outputs["available"] = "at-renewal" if at_renewal else "immediately"
        outputs["next_steps"] = ["assign-licenses", "add-users-and-assign-together"]
    else:
        outputs["invoice"] = _removal_invoice(account_type, at_renewal=at_renewal)
        outputs["next_steps"] = _after_removal(context)
    outputs["steps"] = _change_steps(account_type, context, buying=buying)
    return outputs


def _change_steps(account_type: str, context: Properties, *, buying: bool) -> list[str]:
    steps = _to_the_subscription(context)
    steps.append("select-buy-licenses" if buying else "select-remove-licenses")
    if buying and account_type == "MCA":
        steps.append("choose-when")
    return [*steps, "enter-new-total", "save"]


_MOSA_INVOICE: Final = (
    "previous-charge-credited",
    "prorated-original-quantity",
    "charge-new-quantity",
    "charge-rest-of-period",
)


def _purchase_invoice(account_type: str, resource: Properties, *, at_renewal: bool) -> list[str]:
    codes: list[str] = []
    if _choice(resource, "payment_method", _PAYMENT_METHODS) != "none":
        codes.append("charged-at-renewal" if at_renewal else "charged-immediately")
    if at_renewal:
        return [*codes, "first-invoice-after-renewal"]
    annual = _choice(resource, "billing_frequency", _FREQUENCIES) == "annual"
    codes.append("invoiced-within-a-month" if annual else "next-invoice")
    if account_type == "MOSA":
        codes.extend(_MOSA_INVOICE)
    return codes


def _removal_invoice(account_type: str, *, at_renewal: bool) -> list[str]:
    if account_type == "MOSA":
        return list(_MOSA_INVOICE)
    return ["first-invoice-after-renewal" if at_renewal else "next-invoice"]


_BEFORE_SHRINKING: Final = (
    "buy-smaller-product-key",
    "reduce-assigned-licenses",
    "extend-subscription",
)


def _redeem_outputs(asked: _Asked) -> dict[str, object]:
    _, _, _, resource, context, _ = asked
    keys = _product_keys(context)
    total = _total(resource)
    renew = _intent(context) == "renew"
    new_total = _licenses(keys) if renew else _int64(total + _licenses(keys))
    steps = [
        *_to_the_subscription(context),
        "add-more-licenses",
        "use-unused-product-key",
        "enter-product-key",
        *(["enter-another-product-key"] * (len(keys) - 1)),
        "review-order",
        "redeem",
    ]
    if new_total > total:
        next_steps = ["assign-licenses"]
    elif new_total < total:
        next_steps = _after_removal(context)
        steps = [*_BEFORE_SHRINKING, *steps]
    else:
        next_steps = []
    return {
        "new_total": new_total,
        "available": "immediately",
        "extends_term": renew,
        "steps": steps,
        "next_steps": next_steps,
    }


def _to_the_subscription(context: Properties) -> list[str]:
    view = _choice(context, "admin_center_view", _VIEWS, "dashboard")
    place = "open-subscriptions" if view == "simplified" else "open-your-products"
    return [place, "select-subscription"]


def _after_removal(context: Properties) -> list[str]:
    if "removal_reason" not in context:
        return []
    reason = _choice(context, "removal_reason", _REMOVAL_REASONS)
    return ["remove-former-employee"] if reason == "user_left" else []


# Reading the request, section 1: every function verifies what it returns


def _envelope(request: Properties, now_ns: int | None) -> _Asked:
    """Envelope and time, then resource type and action, then the closed objects."""
    try:
        subject, action, resource = request["subject"], request["action"], request["resource"]
        user, name, kind = subject["id"], action["name"], resource["type"]
        names = (user, name, kind, subject["type"], resource["id"])
    except (KeyError, TypeError):
        raise _Refused(_INVALID_REQUEST) from None
    for text in names:
        if not isinstance(text, str):
            raise _Refused(_INVALID_REQUEST)
    context = _object(request.get("context", _NOTHING), _INVALID_REQUEST)
    attributes = _object(subject.get("properties", _NOTHING), _INVALID_REQUEST)
    properties = _object(resource.get("properties", _NOTHING), _INVALID_REQUEST)
    _object(action.get("properties", _NOTHING), _INVALID_REQUEST)
    if "time" in context:
        moment = _instant(context["time"])
        if moment is None:
            raise _Refused(_INVALID_REQUEST)
    else:
        moment = time.time_ns() if now_ns is None else now_ns
    if kind != "subscription" or name not in _ACTIONS:
        raise _Refused(_NO_POLICY)
    if not (
        _RESOURCE_FIELDS.issuperset(properties)
        and _CONTEXT_FIELDS.issuperset(context)
        and _closed(properties.get("billing_account"), _BILLING_ACCOUNT_FIELDS)
        and _all_closed(properties.get("lots"), _LOT_FIELDS)
        and _all_closed(context.get("product_keys"), _KEY_FIELDS)
    ):
        raise _Refused(_INVALID_REQUEST)
    return _Asked(user, attributes, name, properties, context, moment)


def _closed(value: Any, fields: frozenset[str]) -> bool:
    """Whether a value, if it is an object, has no other property. What is none, its reader sees."""
    if type(value) is not dict and not isinstance(value, Mapping):
        return True
    return fields.issuperset(value)


def _all_closed(values: Any, fields: frozenset[str]) -> bool:
    if isinstance(values, _LISTS):
        for value in values:
            if not _closed(value, fields):
                return False
    return True


def _billing_account(resource: Properties) -> Properties:
    return _object(resource.get("billing_account"))


def _signed_up(account: Properties, user: str) -> bool:
    return "signed_up_by" in account and _name(account, "signed_up_by") == user


def _roles(subject: Properties) -> Sequence[str]:
    roles: Any = subject.get("roles", ())
    if not isinstance(roles, _LISTS):
        raise _Refused(_INDETERMINATE)
    for role in roles:
        if not isinstance(role, str) or role not in _ROLES:
            raise _Refused(_INDETERMINATE)
    return roles


def _new_quantity(context: Properties) -> int | None:
    return _whole(context, "new_quantity", 0) if "new_quantity" in context else None


def _effective(context: Properties) -> str:
    return _choice(context, "effective", _WHENS, "now")


def _intent(context: Properties) -> str:
    return _choice(context, "redeem_intent", _INTENTS, "add")


def _product_keys(context: Properties) -> list[_ProductKey]:
    return [
        _ProductKey(
            _text(key, "code"),
            _whole(key, "licenses", 1),
            _text(key, "product_id"),
            _flag(key, "redeemed"),
        )
        for key in _items(context.get("product_keys", ()))
    ]


def _total(resource: Properties) -> int:
    return _whole(resource, "total", 1)


def _assigned(resource: Properties) -> int:
    return _whole(resource, "assigned", 0)


def _object(value: Any, refusal: str = _INDETERMINATE) -> Properties:
    if type(value) is not dict and not isinstance(value, Mapping):
        raise _Refused(refusal)
    return value


def _items(value: Any) -> list[Properties]:
    """A list of objects."""
    if not isinstance(value, _LISTS):
        raise _Refused(_INDETERMINATE)
    return [_object(item) for item in value]


def _choice(
    properties: Properties, name: str, allowed: tuple[str, ...], default: str | None = None
) -> str:
    value: Any = properties.get(name, default)
    if value not in allowed:
        raise _Refused(_INDETERMINATE)
    return value  # type: ignore[no-any-return]


def _flag(properties: Properties, name: str) -> bool:
    value = properties.get(name)
    if value is True or value is False:
        return value
    raise _Refused(_INDETERMINATE)


def _text(properties: Properties, name: str) -> str:
    value = properties.get(name)
    if not isinstance(value, str):
        raise _Refused(_INDETERMINATE)
    return value


def _texts(properties: Properties, name: str) -> list[str]:
    values = properties.get(name, ())
    if not isinstance(values, _LISTS) or not all(isinstance(value, str) for value in values):
        raise _Refused(_INDETERMINATE)
    return list(values)


def _name(properties: Properties, name: str) -> str:
    """A string that is not empty."""
    value = _text(properties, name)
    if not value:
        raise _Refused(_INDETERMINATE)
    return value


def _whole(properties: Properties, name: str, least: int) -> int:
    """An integer of at least ``least`` in int64; 5.0 is 5, a bool is no number."""
    value = properties.get(name)
    if type(value) is not int:
        if not isinstance(value, float) or not value.is_integer():
            raise _Refused(_INDETERMINATE)
        value = int(value)
    if not least <= value <= _MAX_INT:
        raise _Refused(_INDETERMINATE)
    return value


def _int64(value: int) -> int:
    """A result that CEL can hold."""
    if value > _MAX_INT:
        raise _Refused(_INDETERMINATE)
    return value


def _later(instant: int) -> int:
    """The last moment of the window that opens at ``instant``."""
    if instant > _MAX_INSTANT - _WINDOW:
        raise _Refused(_INDETERMINATE)
    return instant + _WINDOW


def _instant_of(properties: Properties, name: str) -> int:
    instant = _instant(properties.get(name))
    if instant is None:
        raise _Refused(_INDETERMINATE)
    return instant


def _instant(value: Any) -> int | None:
    """RFC 3339 text or an aware datetime to nanoseconds since 1970 UTC; None for anything else."""
    if not isinstance(value, str):
        return _instant_of_datetime(value)
    if len(value) < 20 or value[4:17:3] not in ("--T::", "--t::") or value[11:13] == "24":
        return None
    try:
        elapsed = datetime.fromisoformat(value[:19]) - _EPOCH
    except ValueError:
        return None
    instant = (elapsed.days * 86_400 + elapsed.seconds) * _SECOND
    rest = value[19:]
    if rest == "Z":
        return instant
    more = _fraction_and_offset(rest)
    return None if more is None else _in_range(instant + more)


def _fraction_and_offset(text: str) -> int | None:
    """``.5+02:00`` to the nanoseconds that it adds to the time before it."""
    if text[-1] in "Zz":
        fraction, offset = text[:-1], 0
    else:
        fraction, zone = text[:-6], text[-6:]
        if len(zone) != 6 or zone[0] not in "+-" or zone[3] != ":":
            return None
        hours, minutes = zone[1:3], zone[4:6]
        if not _digits(hours + minutes) or hours > "23" or minutes > "59":
            return None
        offset = int(hours) * 3600 + int(minutes) * 60
        if zone[0] == "+":
            offset = -offset
    nanoseconds = offset * _SECOND
    if fraction:
        digits = fraction[1:]
        if fraction[0] != "." or not _digits(digits) or len(digits) > 9:
            return None
        nanoseconds += int(digits.ljust(9, "0"))
    return nanoseconds


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _instant_of_datetime(value: Any) -> int | None:
    """What a host passes instead of text, when it has an offset."""
    offset = value.utcoffset() if isinstance(value, datetime) else None
    if offset is None:
        return None
    elapsed = value.replace(tzinfo=None) - _EPOCH - offset
    return _in_range(elapsed // timedelta(microseconds=1) * 1000)


def _in_range(instant: int) -> int | None:
    return instant if _MIN_INSTANT <= instant <= _MAX_INSTANT else None


def _stamp(instant: int) -> str:
    """RFC 3339 in UTC with ``Z`` and the least of 0, 3, 6 or 9 fraction digits that is exact."""
    seconds, nanoseconds = divmod(instant, _SECOND)
    text = (_EPOCH + timedelta(seconds=seconds)).isoformat()
    if nanoseconds:
        digits = f"{nanoseconds:09d}"
        while digits.endswith("000"):
            digits = digits[:-3]
        text = f"{text}.{digits}"
    return f"{text}Z"
