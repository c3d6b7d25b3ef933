"""Seeded requests for the licence pack: valid ones at and around its boundaries, and damaged ones.

A request starts as one that is allowed; then none, one or several twists move single facts, mostly
by one step over a boundary. `domain/licenses.md` fixes names and bounds. Everything is as JSON
parses to: dicts, lists, strings, numbers, booleans, None.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

__all__ = ["Request", "mutated", "requests"]

Request = dict[str, Any]

_SECOND: Final = 1_000_000_000
_HOUR: Final = 3600 * _SECOND
_DAY: Final = 24 * _HOUR
_WINDOW: Final = 168 * _HOUR
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - offsets are reckoned apart
_FIRST_SECOND: Final = 1_735_689_600  # 2025-01-01T00:00:00Z

_ACTIONS: Final = ("buy_licenses", "remove_licenses", "redeem_product_key", "assign_licenses")
_UNKNOWN_ACTIONS: Final = ("cancel_subscription", "Buy_licenses", "buy_licenses ", "")
_CHANNELS: Final = ("direct", "prepaid", "reseller", "microsoft_representative")
_MANAGERS: Final = {
    "MCA": (
        "billing_account_owner",
        "billing_account_contributor",
        "billing_profile_owner",
        "billing_profile_contributor",
    ),
    "MOSA": ("global_administrator", "billing_administrator"),
    "unknown": ("global_administrator", "billing_account_owner"),
}
_ASSIGNERS: Final = ("license_administrator", "user_administrator", "global_administrator")
_ROLES: Final = (
    *_MANAGERS["MCA"],
    *_MANAGERS["MOSA"],
    "billing_account_reader",
    "billing_profile_reader",
    "invoice_manager",
    "license_administrator",
    "user_administrator",
    "service_support_administrator",
)
_PRODUCTS: Final = ("CFQ7TTC0LH18", "cfq7ttc0lh18", "")
_NOT_ALPHANUMERIC: Final = (
    *("é", "_", " ", ".", "\N{ARABIC-INDIC DIGIT ONE}", "\N{FULLWIDTH DIGIT ONE}"),
    *("\N{KELVIN SIGN}", "\N{FULLWIDTH LATIN CAPITAL LETTER A}"),
)
_LOOKALIKES: Final = (  # codes that are the same one, or not
    ("é" * 25, "É" * 25),
    ("ab-c", "A-BC"),
    ("", "--"),
    ("K", "\N{KELVIN SIGN}"),
    ("ß", "SS"),
)
_MOST: Final = 2**63 - 1
_ALPHANUMERIC: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(slots=True)
class _Draft:
    """A request in the making; ``now`` is its moment in nanoseconds since 1970."""

    rng: random.Random
    request: Request
    now: int

    @property
    def user(self) -> str:
        return str(self.request["subject"]["id"])

    @property
    def subject(self) -> Request:
        return self._properties("subject")

    @property
    def resource(self) -> Request:
        return self._properties("resource")

    @property
    def account(self) -> Request:
        account: Request = self.resource["billing_account"]
        return account

    @property
    def context(self) -> Request:
        context: Request = self.request["context"]
        return context

    def _properties(self, entity: str) -> Request:
        properties: Request = self.request[entity].setdefault("properties", {})
        return properties

    def maybe(self, probability: float) -> bool:
        return self.rng.random() < probability


def requests(seed: int, count: int, *, with_time: bool = True) -> Iterator[Request]:
    """Valid requests, the same for the same seed; without ``with_time``, no `context.time`.

    About half of them are within one twist of being allowed.
    """
    rng = random.Random(seed)
    for _ in range(count):
        draft = _allowed(rng)
        action = draft.request["action"]["name"]
        for _ in range(rng.choices((0, 1, 2, 3, 5), (20, 30, 20, 18, 12))[0]):
            rng.choice(_TWISTS[action])(draft)
        for decorate in _DECORATIONS:
            decorate(draft)
        if not with_time:
            del draft.context["time"]
            if not draft.context:
                del draft.request["context"]
        yield draft.request


# A request that is allowed


def _allowed(rng: random.Random) -> _Draft:
    action = rng.choices(_ACTIONS, (30, 36, 22, 12))[0]
    account_type = "MCA" if rng.random() < 0.62 else "MOSA"
    fraction = rng.choice((0, 0, rng.randrange(1000) * 1_000_000, rng.randrange(_SECOND)))
    now = (_FIRST_SECOND + rng.randrange(2 * 365 * 86_400)) * _SECOND + fraction
    draft = _Draft(
        rng,
        {
            "subject": {"type": "user", "id": rng.choice(("ann", "bo", "Ann", "søren@contoso.dk"))},
            "action": {"name": action},
            "resource": {"type": "subscription", "id": f"sub-{rng.randrange(1000)}"},
            "context": {"time": _text(rng, now)},
        },
        now,
    )
    total = rng.choice((2, 3, 50, 100, rng.randint(2, 60), rng.randint(2, 400)))
    draft.resource.update(
        {
            "billing_account": {"type": account_type},
            "purchase_channel": "direct",
            "product_id": rng.choice(_PRODUCTS),
            "is_trial": False,
            "end_of_sale": False,
            "credit_check": rng.choice(("none", "passed")),
            "recurring_billing": True,
            "billing_frequency": rng.choice(("monthly", "annual")),
            "payment_method": rng.choice(("none", "card", "invoice")),
            "term_start": _text(rng, now - rng.randrange(1, 365) * _DAY),
            "term_end": _text(rng, now + rng.randrange(1, 365) * _DAY),
            "total": total,
            "assigned": rng.choice((0, 1, total - 1, rng.randrange(total))),
            "lots": [_lot(draft, _age(draft), total) for _ in range(rng.randrange(4))],
        }
    )
    _manage(draft)
    _ALLOW[action](draft)
    return draft


def _manage(draft: _Draft) -> None:
    """Let the subject be one who may."""
    if draft.maybe(0.2):
        draft.account["signed_up_by"] = draft.user
    else:
        draft.subject["roles"] = [draft.rng.choice(_MANAGERS[draft.account["type"]])]


def _allow_buy(draft: _Draft) -> None:
    rng, resource = draft.rng, draft.resource
    if draft.maybe(0.2):
        resource.update(purchase_channel="prepaid", payment_method="card")
    if draft.maybe(0.3):
        resource["assigned"] = resource["total"] + rng.randrange(3)
    if draft.maybe(0.75):
        draft.context["new_quantity"] = resource["total"] + rng.choice((1, 5, rng.randint(1, 100)))
    if resource["billing_account"]["type"] == "MCA":
        if draft.maybe(0.3):
            draft.context["effective"] = "renewal"
        elif draft.maybe(0.3):
            resource["recurring_billing"] = False


def _allow_remove(draft: _Draft) -> None:
    rng, resource, context = draft.rng, draft.resource, draft.context
    total = resource["total"]
    lowest = max(resource["assigned"], 1)
    if resource["billing_account"]["type"] == "MCA":
        if draft.maybe(0.35):
            context["effective"] = "renewal"
        else:
            added = rng.randint(1, total)
            age = rng.choice((0, _WINDOW, _WINDOW - 1, rng.randint(0, _WINDOW)))
            resource["lots"].append(_lot(draft, age, added))
            rng.shuffle(resource["lots"])
            lowest = max(lowest, total - added)
    else:
        resource["recurring_billing"] = draft.maybe(0.5)
    if draft.maybe(0.75):
        context["new_quantity"] = rng.choice((lowest, total - 1, rng.randint(lowest, total - 1)))
    if draft.maybe(0.5):
        context["removal_reason"] = rng.choice(("user_left", "user_left", "other"))


def _allow_redeem(draft: _Draft) -> None:
    rng, resource = draft.rng, draft.resource
    resource["purchase_channel"] = "prepaid"
    for name, value in (("is_trial", True), ("end_of_sale", True), ("credit_check", "pending")):
        if draft.maybe(0.1):
            resource[name] = value
    resource["recurring_billing"] = draft.maybe(0.5)
    keys = [_key(draft) for _ in range(rng.choices((1, 2, 3), (55, 30, 15))[0])]
    draft.context["product_keys"] = keys
    if draft.maybe(0.55):
        draft.context["redeem_intent"] = "renew"
        _adjust_sum(draft)
    if draft.maybe(0.5):
        draft.context["removal_reason"] = rng.choice(("user_left", "user_left", "other"))


def _allow_assign(draft: _Draft) -> None:
    rng, resource = draft.rng, draft.resource
    resource["purchase_channel"] = rng.choice(_CHANNELS)
    if draft.maybe(0.5):
        draft.account.pop("signed_up_by", None)
        draft.subject["roles"] = [rng.choice(_ASSIGNERS)]
        if draft.maybe(0.3):
            draft.account["type"] = "unknown"


_ALLOW: Final[dict[str, Callable[[_Draft], None]]] = {
    "buy_licenses": _allow_buy,
    "remove_licenses": _allow_remove,
    "redeem_product_key": _allow_redeem,
    "assign_licenses": _allow_assign,
}


# Twists: one fact moves


def _account_type(draft: _Draft) -> None:
    draft.account["type"] = draft.rng.choice(("MCA", "MOSA", "unknown"))


def _no_role(draft: _Draft) -> None:
    draft.subject["roles"] = draft.rng.sample(_ROLES[-6:], draft.rng.randrange(3))
    if draft.maybe(0.7):
        draft.account.pop("signed_up_by", None)
    else:
        draft.account["signed_up_by"] = draft.rng.choice((draft.user.swapcase(), "cecilie"))


def _any_roles(draft: _Draft) -> None:
    draft.subject["roles"] = draft.rng.choices(_ROLES, k=draft.rng.randrange(4))


def _signed_up(draft: _Draft) -> None:
    draft.account["signed_up_by"] = draft.user
    draft.subject.pop("roles", None)


def _credit_check(draft: _Draft) -> None:
    draft.resource["credit_check"] = "pending"


def _channel(draft: _Draft) -> None:
    draft.resource["purchase_channel"] = draft.rng.choice(_CHANNELS)
    if draft.maybe(0.5):
        draft.resource["csp_partner"] = draft.rng.choice(("Contoso Cloud", "[red]{x}[/]", " "))


def _reseller(draft: _Draft) -> None:
    draft.resource["purchase_channel"] = "reseller"
    draft.resource.pop("csp_partner", None)
    if draft.maybe(0.5):
        draft.resource["csp_partner"] = "Nordlys Partner A/S"


def _prepaid(draft: _Draft) -> None:
    draft.resource["purchase_channel"] = "prepaid"


def _payment_method(draft: _Draft) -> None:
    draft.resource["payment_method"] = draft.rng.choice(("none", "card", "invoice"))


def _trial(draft: _Draft) -> None:
    draft.resource["is_trial"] = True


def _end_of_sale(draft: _Draft) -> None:
    draft.resource["end_of_sale"] = True
    if draft.maybe(0.7):
        draft.resource["convertible_to"] = draft.rng.choice(([], ["CFQ7"], ["CFQ7", "CFQ8"]))


def _recurring_billing(draft: _Draft) -> None:
    draft.resource["recurring_billing"] = not draft.resource["recurring_billing"]


def _effective(draft: _Draft) -> None:
    flipped = "now" if draft.context.get("effective") == "renewal" else "renewal"
    draft.context["effective"] = flipped


def _quantity(draft: _Draft) -> None:
    """A new total at or beside something that a rule compares it with."""
    total, assigned = int(draft.resource["total"]), int(draft.resource["assigned"])
    added = sum(lot["quantity"] for lot in draft.resource["lots"])
    near = draft.rng.choice((0, total, total, assigned, assigned, total - added))
    draft.context["new_quantity"] = _bounded(near + draft.rng.choice((-1, 0, 0, 1)))


def _no_quantity(draft: _Draft) -> None:
    draft.context.pop("new_quantity", None)


def _assigned(draft: _Draft) -> None:
    total = draft.resource["total"]
    quantity = draft.context.get("new_quantity", 0)
    near = draft.rng.choice((total, total, quantity, 0)) + draft.rng.choice((-1, 0, 0, 1, 2))
    draft.resource["assigned"] = _bounded(near)


def _single_license(draft: _Draft) -> None:
    draft.resource.update(total=1, assigned=draft.rng.choice((0, 1, 2)))


def _no_lots(draft: _Draft) -> None:
    draft.resource["lots"] = []


def _lots_at_the_edge(draft: _Draft) -> None:
    total = draft.resource["total"]
    count = draft.rng.randint(1, 3)
    draft.resource["lots"] = [_lot(draft, _edge_age(draft), total) for _ in range(count)]


def _closed_lots(draft: _Draft) -> None:
    late = draft.rng.choice((1, draft.rng.randint(1, 30 * _DAY)))
    draft.resource["lots"] = [_lot(draft, _WINDOW + late, draft.resource["total"])]


def _one_small_open_lot(draft: _Draft) -> None:
    """With the quantity exactly the lot's size away, or one more."""
    size = draft.rng.randint(1, 3)
    draft.resource["lots"] = [_lot(draft, _DAY, size) | {"quantity": size}]
    total = draft.resource["total"]
    draft.context["new_quantity"] = max(0, total - size - draft.rng.choice((0, 1, 1, 5)))


