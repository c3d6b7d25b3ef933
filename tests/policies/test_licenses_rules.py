"""Each rule of the licence pack: where it fires, where it does not, and exactly at its boundary.

Expectations are literals, read off `domain/licenses.md`; every row runs against the reading by hand
and against the engine. A row is an id, a request that is allowed, what is changed in it, and what
is then answered.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import pytest

import evaluator
from tests.licence_requests import Request
from tests.licences_by_hand import Answer, decide, remedy_sets

Changes = dict[str, object]
"""Values by path, as expressions spell it: `resource.total`."""

Denied = dict[str, str]
"""The rules that deny, in order, each with the ids of its remedies, parted by spaces."""

Row = tuple[str, Request, Mapping[str, object], Any]

ABSENT: Final = object()
"""As a value of a change: the property is removed. As an expected output: there is none."""

NOW: Final = "2026-03-03T09:00:00Z"
JUST_AFTER: Final = "2026-03-03T09:00:00.000000001Z"
A_WEEK_AGO: Final = "2026-02-24T09:00:00Z"  # exactly 168 h before NOW
OVER_A_WEEK_AGO: Final = "2026-02-24T08:59:59.999999999Z"

PLAIN_KEY: Final = "ABCDE12345FGHIJ67890KLMNO"
DASHED_KEY: Final = "ABCDE-12345-FGHIJ-67890-KLMNO"
OTHER_KEY: Final = "ZZZZZ-12345-FGHIJ-67890-KLMNO"
THIRD_KEY: Final = "YYYYY-12345-FGHIJ-67890-KLMNO"

MCA_ROLES: Final = (
    "billing_account_owner",
    "billing_account_contributor",
    "billing_profile_owner",
    "billing_profile_contributor",
)
MOSA_ROLES: Final = ("global_administrator", "billing_administrator")
ASSIGNMENT_ROLES: Final = ("license_administrator", "user_administrator", "global_administrator")
ROLES: Final = (
    *MCA_ROLES,
    *MOSA_ROLES,
    "billing_account_reader",
    "billing_profile_reader",
    "invoice_manager",
    "license_administrator",
    "user_administrator",
    "service_support_administrator",
)


def lot(quantity: int, added_at: str) -> Request:
    return {"quantity": quantity, "added_at": added_at, "kind": "purchase"}


def key(code: str = DASHED_KEY, licenses: int = 30, **others: object) -> Request:
    return {"code": code, "licenses": licenses, "product_id": "p-1", "redeemed": False, **others}


def changed(request: Request, changes: Mapping[str, object]) -> Request:
    copied = copy.deepcopy(request)
    for path, value in changes.items():
        root, *parents, name = path.split(".")
        target = copied[root]
        if root != "context" and path not in {"subject.id", "resource.type", "action.name"}:
            target = target["properties"]
        for parent in parents:
            target = target[parent]
        if value is ABSENT:
            del target[name]
        else:
            target[name] = value
    return copied


# Requests that are allowed: of 100 licences 60 are assigned and 30 can be removed for two days

_BASE: Final[Request] = {
    "subject": {"type": "user", "id": "ann", "properties": {"roles": ["billing_account_owner"]}},
    "action": {"name": "assign_licenses"},
    "resource": {
        "type": "subscription",
        "id": "sub-1",
        "properties": {
            "billing_account": {"type": "MCA"},
            "purchase_channel": "direct",
            "product_id": "p-1",
            "is_trial": False,
            "end_of_sale": False,
            "credit_check": "passed",
            "recurring_billing": True,
            "billing_frequency": "monthly",
            "payment_method": "card",
            "term_start": "2025-06-01T00:00:00Z",
            "term_end": "2026-06-01T02:00:00+02:00",
            "total": 100,
            "assigned": 60,
            "lots": [lot(70, "2025-06-01T00:00:00Z"), lot(30, "2026-02-26T12:00:00Z")],
        },
    },
    "context": {"time": NOW},
}
ASSIGN: Final = _BASE
BUY: Final = changed(_BASE, {"action.name": "buy_licenses", "context.new_quantity": 105})
REMOVE: Final = changed(_BASE, {"action.name": "remove_licenses", "context.new_quantity": 75})
REDEEM: Final = changed(
    _BASE,
    {
        "action.name": "redeem_product_key",
        "resource.purchase_channel": "prepaid",
        "context.product_keys": [key()],
    },
)
ALL_BUT_ASSIGN: Final = {"buy": BUY, "remove": REMOVE, "redeem": REDEEM}
BOTH_CHANGES: Final = {"buy": BUY, "remove": REMOVE}

# Changes that several rows share


def roles(*names: str) -> Changes:
    return {"subject.roles": list(names)}


def quantity(value: int) -> Changes:
    return {"context.new_quantity": value}


def total(value: float) -> Changes:
    return {"resource.total": value}


def assigned(value: int) -> Changes:
    return {"resource.assigned": value}


def lots(*several: Request) -> Changes:
    return {"resource.lots": list(several)}


def keys(*several: Request) -> Changes:
    return {"context.product_keys": list(several)}


def channel(name: str) -> Changes:
    return {"resource.purchase_channel": name}


def payment(method: str) -> Changes:
    return {"resource.payment_method": method}


def at(time: str) -> Changes:
    return {"context.time": time}


NOTHING: Final[Changes] = {}
MOSA: Final = {"resource.billing_account.type": "MOSA"} | roles("global_administrator")
UNKNOWN: Final[Changes] = {"resource.billing_account.type": "unknown"}
NO_ROLES: Final[Changes] = {"subject.roles": ABSENT}
SIGNED_UP: Final = NO_ROLES | {"resource.billing_account.signed_up_by": "ann"}
PREPAID: Final = channel("prepaid")
RESELLER: Final = channel("reseller")
CSP_PARTNER: Final = RESELLER | {"resource.csp_partner": "Contoso Cloud"}
REPRESENTATIVE: Final = channel("microsoft_representative")
PENDING: Final[Changes] = {"resource.credit_check": "pending"}
TRIAL: Final[Changes] = {"resource.is_trial": True}
END_OF_SALE: Final[Changes] = {"resource.end_of_sale": True}
ANNUAL: Final[Changes] = {"resource.billing_frequency": "annual"}
OFF: Final[Changes] = {"resource.recurring_billing": False}
CLOSED: Final = lots(lot(100, OVER_A_WEEK_AGO))
NO_QUANTITY: Final[Changes] = {"context.new_quantity": ABSENT}
AT_RENEWAL: Final[Changes] = {"context.effective": "renewal"}
RENEW: Final[Changes] = {"context.redeem_intent": "renew"}
SHRINK: Final = RENEW | keys(key(licenses=99))
SIMPLIFIED: Final[Changes] = {"context.admin_center_view": "simplified"}
USER_LEFT: Final[Changes] = {"context.removal_reason": "user_left"}

# Reasons that several rows share

ASK_OWNER: Final = {"mca-role-required": "ask-billing-account-owner"}
ASK_ADMINISTRATOR: Final = {"mosa-role-required": "ask-global-administrator"}
FIND_TYPE: Final = {"billing-account-type-unknown": "find-billing-account-type"}
NO_RULE: Final = {"no-rule-allows": ""}
NO_POLICY: Final = {"no-policy-applies": ""}
WAIT: Final = {"credit-check-pending": "wait-for-credit-check"}
KEY_OR_CARD: Final = {"activated-with-product-key": "redeem-product-key add-payment-card"}
RENEW_SMALLER: Final = {"activated-with-product-key": "renew-with-smaller-product-key"}
RESOLD: Final = {"bought-through-reseller": "contact-reseller"}
BUY_TRIAL: Final = {"trial-subscription": "buy-the-trial-first"}
BUY_ANOTHER: Final = {"end-of-sale": "buy-another-subscription"}
NO_INCREASE: Final = {"not-an-increase": "enter-new-total"}
NO_DECREASE: Final = {"not-a-decrease": "enter-new-total"}
AN_INCREASE: Final = {"not-a-decrease": "enter-new-total use-buy-licenses"}
ALL_ASSIGNED: Final = {"all-licenses-assigned": "unassign-licenses"}
BELOW_ASSIGNED: Final = {"below-assigned": "unassign-licenses choose-higher-quantity"}
BELOW_AND_NO_HIGHER: Final = {"below-assigned": "unassign-licenses"}
NOT_ZERO: Final = {"cannot-reduce-to-zero": "cancel-subscription"}
TURN_ON: Final = {"recurring-billing-off": "turn-on-recurring-billing"}
WINDOW_CLOSED: Final = {"reduction-window-closed": "schedule-for-renewal"}
TOO_MANY: Final = {"exceeds-removable-quantity": "choose-higher-quantity schedule-for-renewal"}
ANY_TOO_MANY: Final = {"exceeds-removable-quantity": "schedule-for-renewal"}
NOW_OR_TURN_ON: Final = {
    "scheduling-needs-recurring-billing": "change-now turn-on-recurring-billing"
}
NOT_OFFERED: Final = {"scheduling-not-offered": "change-now"}
BUY_KEY: Final = {"no-product-key": "buy-product-key"}
MALFORMED: Final = {"product-key-malformed": "check-product-key"}
USED: Final = {"product-key-already-redeemed": "use-unused-product-key"}
REPEATED: Final = {"product-key-repeated": "use-unused-product-key"}
OTHER_PRODUCT: Final = {"product-key-for-other-product": "use-product-key-for-this-product"}
TOO_SMALL: Final = {"renewal-below-assigned": "unassign-licenses buy-larger-product-key"}
NONE_LEFT: Final = {"no-license-available": "unassign-licenses buy-licenses"}


def table(*rows: Row | Iterable[Row]) -> pytest.MarkDecorator:
    flat = [row for each in rows for row in ([each] if isinstance(each, tuple) else each)]
    return pytest.mark.parametrize(
        ("base", "changes", "expected"), [pytest.param(*row[1:], id=row[0]) for row in flat]
    )


@pytest.fixture(params=["by-hand", "engine"])
def answer(request: pytest.FixtureRequest) -> Callable[[Request], Answer]:
    if request.param == "by-hand":
        return decide
    engine: Callable[[Request], Answer] = request.getfixturevalue("engine")
    return engine


def check(answer: Answer, expected: str | Denied) -> None:
    """``expected`` is what allows, parted by spaces, or what denies."""
    if isinstance(expected, str):
        told = (answer.decision, " ".join(reason.rule for reason in answer.reasons))
        assert told == ("allow", expected)
    else:
        denied = [(reason.rule, " ".join(reason.remedies)) for reason in answer.reasons]
        assert (answer.decision, denied) == ("deny", list(expected.items()))
    for reason in answer.reasons:
        reserved = reason.rule in {"no-rule-allows", "no-policy-applies"}
        assert reason.kind == ("default" if reserved else answer.decision)


@table(
    ("another-action", BUY, {"action.name": "cancel_subscription"}, NO_POLICY),
    ("another-case", BUY, {"action.name": "Buy_Licenses"}, NO_POLICY),
    ("no-name", BUY, {"action.name": ""}, NO_POLICY),
    ("another-resource", BUY, {"resource.type": "invoice"}, NO_POLICY),
)
def test_only_four_actions_on_subscriptions(answer, base, changes, expected):
    given = answer(changed(base, changes))
    check(given, expected)
    assert given.outputs == {}


@table(
    (
        (f"mca-{action}-{role}", base, roles(role), "mca-role")
        for action, base in {**ALL_BUT_ASSIGN, "assign": ASSIGN}.items()
        for role in MCA_ROLES
    ),
    (
        (f"mca-{action}-not-{role}", base, roles(role), ASK_OWNER)
        for action, base in ALL_BUT_ASSIGN.items()
        for role in ROLES
        if role not in MCA_ROLES
    ),
    (
        (f"mosa-{action}-{role}", base, MOSA | roles(role), "mosa-role")
        for action, base in ALL_BUT_ASSIGN.items()
        for role in MOSA_ROLES
    ),
    (
        (f"mosa-{action}-not-{role}", base, MOSA | roles(role), ASK_ADMINISTRATOR)
        for action, base in ALL_BUT_ASSIGN.items()
        for role in ROLES
        if role not in MOSA_ROLES
    ),
    ((f"mca-assign-{role}", ASSIGN, roles(role), "assignment-role") for role in ASSIGNMENT_ROLES),
    (
        (f"mca-assign-not-{role}", ASSIGN, roles(role), ASK_OWNER)
        for role in ROLES
        if role not in {*MCA_ROLES, *ASSIGNMENT_ROLES}
    ),
    (
        (f"mosa-assign-not-{role}", ASSIGN, MOSA | roles(role), ASK_ADMINISTRATOR)
        for role in ROLES
        if role not in {*MOSA_ROLES, *ASSIGNMENT_ROLES}
    ),
    (
        (f"unknown-assign-{role}", ASSIGN, UNKNOWN | roles(role), "assignment-role")
        for role in ASSIGNMENT_ROLES
    ),
    (
        (f"unknown-{action}-{who}", base, UNKNOWN | changes, FIND_TYPE)
        for action, base in ALL_BUT_ASSIGN.items()
        for who, changes in {
            "owner": NOTHING,
            "administrator": roles("global_administrator"),
            "signed-up": SIGNED_UP,
        }.items()
    ),
    ("mca-one-of-several", BUY, roles("invoice_manager", *MCA_ROLES), "mca-role"),
    ("mca-no-roles", BUY, roles(), ASK_OWNER),
    ("mca-roles-absent", BUY, NO_ROLES, ASK_OWNER),
    ("mosa-roles-absent", BUY, MOSA | NO_ROLES, ASK_ADMINISTRATOR),
    ("mca-signed-up", BUY, SIGNED_UP, "mca-role"),
    ("mosa-signed-up", BUY, MOSA | SIGNED_UP, "mosa-role"),
    ("mca-assign-signed-up", ASSIGN, SIGNED_UP, "mca-role"),
    ("signed-up-another", BUY, SIGNED_UP | {"subject.id": "bo"}, ASK_OWNER),
    ("signed-up-another-case", BUY, SIGNED_UP | {"subject.id": "Ann"}, ASK_OWNER),
    ("mosa-assign-both", ASSIGN, MOSA, "mosa-role assignment-role"),
    (
        "mca-assign-both",
        ASSIGN,
        roles("license_administrator", "billing_profile_owner"),
        "mca-role assignment-role",
    ),
    ("unknown-assign-owner", ASSIGN, UNKNOWN, NO_RULE),
    ("unknown-assign-signed-up", ASSIGN, UNKNOWN | SIGNED_UP, NO_RULE),
    ("unknown-assign-none-left", ASSIGN, UNKNOWN | assigned(100), NONE_LEFT),
)
def test_roles(answer, base, changes, expected):
    check(answer(changed(base, changes)), expected)


def test_signed_up_whatever_the_type_of_subject(answer):
    request = changed(BUY, SIGNED_UP)
    request["subject"]["type"] = "service"
    check(answer(request), "mca-role")


@table(
    ("buy-pending", BUY, PENDING, WAIT),
    ("remove-pending", REMOVE, PENDING, WAIT),
    ("mosa-pending", REMOVE, MOSA | PENDING, WAIT),
    ("no-quantity-pending", BUY, NO_QUANTITY | PENDING, WAIT),
    ("renewal-pending", REMOVE, AT_RENEWAL | PENDING, WAIT),
    ("unknown-pending", BUY, UNKNOWN | PENDING, FIND_TYPE | WAIT),
    ("no-credit-check", BUY, {"resource.credit_check": "none"}, "mca-role"),
    ("redeem-pending", REDEEM, PENDING, "mca-role"),
    ("buy-prepaid-card", BUY, PREPAID, "mca-role"),
    ("buy-prepaid-none", BUY, PREPAID | payment("none"), KEY_OR_CARD),
    ("buy-prepaid-invoice", BUY, PREPAID | payment("invoice"), KEY_OR_CARD),
    ("remove-prepaid-card", REMOVE, PREPAID, RENEW_SMALLER),
    ("remove-prepaid-none", REMOVE, PREPAID | payment("none"), RENEW_SMALLER),
    ("remove-prepaid-invoice", REMOVE, PREPAID | payment("invoice"), RENEW_SMALLER),
    ("unknown-prepaid", REMOVE, UNKNOWN | PREPAID, FIND_TYPE | RENEW_SMALLER),
    ((f"{name}-reseller", base, RESELLER, RESOLD) for name, base in BOTH_CHANGES.items()),
    (
        (
            f"{name}-csp-partner",
            base,
            CSP_PARTNER,
            {"bought-through-reseller": "contact-csp-partner"},
        )
        for name, base in BOTH_CHANGES.items()
    ),
    ("csp-partner-of-another-channel", BUY, CSP_PARTNER | channel("direct"), "mca-role"),
    (
        (
            f"{name}-representative",
            base,
            REPRESENTATIVE,
            {"bought-through-representative": "contact-microsoft-representative"},
        )
        for name, base in BOTH_CHANGES.items()
    ),
    ("buy-trial", BUY, TRIAL, BUY_TRIAL),
    ("remove-trial", REMOVE, TRIAL, BUY_TRIAL),
    ("redeem-trial", REDEEM, TRIAL, "mca-role"),
    ("buy-end-of-sale", BUY, END_OF_SALE, BUY_ANOTHER),
    (
        "buy-end-of-sale-nothing-to-convert-to",
        BUY,
        END_OF_SALE | {"resource.convertible_to": []},
        BUY_ANOTHER,
    ),
    (
        "buy-end-of-sale-convertible",
        BUY,
        END_OF_SALE | {"resource.convertible_to": ["p-2"]},
        {"end-of-sale": "buy-another-subscription convert-subscription"},
    ),
    ("convertible-on-sale", BUY, {"resource.convertible_to": ["p-2"]}, "mca-role"),
    ("remove-end-of-sale", REMOVE, END_OF_SALE, "mca-role"),
    ("redeem-end-of-sale", REDEEM, END_OF_SALE, "mca-role"),
    (
        "all-when-buying",
        BUY,
        roles()
        | PREPAID
        | payment("none")
        | PENDING
        | TRIAL
        | END_OF_SALE
        | AT_RENEWAL
        | OFF
        | quantity(100),
        ASK_OWNER | WAIT | KEY_OR_CARD | BUY_TRIAL | BUY_ANOTHER | NO_INCREASE | NOW_OR_TURN_ON,
    ),
    (
        "all-when-removing",
        REMOVE,
        roles() | RESELLER | PENDING | TRIAL | END_OF_SALE | OFF | quantity(0),
        ASK_OWNER
        | WAIT
        | RESOLD
        | BUY_TRIAL
        | BELOW_AND_NO_HIGHER
        | NOT_ZERO
        | TURN_ON
        | ANY_TOO_MANY,
    ),
)
def test_disabled_buttons(answer, base, changes, expected):
    check(answer(changed(base, changes)), expected)


@table(
    ("buy-one-more", BUY, quantity(101), "mca-role"),
    ("buy-total", BUY, quantity(100), NO_INCREASE),
    ("buy-less", BUY, quantity(99), {"not-an-increase": "enter-new-total use-remove-licenses"}),
    ("buy-zero", BUY, quantity(0), {"not-an-increase": "enter-new-total use-remove-licenses"}),
    ("buy-no-quantity", BUY, NO_QUANTITY, "mca-role"),
    ("buy-all-assigned", BUY, assigned(100), "mca-role"),
    ("remove-one", REMOVE, quantity(99), "mca-role"),
    ("remove-none", REMOVE, quantity(100), NO_DECREASE),
    ("remove-to-more", REMOVE, quantity(101), AN_INCREASE),
    ("remove-no-quantity", REMOVE, NO_QUANTITY, "mca-role"),
    ("all-but-one-assigned", REMOVE, quantity(99) | assigned(99), "mca-role"),
    ("all-assigned", REMOVE, quantity(99) | assigned(100), ALL_ASSIGNED),
    ("over-assigned", REMOVE, quantity(99) | assigned(101), ALL_ASSIGNED),
    ("all-assigned-no-quantity", REMOVE, NO_QUANTITY | assigned(100), ALL_ASSIGNED),
    ("all-assigned-at-renewal", REMOVE, AT_RENEWAL | assigned(100), ALL_ASSIGNED),
    ("all-assigned-unknown", REMOVE, UNKNOWN | assigned(100), FIND_TYPE | ALL_ASSIGNED),
    ("all-assigned-and-more", REMOVE, assigned(100) | quantity(101), AN_INCREASE | ALL_ASSIGNED),
    ("to-assigned", REMOVE, MOSA | quantity(60), "mosa-role"),
    ("below-assigned", REMOVE, MOSA | quantity(59), BELOW_ASSIGNED),
    ("below-assigned-at-renewal", REMOVE, AT_RENEWAL | quantity(59), BELOW_ASSIGNED),
    ("below-assigned-prepaid", REMOVE, PREPAID | quantity(59), RENEW_SMALLER | BELOW_AND_NO_HIGHER),
    (
        "below-assigned-closed",
        REMOVE,
        CLOSED | quantity(59),
        BELOW_AND_NO_HIGHER | WINDOW_CLOSED,
    ),
    ("below-assigned-unknown", REMOVE, UNKNOWN | quantity(59), FIND_TYPE | BELOW_ASSIGNED),
    ("to-one", REMOVE, MOSA | assigned(1) | quantity(1), "mosa-role"),
    ("to-zero", REMOVE, MOSA | assigned(0) | quantity(0), NOT_ZERO),
    ("to-zero-of-assigned", REMOVE, MOSA | assigned(1) | quantity(0), BELOW_ASSIGNED | NOT_ZERO),
    ("to-zero-of-all", REMOVE, MOSA | assigned(100) | quantity(0), ALL_ASSIGNED | NOT_ZERO),
    ("single-to-zero", REMOVE, MOSA | total(1) | assigned(0) | quantity(0), NOT_ZERO),
    ("integer-as-float", REMOVE, total(100.0), "mca-role"),
)
def test_quantities(answer, base, changes, expected):
    check(answer(changed(base, changes)), expected)


@table(
    ("exactly-168-hours", REMOVE, lots(lot(30, A_WEEK_AGO)), "mca-role"),
    ("a-nanosecond-later", REMOVE, lots(lot(30, A_WEEK_AGO)) | at(JUST_AFTER), WINDOW_CLOSED),
    ("added-a-nanosecond-earlier", REMOVE, CLOSED, WINDOW_CLOSED),
    ("another-offset", REMOVE, lots(lot(30, "2026-02-24t11:00:00.000+02:00")), "mca-role"),
    ("added-now", REMOVE, lots(lot(30, NOW)), "mca-role"),
    ("added-in-the-future", REMOVE, lots(lot(30, JUST_AFTER)), WINDOW_CLOSED),
    ("no-lots", REMOVE, lots(), WINDOW_CLOSED),
    ("no-lots-no-quantity", REMOVE, lots() | NO_QUANTITY, WINDOW_CLOSED),
    ("no-lots-at-renewal", REMOVE, lots() | AT_RENEWAL, "mca-role"),
    ("no-lots-mosa", REMOVE, lots() | MOSA, "mosa-role"),
    ("closed-buying", BUY, CLOSED, "mca-role"),
    ("closed-unknown", REMOVE, UNKNOWN | CLOSED | OFF, FIND_TYPE),
    ("closed-prepaid", REMOVE, PREPAID | CLOSED | OFF, RENEW_SMALLER),
    ("closed-reseller", REMOVE, RESELLER | CLOSED, RESOLD | WINDOW_CLOSED),
    ("all-of-the-open-lot", REMOVE, quantity(70), "mca-role"),
    ("more-than-the-open-lot", REMOVE, quantity(69), TOO_MANY),
    (
        "all-of-two-open-lots",
        REMOVE,
        quantity(65) | lots(lot(20, NOW), lot(65, JUST_AFTER), lot(15, A_WEEK_AGO)),
        "mca-role",
    ),
    (
        "more-than-two-open-lots",
        REMOVE,
        quantity(64) | lots(lot(20, NOW), lot(65, JUST_AFTER), lot(15, A_WEEK_AGO)),
        TOO_MANY,
    ),
    ("more-at-renewal", REMOVE, quantity(60) | AT_RENEWAL, "mca-role"),
    ("more-mosa", REMOVE, quantity(60) | MOSA, "mosa-role"),
    ("more-and-below-assigned", REMOVE, quantity(59), BELOW_ASSIGNED | TOO_MANY),
    ("all-and-below-assigned", REMOVE, quantity(59) | lots(lot(41, NOW)), BELOW_ASSIGNED),
    (
        "more-all-assigned",
        REMOVE,
        quantity(69) | assigned(100),
        ALL_ASSIGNED | ANY_TOO_MANY,
    ),
    ("off", REMOVE, OFF, TURN_ON),
    ("off-no-quantity", REMOVE, OFF | NO_QUANTITY, TURN_ON),
    ("off-at-renewal", REMOVE, OFF | AT_RENEWAL, TURN_ON),
    ("off-mosa", REMOVE, OFF | MOSA, "mosa-role"),
    ("off-closed", REMOVE, OFF | CLOSED, TURN_ON | WINDOW_CLOSED),
    ("off-more", REMOVE, OFF | quantity(69), TURN_ON | ANY_TOO_MANY),
)
def test_reduction_window(answer, base, changes, expected):
    check(answer(changed(base, changes)), expected)


@table(
    ("buy-mca", BUY, AT_RENEWAL, "mca-role"),
    ("buy-mca-off", BUY, AT_RENEWAL | OFF, NOW_OR_TURN_ON),
    ("buy-mca-off-by-default-now", BUY, OFF, "mca-role"),
    ("buy-mca-off-now", BUY, OFF | {"context.effective": "now"}, "mca-role"),
    ("buy-mca-off-no-quantity", BUY, AT_RENEWAL | OFF | NO_QUANTITY, NOW_OR_TURN_ON),
    ("buy-prepaid-off", BUY, AT_RENEWAL | OFF | PREPAID, NOW_OR_TURN_ON),
    ("buy-mosa", BUY, AT_RENEWAL | MOSA, NOT_OFFERED),
    ("buy-mosa-off", BUY, AT_RENEWAL | MOSA | OFF, NOT_OFFERED),
    ("buy-mosa-prepaid", BUY, AT_RENEWAL | MOSA | PREPAID, NOT_OFFERED),
    ("buy-mosa-now", BUY, MOSA | OFF, "mosa-role"),
    ("remove-mosa", REMOVE, AT_RENEWAL | MOSA, NOT_OFFERED),
    ("remove-mosa-prepaid", REMOVE, AT_RENEWAL | MOSA | PREPAID, RENEW_SMALLER | NOT_OFFERED),
    ("remove-mosa-now", REMOVE, MOSA, "mosa-role"),
    ("remove-mca", REMOVE, AT_RENEWAL, "mca-role"),
    ("unknown", BUY, AT_RENEWAL | UNKNOWN | OFF, FIND_TYPE),
    ("redeem-mosa", REDEEM, AT_RENEWAL | MOSA, "mosa-role"),
    ("redeem-mca-off", REDEEM, AT_RENEWAL | OFF, "mca-role"),
)
def test_scheduling(answer, base, changes, expected):
    check(answer(changed(base, changes)), expected)


WELL_FORMED: Final = {
    "dashes": DASHED_KEY,
    "plain": PLAIN_KEY,
    "lower-case": DASHED_KEY.lower(),
    "digits": "1234567890123456789012345",
}
NOT_WELL_FORMED: Final = {
    "empty": "",
    "24": PLAIN_KEY[:-1],
    "26": PLAIN_KEY + "P",
    "one-dash": "ABCDE-12345FGHIJ67890KLMNO",
    "three-dashes": "ABCDE-12345-FGHIJ-67890KLMNO",
    "five-dashes": DASHED_KEY + "-",
    "dash-first": "-" + PLAIN_KEY,
    "shifted": "ABCD-E12345-FGHIJ-67890-KLMNO",
    "six-groups": DASHED_KEY + "-PQRST",
    "spaces": DASHED_KEY.replace("-", " "),
    "en-dashes": DASHED_KEY.replace("-", "\N{EN DASH}"),
    "newline": PLAIN_KEY + "\n",
    "underscore": PLAIN_KEY[:-1] + "_",
    "letter-beyond-ascii": PLAIN_KEY[:-1] + "Ø",
    "digit-beyond-ascii": PLAIN_KEY[:-1] + "\N{ARABIC-INDIC DIGIT ONE}",
}
THE_SAME: Final = {
    "alike": DASHED_KEY,
    "without-dashes": PLAIN_KEY,
    "lower-case": DASHED_KEY.lower(),
    "lower-case-without-dashes": PLAIN_KEY.lower(),
}
MALFORMED_AND_THE_SAME: Final = {
    "alike": ("abc", "abc"),
    "nothing": ("", "--"),
    "dashes-elsewhere": ("a-bc", "-AB--C-"),
    "one-well-formed": (PLAIN_KEY, "-" + PLAIN_KEY),
}
MALFORMED_AND_NOT_THE_SAME: Final = {
    "case-beyond-ascii": ("Ø", "ø"),
    "kelvin": ("k", "\N{KELVIN SIGN}"),
    "sharp-s": ("ss", "ß"),
    "another-dash": ("ab", "a\N{EN DASH}b"),
    "space": ("a", "a "),
}


@table(
    ("prepaid", REDEEM, NOTHING, "mca-role"),
    ("prepaid-without-card", REDEEM, payment("none"), "mca-role"),
    ("direct", REDEEM, channel("direct"), {"not-prepaid": "buy-licenses"}),
    ("reseller", REDEEM, RESELLER, {"not-prepaid": "contact-reseller"}),
    ("csp-partner", REDEEM, CSP_PARTNER, {"not-prepaid": "contact-csp-partner"}),
    (
        "representative",
        REDEEM,
        REPRESENTATIVE,
        {"not-prepaid": "contact-microsoft-representative"},
    ),
    ("no-key", REDEEM, keys(), BUY_KEY),
    ("keys-absent", REDEEM, {"context.product_keys": ABSENT}, BUY_KEY),
    ("no-key-to-renew", REDEEM, RENEW | keys(), BUY_KEY),
    (
        (f"well-formed-{name}", REDEEM, keys(key(code)), "mca-role")
        for name, code in WELL_FORMED.items()
    ),
    (
        (f"malformed-{name}", REDEEM, keys(key(code)), MALFORMED)
        for name, code in NOT_WELL_FORMED.items()
    ),
    ("one-of-two-malformed", REDEEM, keys(key(), key("short")), MALFORMED),
    ("one-of-two-redeemed", REDEEM, keys(key(), key(OTHER_KEY, redeemed=True)), USED),
    ("two-keys", REDEEM, keys(key(), key(OTHER_KEY)), "mca-role"),
    (
        (f"repeated-{name}", REDEEM, keys(key(), key(OTHER_KEY), key(code)), REPEATED)
        for name, code in THE_SAME.items()
    ),
    (
        (f"malformed-repeated-{name}", REDEEM, keys(key(one), key(two)), MALFORMED | REPEATED)
        for name, (one, two) in MALFORMED_AND_THE_SAME.items()
    ),
    (
        (f"malformed-not-repeated-{name}", REDEEM, keys(key(one), key(two)), MALFORMED)
        for name, (one, two) in MALFORMED_AND_NOT_THE_SAME.items()
    ),
    ("other-product", REDEEM, keys(key(product_id="p-2")), OTHER_PRODUCT),
    ("other-product-by-case", REDEEM, keys(key(product_id="P-1")), OTHER_PRODUCT),
    ("one-for-other-product", REDEEM, keys(key(), key(OTHER_KEY, product_id="")), OTHER_PRODUCT),
    ("to-assigned", REDEEM, RENEW | keys(key(licenses=60)), "mca-role"),
    ("below-assigned", REDEEM, RENEW | keys(key(licenses=59)), TOO_SMALL),
    ("two-to-assigned", REDEEM, RENEW | keys(key(), key(OTHER_KEY)), "mca-role"),
    ("two-below-assigned", REDEEM, RENEW | keys(key(), key(OTHER_KEY, 29)), TOO_SMALL),
    ("add-fewer-than-assigned", REDEEM, keys(key(licenses=1)), "mca-role"),
    ("add-all-assigned", REDEEM, assigned(100), "mca-role"),
    (
        "all",
        REDEEM,
        roles()
        | RESELLER
        | RENEW
        | keys(key("x", 1, product_id="p-2", redeemed=True), key("X", 1)),
        ASK_OWNER
        | {"not-prepaid": "contact-reseller"}
        | MALFORMED
        | USED
        | REPEATED
        | OTHER_PRODUCT
        | TOO_SMALL,
    ),
)
def test_prepaid(answer, base, changes, expected):
    check(answer(changed(base, changes)), expected)


@table(
    ("one-left", ASSIGN, assigned(99), "mca-role"),
    ("none-left", ASSIGN, assigned(100), NONE_LEFT),
    ("more-assigned-than-bought", ASSIGN, assigned(101), NONE_LEFT),
    ("by-assignment-role", ASSIGN, roles("user_administrator") | assigned(100), NONE_LEFT),
    ("no-role-and-none-left", ASSIGN, roles() | assigned(100), ASK_OWNER | NONE_LEFT),
    (
        (
            f"none-left-{name}",
            ASSIGN,
            changes | assigned(100),
            {"no-license-available": f"unassign-licenses {remedy}"},
        )
        for name, changes, remedy in (
            ("prepaid-with-card", PREPAID, "buy-licenses"),
            ("prepaid-with-invoice", PREPAID | payment("invoice"), "redeem-product-key"),
            ("prepaid-without-method", PREPAID | payment("none"), "redeem-product-key"),
            ("reseller", RESELLER, "contact-reseller"),
            ("csp-partner", CSP_PARTNER, "contact-csp-partner"),
            ("representative", REPRESENTATIVE, "contact-microsoft-representative"),
        )
    ),
    (
        "nothing-else-matters",
        ASSIGN,
        RESELLER | PENDING | TRIAL | END_OF_SALE | OFF | CLOSED | quantity(0) | AT_RENEWAL,
        "mca-role",
    ),
)
def test_assignment(answer, base, changes, expected):
    check(answer(changed(base, changes)), expected)


BUY_STEPS: Final = [
    "open-your-products",
    "select-subscription",
    "select-buy-licenses",
    "choose-when",
    "enter-new-total",
    "save",
]
BUY_STEPS_MOSA: Final = [step for step in BUY_STEPS if step != "choose-when"]
REMOVE_STEPS: Final = [
    "open-your-products",
    "select-subscription",
    "select-remove-licenses",
    "enter-new-total",
    "save",
]
REDEEM_STEPS: Final = [
    "open-your-products",
    "select-subscription",
    "add-more-licenses",
    "use-unused-product-key",
    "enter-product-key",
    "review-order",
    "redeem",
]
BEFORE_SHRINKING: Final = [
    "buy-smaller-product-key",
    "reduce-assigned-licenses",
    "extend-subscription",
]
MOSA_INVOICE: Final = [
    "previous-charge-credited",
    "prorated-original-quantity",
    "charge-new-quantity",
    "charge-rest-of-period",
]
AFTER_BUYING: Final = ["assign-licenses", "add-users-and-assign-together"]
STATE: Final = {
    "schedule_options": ["now", "renewal"],
    "removable_quantity": 30,
    "minimum_quantity": 70,
    "window_closes_at": "2026-03-05T12:00:00Z",
}
MOSA_STATE: Final = {"schedule_options": ["now"], "removable_quantity": 40, "minimum_quantity": 60}


@table(
    (
        "buy",
        BUY,
        NOTHING,
        STATE
        | {
            "effective_at": NOW,
            "bought_window_closes_at": "2026-03-10T09:00:00Z",
            "new_total": 105,
            "invoice": ["charged-immediately", "next-invoice"],
            "available": "immediately",
            "steps": BUY_STEPS,
            "next_steps": AFTER_BUYING,
        },
    ),
    (
        "buy-mosa-no-quantity",
        BUY,
        MOSA | NO_QUANTITY | ANNUAL,
        MOSA_STATE
        | {
            "effective_at": NOW,
            "invoice": ["charged-immediately", "invoiced-within-a-month", *MOSA_INVOICE],
            "available": "immediately",
            "steps": BUY_STEPS_MOSA,
            "next_steps": AFTER_BUYING,
        },
    ),
    (
        "remove",
        REMOVE,
        NOTHING,
        STATE
        | {
            "effective_at": NOW,
            "new_total": 75,
            "invoice": ["next-invoice"],
            "steps": REMOVE_STEPS,
            "next_steps": [],
        },
    ),
    (
        "redeem",
        REDEEM,
        NOTHING,
        {
            "new_total": 130,
            "available": "immediately",
            "extends_term": False,
            "steps": REDEEM_STEPS,
            "next_steps": ["assign-licenses"],
        },
    ),
    ("assign", ASSIGN, NOTHING, {}),
    ("buy-denied", BUY, PENDING, STATE),
    ("remove-denied", REMOVE, PENDING, STATE),
    ("remove-denied-mosa", REMOVE, PENDING | MOSA, MOSA_STATE),
    ("redeem-denied", REDEEM, keys(), {}),
    ("assign-denied", ASSIGN, assigned(100), {}),
    ("buy-unknown", BUY, UNKNOWN, {"schedule_options": []}),
    ("remove-unknown", REMOVE, UNKNOWN, {"schedule_options": []}),
    ("redeem-unknown", REDEEM, UNKNOWN, {}),
    ("assign-unknown", ASSIGN, UNKNOWN | roles("user_administrator"), {}),
)
def test_all_outputs(answer, base, changes, expected):
    assert answer(changed(base, changes)).outputs == expected


def output(name: str, *rows: Row) -> Iterable[Row]:
    """Rows about one output."""
    return ((f"{name}-{id_}", base, changes, (name, value)) for id_, base, changes, value in rows)


@table(
    output(
        "effective_at",
        ("buy-at-renewal", BUY, AT_RENEWAL, "2026-06-01T00:00:00Z"),
        ("remove-at-renewal", REMOVE, AT_RENEWAL, "2026-06-01T00:00:00Z"),
        ("offset", BUY, at("2026-03-03T10:00:00.120000000+01:00"), "2026-03-03T09:00:00.120Z"),
        ("nanosecond", BUY, at(JUST_AFTER), JUST_AFTER),
        ("denied", BUY, PENDING, ABSENT),
    ),
    output(
        "schedule_options",
        ("remove-prepaid", REMOVE, PREPAID, []),
        ("remove-prepaid-mosa", REMOVE, MOSA | PREPAID, []),
        ("buy-mca-prepaid", BUY, PREPAID, ["now", "renewal"]),
        ("buy-mca-off", BUY, OFF, ["now"]),
        ("buy-mca-closed", BUY, CLOSED, ["now", "renewal"]),
        ("buy-mosa", BUY, MOSA, ["now"]),
        ("remove-mca-closed", REMOVE, CLOSED, ["renewal"]),
        ("remove-mca-off", REMOVE, OFF, []),
        ("remove-mca-off-closed", REMOVE, OFF | CLOSED, []),
        ("remove-mca-all-assigned", REMOVE, assigned(100), ["now", "renewal"]),
        ("remove-mca-reseller", REMOVE, RESELLER, ["now", "renewal"]),
        ("remove-mosa", REMOVE, MOSA | OFF, ["now"]),
    ),
    output(
        "removable_quantity",
        ("prepaid", REMOVE, PREPAID, 0),
        ("prepaid-mosa-buy", BUY, MOSA | PREPAID, 0),
        ("mca-off", BUY, OFF, 0),
        ("mca-at-renewal", REMOVE, AT_RENEWAL, 30),
        ("mca-closed", REMOVE, CLOSED, 0),
        ("mca-last-moment", REMOVE, lots(lot(5, A_WEEK_AGO)), 5),
        ("mca-a-nanosecond-later", REMOVE, lots(lot(5, A_WEEK_AGO)) | at(JUST_AFTER), 0),
        ("mca-fewer-unassigned", REMOVE, assigned(90), 10),
        ("mca-none-assigned", REMOVE, assigned(0) | lots(lot(150, NOW)), 99),
        ("mca-over-assigned", REMOVE, assigned(105), 0),
        ("mosa-off", REMOVE, MOSA | OFF, 40),
        ("mosa-none-assigned", REMOVE, MOSA | assigned(0), 99),
        ("mosa-one-assigned", REMOVE, MOSA | assigned(1), 99),
        ("mosa-all-assigned", REMOVE, MOSA | assigned(100), 0),
        ("mosa-over-assigned", REMOVE, MOSA | assigned(105), 0),
        ("mosa-single", REMOVE, MOSA | total(1) | assigned(0), 0),
        ("whatever-disables", REMOVE, TRIAL | RESELLER | PENDING, 30),
    ),
    output(
        "minimum_quantity",
        ("prepaid", REMOVE, PREPAID, 100),
        ("mca-off", REMOVE, OFF, 100),
        ("mca-at-renewal", REMOVE, AT_RENEWAL, 70),
        ("mosa-none-assigned", REMOVE, MOSA | assigned(0), 1),
        ("mosa-over-assigned", REMOVE, MOSA | assigned(105), 100),
    ),
    output(
        "window_closes_at",
        ("off", REMOVE, OFF, "2026-03-05T12:00:00Z"),
        ("last-moment", REMOVE, lots(lot(5, A_WEEK_AGO)), NOW),
        (
            "last-open-of-several",
            REMOVE,
            lots(lot(1, A_WEEK_AGO), lot(1, NOW), lot(1, JUST_AFTER), lot(1, OVER_A_WEEK_AGO)),
            "2026-03-10T09:00:00Z",
        ),
        ("closed", REMOVE, CLOSED, ABSENT),
        ("prepaid", BUY, PREPAID, ABSENT),
    ),
    output(
        "bought_window_closes_at",
        ("no-quantity", BUY, NO_QUANTITY, ABSENT),
        ("at-renewal", BUY, AT_RENEWAL, ABSENT),
        ("prepaid", BUY, PREPAID, ABSENT),
        ("mosa", BUY, MOSA, ABSENT),
        ("off", BUY, OFF, "2026-03-10T09:00:00Z"),
    ),
    output(
        "new_total",
        ("buy-no-quantity", BUY, NO_QUANTITY, ABSENT),
        ("remove-no-quantity", REMOVE, NO_QUANTITY, ABSENT),
        ("remove-at-renewal", REMOVE, AT_RENEWAL, 75),
        ("redeem-two", REDEEM, keys(key(), key(OTHER_KEY, 5)), 135),
        ("redeem-renew", REDEEM, RENEW | keys(key(licenses=60), key(OTHER_KEY, 5)), 65),
    ),
    output(
        "invoice",
        ("buy-no-method", BUY, payment("none"), ["next-invoice"]),
        ("buy-by-invoice", BUY, payment("invoice"), ["charged-immediately", "next-invoice"]),
        ("buy-annual", BUY, ANNUAL, ["charged-immediately", "invoiced-within-a-month"]),
        ("buy-mosa", BUY, MOSA | payment("none"), ["next-invoice", *MOSA_INVOICE]),
        ("buy-at-renewal", BUY, AT_RENEWAL, ["charged-at-renewal", "first-invoice-after-renewal"]),
        (
            "buy-at-renewal-no-method",
            BUY,
            AT_RENEWAL | ANNUAL | payment("none"),
            ["first-invoice-after-renewal"],
        ),
        ("remove-annual", REMOVE, ANNUAL, ["next-invoice"]),
        ("remove-no-quantity", REMOVE, NO_QUANTITY, ["next-invoice"]),
        ("remove-at-renewal", REMOVE, AT_RENEWAL, ["first-invoice-after-renewal"]),
        ("remove-mosa", REMOVE, MOSA | ANNUAL, MOSA_INVOICE),
    ),
    output(
        "available",
        ("buy-at-renewal", BUY, AT_RENEWAL, "at-renewal"),
        ("remove-at-renewal", REMOVE, AT_RENEWAL, ABSENT),
        ("redeem-at-renewal", REDEEM, AT_RENEWAL, "immediately"),
        ("redeem-fewer", REDEEM, SHRINK, "immediately"),
    ),
    output(
        "extends_term",
        ("add", REDEEM, {"context.redeem_intent": "add"}, False),
        ("renew", REDEEM, SHRINK, True),
        ("buy", BUY, RENEW, ABSENT),
    ),
    output(
        "steps",
        ("buy-off", BUY, OFF, BUY_STEPS),
        ("buy-no-quantity", BUY, NO_QUANTITY, BUY_STEPS),
        ("buy-at-renewal", BUY, AT_RENEWAL, BUY_STEPS),
        ("buy-prepaid", BUY, PREPAID, BUY_STEPS),
        ("buy-simplified", BUY, SIMPLIFIED, ["open-subscriptions", *BUY_STEPS[1:]]),
        ("remove-mosa", REMOVE, MOSA, REMOVE_STEPS),
        ("remove-simplified", REMOVE, SIMPLIFIED, ["open-subscriptions", *REMOVE_STEPS[1:]]),
        ("redeem-simplified", REDEEM, SIMPLIFIED, ["open-subscriptions", *REDEEM_STEPS[1:]]),
        (
            "redeem-three",
            REDEEM,
            keys(key(), key(OTHER_KEY), key(THIRD_KEY)),
            [*REDEEM_STEPS[:5], *["enter-another-product-key"] * 2, *REDEEM_STEPS[5:]],
        ),
        ("renew-fewer", REDEEM, SHRINK, [*BEFORE_SHRINKING, *REDEEM_STEPS]),
        ("renew-as-many", REDEEM, RENEW | keys(key(licenses=100)), REDEEM_STEPS),
        ("renew-more", REDEEM, RENEW | keys(key(licenses=101)), REDEEM_STEPS),
    ),
    output(
        "next_steps",
        ("buy-user-left", BUY, USER_LEFT, AFTER_BUYING),
        ("remove-user-left", REMOVE, USER_LEFT, ["remove-former-employee"]),
        ("remove-other", REMOVE, {"context.removal_reason": "other"}, []),
        ("add-user-left", REDEEM, USER_LEFT, ["assign-licenses"]),
        ("renew-more", REDEEM, RENEW | keys(key(licenses=101)), ["assign-licenses"]),
        ("renew-as-many", REDEEM, RENEW | USER_LEFT | keys(key(licenses=100)), []),
        ("renew-fewer", REDEEM, SHRINK, []),
        ("renew-fewer-user-left", REDEEM, SHRINK | USER_LEFT, ["remove-former-employee"]),
    ),
)
def test_outputs(answer, base, changes, expected):
    name, value = expected
    assert answer(changed(base, changes)).outputs.get(name, ABSENT) == value


@pytest.fixture(params=["by-hand", "engine"])
def sets_of(request: pytest.FixtureRequest) -> Callable[[Request, str, str], dict[str, object]]:
    """What the one remedy of that id of the one reason of that rule sets."""
    if request.param == "by-hand":
        return _sets_by_hand
    policies: evaluator.PolicySet = request.getfixturevalue("policies")

    def by_engine(asked: Request, rule: str, remedy: str) -> dict[str, object]:
        reasons = policies.decide(asked).to_dict()["reasons"]
        (reason,) = (reason for reason in reasons if reason["rule"] == rule)
        (found,) = (found for found in reason["remedies"] if found["id"] == remedy)
        sets: dict[str, object] = found["sets"]
        return sets

    return by_engine


def _sets_by_hand(asked: Request, rule: str, remedy: str) -> dict[str, object]:
    (reason,) = (reason for reason in decide(asked).reasons if reason.rule == rule)
    assert reason.remedies.count(remedy) == 1
    return remedy_sets(asked, remedy)


def sets(rule: str, remedy: str, pointer: str, *rows: Row) -> Iterable[Row]:
    """Rows about the one value that a remedy of a rule sets."""
    return (
        (f"{remedy}-{id_}", base, changes, (rule, remedy, {pointer: value}))
        for id_, base, changes, value in rows
    )


EFFECTIVE: Final = "/context/effective"
QUANTITY: Final = "/context/new_quantity"
RECURRING: Final = "/resource/properties/recurring_billing"
ASSIGNED: Final = "/resource/properties/assigned"
PAYMENT: Final = "/resource/properties/payment_method"
ACTION: Final = "/action/name"


@table(
    sets(
        "reduction-window-closed",
        "schedule-for-renewal",
        EFFECTIVE,
        ("closed", REMOVE, CLOSED, "renewal"),
    ),
    sets(
        "exceeds-removable-quantity",
        "schedule-for-renewal",
        EFFECTIVE,
        ("too-many", REMOVE, quantity(69), "renewal"),
    ),
    sets(
        "scheduling-not-offered", "change-now", EFFECTIVE, ("mosa", BUY, MOSA | AT_RENEWAL, "now")
    ),
    sets(
        "scheduling-needs-recurring-billing",
        "change-now",
        EFFECTIVE,
        ("off", BUY, OFF | AT_RENEWAL, "now"),
    ),
    sets(
        "scheduling-needs-recurring-billing",
        "turn-on-recurring-billing",
        RECURRING,
        ("buy", BUY, OFF | AT_RENEWAL, True),
    ),
    sets(
        "recurring-billing-off",
        "turn-on-recurring-billing",
        RECURRING,
        ("remove", REMOVE, OFF, True),
    ),
    sets(
        "activated-with-product-key",
        "add-payment-card",
        PAYMENT,
        ("buy", BUY, PREPAID | payment("none"), "card"),
    ),
    sets(
        "not-an-increase",
        "use-remove-licenses",
        ACTION,
        ("buy-less", BUY, quantity(99), "remove_licenses"),
    ),
    sets(
        "not-a-decrease",
        "use-buy-licenses",
        ACTION,
        ("remove-to-more", REMOVE, quantity(101), "buy_licenses"),
    ),
    sets(
        "exceeds-removable-quantity",
        "choose-higher-quantity",
        QUANTITY,
        ("open-lots", REMOVE, quantity(69), 70),
        ("none-assigned", REMOVE, assigned(0) | quantity(0) | lots(lot(99, NOW)), 1),
    ),
    sets(
        "below-assigned",
        "choose-higher-quantity",
        QUANTITY,
        ("same-figure", REMOVE, quantity(59), 70),
        ("as-many-as-unassigned", REMOVE, quantity(59) | lots(lot(100, NOW)), 60),
        ("at-renewal", REMOVE, quantity(59) | AT_RENEWAL, 60),
        ("at-renewal-closed", REMOVE, quantity(0) | AT_RENEWAL | CLOSED | assigned(1), 1),
        ("mosa", REMOVE, quantity(59) | MOSA, 60),
        ("unknown", REMOVE, quantity(59) | UNKNOWN, 60),
    ),
    sets(
        "all-licenses-assigned",
        "unassign-licenses",
        ASSIGNED,
        ("to-quantity", REMOVE, assigned(100), 75),
        ("over-assigned", REMOVE, assigned(110), 75),
        ("no-quantity", REMOVE, assigned(110) | NO_QUANTITY, 99),
        ("no-decrease", REMOVE, assigned(100) | quantity(101), 99),
        ("to-zero", REMOVE, assigned(100) | quantity(0), 0),
    ),
    sets(
        "below-assigned",
        "unassign-licenses",
        ASSIGNED,
        ("below-assigned", REMOVE, quantity(59), 59),
    ),
    sets(
        "renewal-below-assigned",
        "unassign-licenses",
        ASSIGNED,
        ("renewal", REDEEM, RENEW | keys(key(licenses=20), key(OTHER_KEY, 5)), 25),
    ),
    sets(
        "no-license-available",
        "unassign-licenses",
        ASSIGNED,
        ("assign", ASSIGN, assigned(100), 99),
        ("assign-over-assigned", ASSIGN, assigned(105), 99),
    ),
)
def test_sets(sets_of, base, changes, expected):
    rule, remedy, change = expected
    assert sets_of(changed(base, changes), rule, remedy) == change
