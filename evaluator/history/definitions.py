"""The definitions of packs as texts: what each says, where it stands, and what it uses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from evaluator.diagnostics import Diagnostic
from evaluator.documents.composing import compose
from evaluator.documents.json_documents import parse_json
from evaluator.documents.nodes import Mapping as MappingNode
from evaluator.documents.nodes import Node, to_python
from evaluator.documents.reading import read_source
from evaluator.history.texts import Line, condition_lines, localized_lines, one_line
from evaluator.language.checker import Checked
from evaluator.language.printer import print_value
from evaluator.language.values import Map, Timestamp
from evaluator.policy.model import Constant, Output, Pack, Remedy, Rule, Scope, Variable, Variant
from evaluator.policy.paths import folder_of
from evaluator.source import Files, Span

__all__ = ["Definition", "Key", "Kind", "definitions"]

Kind = Literal["pack", "schema", "table", "constant", "variable", "rule", "output"]
Key = tuple[Kind, str, str, str]
"""Kind, pack, name, and the file where names are unique in a file only."""

_WORDS_OF_SCHEMAS: Final = frozenset(
    {"$comment", "$id", "$schema", "description", "examples", "title"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """One thing that a pack defines.

    ``decisive`` holds its parts that decisions depend on, ``words`` those that only texts do; a
    part is a list of lines. ``uses`` are the definitions that the decisive parts use directly.
    ``span`` is None of what stands in no YAML file.
    """

    key: Key
    name: str
    file: str
    span: Span | None
    decisive: Mapping[str, Sequence[Line]]
    words: Mapping[str, Sequence[Line]] = field(default_factory=dict)
    uses: frozenset[Key] = frozenset()

    @property
    def kind(self) -> Kind:
        return self.key[0]


def definitions(packs: Iterable[Pack], files: Files) -> dict[Key, Definition]:
    """Every definition of some packs, which were loaded from the files.

    Of a pack that is linked for several request schemas the first of each.
    """
    found: dict[Key, Definition] = {}
    for pack in packs:
        for one in _of_pack(pack, files):
            found.setdefault(one.key, one)
    return found


def _of_pack(pack: Pack, files: Files) -> Iterator[Definition]:
    yield _settings(pack, files)
    for name in dict.fromkeys(variant.request_type.name for variant in pack.variants):
        file = f"{folder_of(_pack_file(pack))}{name}"
        if file in pack.files:
            yield _schema(pack, file, files)
    seen: set[int] = set()
    for variant in pack.variants:
        for rule in variant.rules:
            yield from _names(pack, rule.scope, seen)
            for remedy in rule.remedies:
                yield from _names(pack, remedy.scope, seen)
            yield _rule(pack, rule)
        numbers: dict[str, int] = {}
        for output in variant.outputs:
            yield from _names(pack, output.scope, seen)
            number = numbers[output.name] = numbers.get(output.name, 0) + 1
            yield _output(pack, output, number)


def _settings(pack: Pack, files: Files) -> Definition:
    file = _pack_file(pack)
    root = _root(files, file)

    def line(key: str, text: str) -> list[Line]:
        node = root.get(key) if isinstance(root, MappingNode) else None
        return [Line(text, None if node is None else node.span)]

    decisive = {
        "combining": line("combining", pack.combining),
        "request": [line("request", _schema_use(variant))[0] for variant in pack.variants],
    }
    words = {
        "version": line("version", pack.version),
        "default_locale": line("default_locale", pack.default_locale),
        "time_zone": line("time_zone", pack.time_zone),
        **localized_lines("title", pack.title),
    }
    key: Key = ("pack", pack.name, pack.name, "")
    listed = root.get("files") if isinstance(root, MappingNode) else None
    span = None if listed is None else listed.span
    return Definition(key, pack.name, file, span, decisive, words)


def _root(files: Files, name: str) -> Node | None:
    """What a YAML or JSON file holds, which was read a moment ago."""
    source = read_source(files, name)
    if isinstance(source, Diagnostic):
        return None
    return (parse_json if name.endswith(".json") else compose)(source).root


def _pack_file(pack: Pack) -> str:
    return next((name for name in pack.files if name.endswith("pack.yaml")), "pack.yaml")


def _schema_use(variant: Variant) -> str:
    name = variant.request_type.name or "no schema"
    return f"{name}: {', '.join(sorted(variant.actions.texts))}"


def _schema(pack: Pack, name: str, files: Files) -> Definition:
    root = _root(files, name)
    decisive = {} if root is None else {place: [line] for place, line in _leaves(root, "")}
    return Definition(("schema", pack.name, name, ""), name, name, None, decisive)


def _leaves(node: Node, place: str) -> Iterator[tuple[str, Line]]:
    """What a schema says, by JSON pointer; lists and what is no object are said as a whole."""
    if isinstance(node, MappingNode) and node.members:
        for key, (_, item) in node.members.items():
            if key not in _WORDS_OF_SCHEMAS or isinstance(item, MappingNode):
                yield from _leaves(item, f"{place}/{key}")
    else:
        text = json.dumps(to_python(node), ensure_ascii=False, sort_keys=True)
        yield place, Line(text, node.span)


def _names(pack: Pack, scope: Scope, seen: set[int]) -> Iterator[Definition]:
    """The constants, tables and variables that a file sees, each once."""
    if id(scope) in seen:
        return
    seen.add(id(scope))
    for named in scope.names.values():
        if id(named) in seen:
            continue
        seen.add(id(named))
        if isinstance(named, Variable):
            checked = named.expression
            yield Definition(
                _key(pack, named),
                named.name,
                named.file,
                named.span,
                {"": condition_lines(checked)},
                uses=frozenset(_uses(pack, [(checked, named.scope)])),
            )
            yield from _names(pack, named.scope, seen)
        else:
            yield Definition(
                _key(pack, named),
                named.name,
                named.span.source.name,
                named.span,
                _value(named),
            )


def _value(constant: Constant) -> dict[str, Sequence[Line]]:
    """A table by its rows, any other value as it is."""
    if isinstance(constant.value, Map):
        rows = constant.value.items()
        return {
            print_value(key): one_line(print_value(item), span=constant.span) for key, item in rows
        }
    text = print_value(constant.value)
    return {"": [Line(text, constant.span, _written(constant.span))]}


def _written(span: Span) -> str | None:
    """What stands behind the name of a constant, if that is all of it."""
    _, _, text = span.source.line(span.line).partition(":")
    text = text.strip()
    return text if text and text[0] not in "|>&\"'" else None


def _key(pack: Pack, named: Constant | Variable) -> Key:
    kind: Kind = "variable"
    if isinstance(named, Constant):
        kind = "table" if _section(named.span) == "tables" else "constant"
    return (kind, pack.name, named.name, named.span.source.name)


def _section(span: Span) -> str:
    """The top-level key of a YAML file that a place is below."""
    for number in range(span.line, 0, -1):
        line = span.source.line(number)
        if line[:1].isalpha():
            return line.partition(":")[0]
    return ""


def _uses(pack: Pack, expressions: Iterable[tuple[Checked, Scope]]) -> Iterator[Key]:
    for checked, scope in expressions:
        for name in checked.uses:
            named = scope.names.get(name)
            if named is not None:
                yield _key(pack, named)


def _rule(pack: Pack, rule: Rule) -> Definition:
    decisive: dict[str, Sequence[Line]] = {
        "effect": one_line(rule.effect, span=rule.span),
        "mode": one_line(rule.mode, span=rule.span),
        "resource": one_line(*sorted(rule.applies.resources.texts), span=rule.span),
        "actions": one_line(*sorted(rule.applies.actions.texts), span=rule.span),
    }
    expressions: list[tuple[Checked, Scope]] = []
    if rule.condition is not None:
        decisive["when"] = condition_lines(rule.condition)
        expressions.append((rule.condition, rule.scope))
    if rule.effective is not None:
        ends = (rule.effective.start, rule.effective.until)
        told = ("…" if end is None else str(Timestamp(end)) for end in ends)
        decisive["effective"] = one_line(" to ".join(told), span=rule.span)
    words = localized_lines("reason", rule.reason) | localized_lines(
        "description", rule.description
    )
    for remedy in rule.remedies:
        name = f"remedies.{remedy.id}"
        decisive[name] = _remedy_lines(remedy)
        words |= localized_lines(f"{name}.message", remedy.message)
        if remedy.when is not None:
            expressions.append((remedy.when, rule.scope))
        if remedy.shared_when is not None:
            expressions.append((remedy.shared_when, remedy.scope))
        expressions += [(one.expression, remedy.scope) for one in remedy.sets]
    return Definition(
        ("rule", pack.name, rule.id, ""),
        rule.id,
        rule.span.source.name,
        rule.span,
        decisive,
        words,
        frozenset(_uses(pack, expressions)),
    )


def _remedy_lines(remedy: Remedy) -> list[Line]:
    lines = [Line(remedy.id, remedy.span)]
    for condition in (remedy.shared_when, remedy.when):
        if condition is not None:
            lines += [Line(f"when: {line.text}", line.span) for line in condition_lines(condition)]
    for change in remedy.sets:
        (value,) = condition_lines(change.expression, whole=True)
        path = ".".join((change.root, *change.path))
        lines.append(Line(f"sets {path}: {value.text}", value.span))
    return lines


def _output(pack: Pack, output: Output, number: int) -> Definition:
    decisive: dict[str, Sequence[Line]] = {
        "value": condition_lines(output.value),
        "on": one_line(*sorted(output.on), span=output.span),
        "resource": one_line(*sorted(output.applies.resources.texts), span=output.span),
        "actions": one_line(*sorted(output.applies.actions.texts), span=output.span),
    }
    expressions = [(output.value, output.scope)]
    if output.when is not None:
        decisive["when"] = condition_lines(output.when)
        expressions.append((output.when, output.scope))
    words = localized_lines("title", output.title)
    for code, texts in (output.labels or {}).items():
        words |= localized_lines(f"labels.{code}", texts)
    return Definition(
        ("output", pack.name, output.name, "" if number == 1 else str(number)),
        output.name,
        output.span.source.name,
        output.span,
        decisive,
        words,
        frozenset(_uses(pack, expressions)),
    )