def _no_keys(draft: _Draft) -> None:
    if draft.maybe(0.5):
        draft.context["product_keys"] = []
    else:
        draft.context.pop("product_keys", None)


def _keys(draft: _Draft) -> list[Request]:
    keys: list[Request] = draft.context.setdefault("product_keys", [])
    if not keys:
        keys.append(_key(draft))
    return keys


def _malformed_key(draft: _Draft) -> None:
    rng = draft.rng
    key = rng.choice(_keys(draft))
    plain = key["code"].replace("-", "").ljust(25, "A")[:25]
    key["code"] = rng.choice(
        (
            plain[:24],
            plain + "7",
            "",
            "-----",
            plain + "\n",
            f" {plain}",
            plain[:24] + rng.choice(_NOT_ALPHANUMERIC),
            _dashed(plain) + "-",
            _dashed(plain)[:-1],
            plain[:5] + "-" + plain[5:],
            plain[:4] + "-" + _dashed(plain[4:] + "Z"),
            _dashed(plain).replace("-", "\N{EN DASH}"),
            _dashed(plain).replace("-", "--"),
        )
    )


def _used_key(draft: _Draft) -> None:
    draft.rng.choice(_keys(draft))["redeemed"] = True


def _repeated_key(draft: _Draft) -> None:
    """The same code once more, written alike or otherwise; or one that only looks the same."""
    rng, keys = draft.rng, _keys(draft)
    twin = copy.deepcopy(rng.choice(keys))
    code = twin["code"]
    twin["code"] = rng.choice(
        (
            code,
            code.swapcase(),
            code.replace("-", ""),
            _dashed(code.replace("-", "")).lower(),
            code.replace("K", "\N{KELVIN SIGN}").replace("i", "\N{LATIN SMALL LETTER DOTLESS I}"),
            "-" + code.upper(),
        )
    )
    if draft.maybe(0.15):
        keys[0]["code"], twin["code"] = rng.choice(_LOOKALIKES)
    keys.insert(rng.randint(0, len(keys)), twin)


