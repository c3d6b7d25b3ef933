"""The extensions math, sets and network at their edges."""

from __future__ import annotations

import pytest

import evaluator

VALUES = {
    "math.round(0.5)": 1.0,
    "math.round(-0.5)": -1.0,
    "math.round(0.49999999999999994)": 0.0,
    "math.round(2.5)": 3.0,
    "math.ceil(1e300)": 1e300,
    "math.abs(-9223372036854775807)": 9223372036854775807,
    "math.sign(0u) == 0u": True,
    "math.isNaN(math.sqrt(-1))": True,
    "math.isNaN(math.sign(double('NaN')))": True,
    "math.isInf(math.floor(double('-Infinity')))": True,
    "math.bitShiftLeft(1, 63)": -(2**63),
    "math.bitShiftLeft(1, 64)": 0,
    "math.bitShiftRight(-1, 1)": 2**63 - 1,
    "math.bitNot(0u) == 18446744073709551615u": True,
    "math.bitAnd(-1, 255)": 255,
    "sets.contains([1, 2.0, 'a'], [2, 1u])": True,
    "sets.contains([], [])": True,
    "sets.equivalent([1, 1], [1])": True,
    "sets.equivalent([1], [1, 2])": False,
    "sets.intersects([], [1])": False,
    "sets.intersects(dyn([[1]]), [[1.0]])": True,
    "isIP('01.2.3.4')": False,
    "isIP('1.2.3')": False,
    "isIP('::1')": True,
    "isIP('fe80::1%eth0')": False,
    "isCIDR('1.2.3.4/032')": False,
    "isCIDR('1.2.3.4/-1')": False,
    "cidr('10.1.2.3/8').ip() == ip('10.1.2.3')": True,
    "cidr('10.0.0.0/8').containsIP(ip('::1'))": False,
    "cidr('10.0.0.0/8').containsCIDR('10.0.0.0/7')": False,
    "cidr('0.0.0.0/0').containsIP('255.255.255.255')": True,
    "cidr('10.1.2.3/8') == cidr('10.0.0.0/8')": False,
    "ip('169.254.1.1').isLinkLocalUnicast()": True,
    "ip('ff12::1').isLinkLocalMulticast()": True,
    "ip('ff02::1').isGlobalUnicast()": False,
    "type(ip('::1')) == net.IP": True,
    "[ip('::1')].distinct().size()": 1,
}


@pytest.mark.parametrize(("text", "value"), VALUES.items(), ids=VALUES)
def test_values(text: str, value: object) -> None:
    for expression in (evaluator.Expression(text, {}), evaluator.Expression(text)):
        found = expression.evaluate()
        assert found == value
        assert type(found) is type(value)


ERRORS = {
    "math.abs(-9223372036854775808)": "overflow",
    "math.bitShiftLeft(1, -1)": "invalid_argument",
    "ip('::ffff:1.2.3.4')": "invalid_argument",
    "cidr('10.0.0.0/33')": "invalid_argument",
    "cidr('10.0.0.0/8').containsIP('10.0.0')": "invalid_argument",
}


@pytest.mark.parametrize(("text", "kind"), ERRORS.items(), ids=ERRORS)
def test_errors(text: str, kind: str) -> None:
    with pytest.raises(evaluator.EvaluationError) as caught:
        evaluator.Expression(text).evaluate()
    assert caught.value.kind == kind
