"""Validators of JSON Schema 2020-12 that open nothing and match patterns in linear time.

jsonschema is taken for what it is good at, walking schema and value together. Its words are not
used: errors for keys carry the key as their message, for ``validating`` to say what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from evaluator.language.regex import compile_pattern, objection

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

__all__ = ["matches", "validator"]

_Errors = Iterator[Any]


def validator(schema: Mapping[str, Any], resources: Mapping[str, Mapping[str, Any]]) -> Validator:
    """A validator. References resolve to ``resources``, by URI, and to metaschemas only."""
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]
    from referencing.jsonschema import DRAFT202012

    known = [(uri, DRAFT202012.create_resource(dict(body))) for uri, body in resources.items()]
    registry = REGISTRY.with_resources(known)
    made: Validator = _validator_class()(dict(schema), registry=registry)
    return made


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern (RE2) is found in a text. Half surrogate pairs match nothing."""
    compiled = compile_pattern(pattern)
    if compiled is None:
        raise ValueError(f"a schema's pattern {pattern!r}: {objection(pattern)}")
    try:
        return compiled.found_in(text)
    except UnicodeEncodeError:
        return False


@cache
def _validator_class() -> Callable[..., Any]:
    from jsonschema.exceptions import ValidationError
    from jsonschema.validators import Draft202012Validator, extend

    def pattern(validator: Any, form: str, instance: Any, schema: Any) -> _Errors:
        if isinstance(instance, str) and not matches(form, instance):
            yield ValidationError(form)

    def pattern_properties(validator: Any, forms: Any, instance: Any, schema: Any) -> _Errors:
        if isinstance(instance, dict):
            for form, subschema in forms.items():
                for key, value in instance.items():
                    if matches(form, key):
                        yield from validator.descend(value, subschema, path=key, schema_path=form)

    def additional_properties(validator: Any, extra: Any, instance: Any, schema: Any) -> _Errors:
        if not isinstance(instance, dict):
            return
        known = schema.get("properties", {})
        forms = schema.get("patternProperties", {})
        for key, value in instance.items():
            if key in known or any(matches(form, key) for form in forms):
                continue
            if extra is False:
                yield ValidationError(key)
            elif extra is not True:
                yield from validator.descend(value, extra, path=key)

    def required(validator: Any, keys: Any, instance: Any, schema: Any) -> _Errors:
        if isinstance(instance, dict):
            yield from (ValidationError(key) for key in keys if key not in instance)

    keywords = {
        "additionalProperties": additional_properties,
        "pattern": pattern,
        "patternProperties": pattern_properties,
        "required": required,
    }
    made: Callable[..., Any] = extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
    return made