def _key_for_other_product(draft: _Draft) -> None:
    key = draft.rng.choice(_keys(draft))
    key["product_id"] = draft.rng.choice((key["product_id"].swapcase(), "CFQ7TTC0LHXX", ""))


def _intent(draft: _Draft) -> None:
    flipped = "add" if draft.context.get("redeem_intent") == "renew" else "renew"
    draft.context["redeem_intent"] = flipped
    if draft.maybe(0.7):
        _adjust_sum(draft)


def _sum_below_assigned(draft: _Draft) -> None:
    draft.context["redeem_intent"] = "renew"
    total_of_keys = sum(int(key["licenses"]) for key in _keys(draft))
    draft.resource["assigned"] = total_of_keys + draft.rng.choice((0, 1, 1, 5))


def _all_assigned(draft: _Draft) -> None:
    draft.resource["assigned"] = draft.resource["total"] + draft.rng.choice((0, 0, 1, 5))


def _huge(draft: _Draft) -> None:
    """Figures at the end of int64 and past what a double holds exactly."""
    total = draft.rng.choice((2**31, 2**53 + 1, _MOST))
    draft.resource["total"] = total
    draft.context["new_quantity"] = draft.rng.choice((total, total - 1, _bounded(total + 1)))


def _not_of_the_pack(draft: _Draft) -> None:
    if draft.maybe(0.8):
        draft.request["action"]["name"] = draft.rng.choice(_UNKNOWN_ACTIONS)
    else:
        draft.request["resource"]["type"] = draft.rng.choice(("plan", "Subscription", ""))


_FOR_ALL: Final = (_account_type, _no_role, _no_role, _any_roles, _signed_up, _channel, _reseller)
_FOR_CHANGES: Final = (
    *_FOR_ALL,
    _credit_check,
    _prepaid,
    _payment_method,
    _trial,
    _end_of_sale,
    _recurring_billing,
    _effective,
    _quantity,
    _quantity,
    _no_quantity,
    _single_license,
    _huge,
)
_TWISTS: Final[dict[str, tuple[Callable[[_Draft], None], ...]]] = {
    "buy_licenses": (*_FOR_CHANGES, _end_of_sale, _effective, _lots_at_the_edge, _not_of_the_pack),
    "remove_licenses": (
        *_FOR_CHANGES,
        _quantity,
        _assigned,
        _assigned,
        _no_lots,
        _lots_at_the_edge,
        _lots_at_the_edge,
        _closed_lots,
        _one_small_open_lot,
        _one_small_open_lot,
    ),
    "redeem_product_key": (
        *_FOR_ALL,
        _no_keys,
        _malformed_key,
        _malformed_key,
        _used_key,
        _repeated_key,
        _repeated_key,
        _key_for_other_product,
        _intent,
        _sum_below_assigned,
        _trial,
        _credit_check,
        _effective,
        _payment_method,
    ),
    "assign_licenses": (
        *_FOR_ALL,
        _channel,
        _payment_method,
        _prepaid,
        _all_assigned,
        _all_assigned,
        _all_assigned,
        _assigned,
        _single_license,
        _credit_check,
    ),
}


# Decorations: what must not matter, and what only outputs show


def _more_roles(draft: _Draft) -> None:
    if draft.maybe(0.2) and draft.subject.get("roles"):
        draft.subject["roles"] += draft.rng.choices(_ROLES[-6:], k=2)
        draft.rng.shuffle(draft.subject["roles"])


def _view(draft: _Draft) -> None:
    if draft.maybe(0.5):
        draft.context["admin_center_view"] = draft.rng.choice(("simplified", "dashboard"))


def _defaults_spelt_out(draft: _Draft) -> None:
    if draft.maybe(0.15):
        draft.subject.setdefault("roles", [])
        draft.resource.setdefault("convertible_to", [])
        for name, value in (("effective", "now"), ("redeem_intent", "add"), ("product_keys", [])):
            draft.context.setdefault(name, value)


def _integers_as_floats(draft: _Draft) -> None:
    """JSON has one kind of number: 5.0 is an integer too."""
    if not draft.maybe(0.06):
        return
    keys = draft.context.get("product_keys", ())
    for properties in (draft.resource, draft.context, *draft.resource["lots"], *keys):
        for name in ("total", "assigned", "new_quantity", "quantity", "licenses"):
            if properties.get(name, 2**53) < 2**53 and draft.maybe(0.7):
                properties[name] = float(properties[name])


def _open_envelope(draft: _Draft) -> None:
    """Fields that the envelope ignores, properties of the open entities, other subject types."""
    if draft.maybe(0.1):
        draft.request["subject"]["type"] = draft.rng.choice(("service", "group", ""))
    if draft.maybe(0.1):
        draft.subject.update(id="someone-else", type="robot", department=["sales", None])
        draft.request["action"]["properties"] = {"name": "assign_licenses", "note": 1.5}
        draft.request["evaluation_id"] = "e-1"
    if not draft.subject and draft.maybe(0.5):
        del draft.request["subject"]["properties"]


_DECORATIONS: Final = (
    _more_roles,
    _view,
    _defaults_spelt_out,
    _integers_as_floats,
    _open_envelope,
)


# Parts


def _bounded(value: int) -> int:
    return max(0, min(value, _MOST))


def _age(draft: _Draft) -> int:
    return draft.rng.choice((draft.rng.randint(0, 30 * _DAY), _edge_age(draft)))


def _edge_age(draft: _Draft) -> int:
    """How long ago a lot was added: around both ends of its window; below 0 is the future."""
    rng = draft.rng
    return rng.choice(
        (0, -1, -rng.randint(1, 40 * _DAY), _WINDOW, _WINDOW, _WINDOW + 1, _WINDOW + 1, _WINDOW - 1)
    )


def _lot(draft: _Draft, age: int, most: int) -> Request:
    return {
        "quantity": draft.rng.randint(1, min(most, 100)),
        "added_at": _text(draft.rng, draft.now - age),
        "kind": draft.rng.choice(("purchase", "renewal", "midterm")),
    }


def _key(draft: _Draft) -> Request:
    plain = "".join(draft.rng.choices(_ALPHANUMERIC, k=25))
    return {
        "code": draft.rng.choice((plain, plain.upper(), _dashed(plain), _dashed(plain.upper()))),
        "licenses": draft.rng.choice((1, 25, draft.rng.randint(1, 60))),
        "product_id": draft.resource["product_id"],
        "redeemed": False,
    }


def _dashed(plain: str) -> str:
    return "-".join(plain[start : start + 5] for start in range(0, len(plain), 5))


def _adjust_sum(draft: _Draft) -> None:
    """Let the first key make the sum land at or beside the total or the licences assigned."""
    rng = draft.rng
    first, *others = _keys(draft)
    total, assigned = draft.resource["total"], draft.resource["assigned"]
    aim = rng.choice((total - 1, total, total + 1, total + 20, assigned, assigned + 1))
    first["licenses"] = max(1, aim - sum(key["licenses"] for key in others))


def _text(rng: random.Random, instant: int) -> str:
    """An instant as one of the many RFC 3339 texts that mean it."""
    minutes = rng.choice((0, 0, 0, 120, -300, 345, 14 * 60))
    seconds, nanoseconds = divmod(instant + minutes * 60 * _SECOND, _SECOND)
    text = (_EPOCH + timedelta(seconds=seconds)).isoformat()
    digits = f"{nanoseconds:09d}".rstrip("0")
    digits += "0" * rng.choice((0, 0, 1, 3, 9))
    if digits:
        text = f"{text}.{digits[:9]}"
    if minutes:
        hours, rest = divmod(abs(minutes), 60)
        offset = f"{'+' if minutes > 0 else '-'}{hours:02d}:{rest:02d}"
    else:
        offset = rng.choice(("Z", "Z", "Z", "z", "+00:00", "-00:00"))
    if rng.random() < 0.05:
        text = text.replace("T", "t")
    return text + offset


# Damage


def mutated(request: Request, rng: random.Random) -> Request:
    """A copy with one to three damages; by chance it may be valid still.

    Some copies cannot be written as JSON: they hold NaN, lone surrogates, or nest too deep.
    """
    damaged = copy.deepcopy(request)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        rng.choice(_DAMAGES)(damaged, rng)
    return damaged


_MISTIMES: Final = (
    "2026-03-03T09:00:00",
    "2026-03-03",
    "20260303T090000Z",
    "2026-03-03 09:00:00Z",
    "2026-03-03T09:00Z",
    "2026-03-03T24:00:00Z",
    "2026-03-03T23:59:60Z",
    "2026-02-29T09:00:00Z",
    "2026-03-03T09:00:00.Z",
    "2026-03-03T09:00:00,5Z",
    "2026-03-03T09:00:00.1234567891Z",
    "2026-03-03T09:00:00+24:00",
    "2026-03-03T09:00:00+0200",
    "2026-03-03T09:00:00+02",
    "2026-03-03T09:00:00+02:00:00",
    "2026-03-03T09:00:00Z ",
    "2026-03-03T09:00:00\N{MINUS SIGN}02:00",
    "٢٠٢٦-03-03T09:00:00Z",
    "0000-12-31T23:59:59Z",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "10000-01-01T00:00:00Z",
    "now",
    "",
)
_NUMBERS: Final = (
    *(-1, 0, 1.5, -0.0, 1e308, 2**63, 2**63 - 1, -(2**63) - 1, 10**400, float(2**63)),
    *(float("nan"), float("inf"), float("-inf")),
)
_STRINGS: Final = ("", "\ud800", "a\udfffb", "\x00", "MCA ", "mca", "5", "true", "x" * 10_000)
_OTHERS: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    [],
    {},
    [[]],
    [None],
    {"": 0},
    [{}],
    {"type": "MCA"},
)
_NAMES: Final = ("new_quantitiy", "id", "type", "name", "__class__", "", "\ud800", "Total")


def _replace(damaged: Request, rng: random.Random) -> None:
    container, key = _place(damaged, rng)
    values = rng.choice((_MISTIMES, _NUMBERS, _STRINGS, _OTHERS))
    container[key] = copy.deepcopy(rng.choice(values))


def _replace_alike(damaged: Request, rng: random.Random) -> None:
    """A value of the right type that is, mostly, out of range or of the wrong form."""
    container, key = _place(damaged, rng)
    value = container[key]
    if isinstance(value, bool) or value is None:
        container[key] = rng.choice((0, 1, "false", None))
    elif isinstance(value, int | float):
        container[key] = rng.choice((*_NUMBERS, str(value), -value))
    elif isinstance(value, str):
        container[key] = rng.choice((*_STRINGS, *_MISTIMES, value + " ", value.upper(), [value]))
    elif isinstance(value, list):
        container[key] = rng.choice((value * 2, value[:1], {"0": value}, [], "[]"))
    else:
        container[key] = rng.choice((list(value), list(value.values()), {}, None))


def _retype(damaged: Request, rng: random.Random) -> None:
    container, key = _place(damaged, rng)
    value = container[key]
    text = "[]" if isinstance(value, list | dict) else str(value)  # of what is nested deep, no text
    container[key] = rng.choice((text, [value], {"value": value}, True, False, 1, 0, 1.0))


def _remove(damaged: Request, rng: random.Random) -> None:
    container, key = _place(damaged, rng)
    del container[key]


def _rename(damaged: Request, rng: random.Random) -> None:
    container, key = _place(damaged, rng)
    if isinstance(container, dict):
        container[rng.choice((f"{key}s", key.upper(), key[:-1]))] = container.pop(key)


def _add(damaged: Request, rng: random.Random) -> None:
    """A property that its object does not know, or must not have."""
    container, key = _place(damaged, rng)
    target = container[key] if isinstance(container[key], dict) else container
    if isinstance(target, dict):
        target[rng.choice(_NAMES)] = copy.deepcopy(rng.choice((*_OTHERS, *_NUMBERS)))


def _nest(damaged: Request, rng: random.Random) -> None:
    container, key = _place(damaged, rng)
    value: Any = container[key]
    for _ in range(rng.choice((1, 50, 5_000))):
        value = [value] if rng.random() < 0.5 else {"all": value}
    container[key] = value


def _break_envelope(damaged: Request, rng: random.Random) -> None:
    part = rng.choice(("subject", "action", "resource", "context"))
    inner = damaged.get(part)
    if isinstance(inner, dict) and inner and rng.random() < 0.6:
        inner[rng.choice((*inner, "properties"))] = rng.choice((None, 1, "x", [], {}, [{}], True))
    elif rng.random() < 0.5:
        damaged[part] = rng.choice((None, 1, "x", [], {}, [{}], True))
    else:
        damaged.pop(part, None)


_DAMAGES: Final[tuple[Callable[[Request, random.Random], None], ...]] = (
    *(_replace, _replace, _replace_alike, _replace_alike, _replace_alike),
    *(_retype, _remove, _remove, _nest, _rename, _add, _break_envelope),
)


def _place(damaged: Request, rng: random.Random) -> tuple[Any, Any]:
    """Somewhere in the request: a dict and one of its names, or a list and an index.

    Mostly among what rules read; the envelope has too many parts to leave it to chance.
    """
    parts: list[Any] = [damaged.get("context")]
    for name in ("subject", "resource"):
        entity = damaged.get(name)
        parts.append(entity.get("properties") if isinstance(entity, dict) else None)
    if rng.random() < 0.15:
        parts = [damaged]
    return rng.choice(_places(parts) or _places([damaged]) or [({"empty": damaged}, "empty")])


def _places(waiting: list[Any]) -> list[tuple[Any, Any]]:
    places: list[tuple[Any, Any]] = []
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            places.extend((value, name) for name in value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            places.extend((value, index) for index in range(len(value)))
            waiting.extend(value)
    return places
