"""Loading: from the files of packs to linked packs, or to every problem that keeps them from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast, get_args

from evaluator.diagnostics import Diagnostic, Diagnostics, Severity
from evaluator.documents.nodes import Scalar
from evaluator.language.functions import STANDARD
from evaluator.policy import pack_problems, problems
from evaluator.policy.applies import applies_of
from evaluator.policy.citations import citation
from evaluator.policy.constants import evaluate_constants
from evaluator.policy.dependencies import Dependencies
from evaluator.policy.digest import digest
from evaluator.policy.expressions import Expressions
from evaluator.policy.host_functions import HostFunctions, declared_functions
from evaluator.policy.implied import report_implied
from evaluator.policy.imports import Import, resolve_imports
from evaluator.policy.linking import Link, PackNames, Usage
from evaluator.policy.localized import Translations, is_locale, is_time_zone, plain_texts
from evaluator.policy.message_functions import with_messages
from evaluator.policy.model import Applies, Combining, Loaded, Pack, Policy, Variant
from evaluator.policy.names import collect_names, is_identifier, reserved_names
from evaluator.policy.outputs import OutputSource, collect_outputs, compare_types, link_output
from evaluator.policy.packs import PackSource, PolicySource, find_packs, list_files, read_pack
from evaluator.policy.paths import stem
from evaluator.policy.reading import entries, items, text
from evaluator.policy.remedies import link_shared
from evaluator.policy.request_types import UNTYPED
from evaluator.policy.rules import RuleSource, collect_rules, link_rule
from evaluator.policy.titles import read_titles
from evaluator.policy.unused import report_unused
from evaluator.policy.variants import Actions, read_variants
from evaluator.source import Files

__all__ = ["Loaded", "load_packs"]

# What a file says, and its importers do, when its shape is broken or an import cannot be read.
_CONSEQUENCES = frozenset({"EVL301", "EVL417", "EVL425"})
# Definitions with these problems are not there for others.
_NAMES = frozenset({"EVL411", "EVL412"})
# What is unused or not needed can be told of a pack without errors only: the use may be where the
# error is.
_UNUSED = frozenset({"EVL409", "EVL414", "EVL437", "EVL438"})


def load_packs(files: Files, *, functions: HostFunctions | None = None) -> Loaded:
    """The packs in some files: one, if its pack.yaml is at the root, or one in each folder there.

    ``functions`` are the host functions that the packs may declare, by name. Whatever the files
    hold, nothing is raised: all problems of all packs come back as diagnostics.
    """
    provided = {} if functions is None else functions
    diagnostics = Diagnostics()
    packs = []
    declared: set[str] = set()
    named: dict[str, Scalar] = {}
    names = list_files(files, diagnostics)
    for folder in find_packs(files, names, diagnostics):
        source = read_pack(files, names, folder, diagnostics)
        if source is None:
            continue
        name = source.root.get("name")
        if isinstance(name, Scalar):
            if name.text in named:
                first = named[name.text].span
                diagnostics.add(pack_problems.pack_name_repeated(name.span, name.text, first))
            named.setdefault(name.text, name)
        declared.update(key.text for key, _ in entries(source.root.get("functions")))
        loading = _PackLoading(source, provided)
        packs.append(loading.pack())
        diagnostics.extend(loading.found())
    for name_ in sorted(set(provided) - declared):
        diagnostics.add(pack_problems.host_function_undeclared(name_, sorted(declared)))
    found = diagnostics.sorted()
    failed = any(item.severity is Severity.ERROR for item in found)
    return Loaded(() if failed else tuple(packs), found)


class _PackLoading:
    """The loading of one pack after its files have been read."""

    def __init__(self, source: PackSource, provided: Mapping[str, Callable[..., Any]]) -> None:
        self._source = source
        self._diagnostics = Diagnostics()
        self._default_locale = text(source.root.get("default_locale")) or "en"
        self._translations = Translations(self._default_locale, self._diagnostics)
        self._expressions = Expressions(self._diagnostics)
        messages = with_messages(STANDARD)
        reserved = reserved_names(messages)
        host = declared_functions(
            source.root.get("functions"), provided, messages, reserved, self._diagnostics
        )
        self._host_names = frozenset(function.name for function in host)
        self._functions = STANDARD.extended(host) if host else STANDARD
        self._reserved = reserved | self._host_names
        self._imports: Mapping[PolicySource, tuple[Import, ...]] = {}

    def pack(self) -> Pack:
        """The pack, linked as far as its errors let it be."""
        source, root = self._source, self._source.root
        self._check_head()
        title = plain_texts(root.get("title"), self._translations)
        policies = tuple(map(self._policy, source.policies))
        scopes = [
            (policy, known.name, applies_of(policy, self._diagnostics))
            for policy, known in zip(source.policies, policies, strict=True)
        ]
        names = self._names()
        variants = self._variants(names, scopes)
        titles = read_titles(
            root.get("titles"),
            (applies for _, _, applies in scopes if applies is not None),
            [one.request_type for one in variants if one.rules or one.outputs]
            or [one.request_type for one in variants],
            self._translations,
            self._diagnostics,
        )
        self._translations.finish()
        combining = cast("Combining", text(root.get("combining")) or "deny_overrides")
        if combining in get_args(Combining) and not self._diagnostics.has_errors:
            report_implied(variants, combining, self._diagnostics)
        return Pack(
            name=source.name,
            version=text(root.get("version")) or "",
            title=title,
            combining=combining,
            default_locale=self._default_locale,
            locales=self._translations.locales,
            time_zone=text(root.get("time_zone")) or "UTC",
            policies=policies,
            variants=variants,
            functions=self._functions,
            digest=digest(
                {
                    name[len(source.folder) :]: content
                    for name, content in source.files.contents.items()
                }
            ),
            files=tuple(sorted(source.files.contents)),
            titles=titles,
        )

    def found(self) -> Iterable[Diagnostic]:
        """What was found, without mere consequences of other problems."""
        misnamed = {
            item.span.source.name for item in self._diagnostics if item.span and item.code in _NAMES
        }
        broken = {
            policy
            for policy in self._source.policies
            if self._source.missing or policy.broken or policy.name in misnamed
        }
        doubtful = {
            policy.name
            for policy, imports in self._imports.items()
            if policy in broken
            or any(step.target in broken for step in imports)
            or len(imports) < len(items(policy.root.get("imports")))
        }
        failed = bool(broken) or self._diagnostics.has_errors
        for item in self._diagnostics:
            place = item.span.source.name if item.span else ""
            if not (item.code in _UNUSED and failed) and not (
                item.code in _CONSEQUENCES and place in doubtful
            ):
                yield item

    def _check_head(self) -> None:
        root, add = self._source.root, self._diagnostics.add
        name = root.get("name")
        if isinstance(name, Scalar) and not all(
            is_identifier("_" + part.replace("-", "_")) and part for part in name.text.split(".")
        ):
            add(pack_problems.pack_name_invalid(name.span, name.text))
        locale = root.get("default_locale")
        if isinstance(locale, Scalar) and not is_locale(locale.text):
            add(problems.locale_unknown(locale.span, locale.text))
        zone = root.get("time_zone")
        if isinstance(zone, Scalar) and not is_time_zone(zone.text):
            add(problems.time_zone_unknown(zone.span, zone.text))

    def _policy(self, policy: PolicySource) -> Policy:
        written = policy.root.get("policy")
        expected = f"{self._source.name}.{stem(policy.path)}"
        if isinstance(written, Scalar) and written.text != expected and self._source.name:
            self._diagnostics.add(pack_problems.policy_name(written.span, written.text, expected))
        return Policy(
            name=expected,
            file=policy.name,
            title=plain_texts(policy.root.get("title"), self._translations),
            source=citation(policy.root.get("source")),
            span=written.span if written is not None else policy.root.span,
        )

    def _names(self) -> PackNames:
        self._imports = resolve_imports(self._source, self._diagnostics)
        files = collect_names(self._imports, self._expressions, self._reserved, self._diagnostics)
        dependencies = Dependencies.of(files, self._expressions, self._diagnostics)
        known = evaluate_constants(
            files,
            dependencies,
            self._expressions,
            self._functions,
            self._host_names,
            self._diagnostics,
        )
        return PackNames(
            files,
            self._expressions,
            dependencies,
            known,
            self._functions,
            Usage(),
            self._diagnostics,
        )

    def _variants(
        self, names: PackNames, scopes: list[tuple[PolicySource, str, Applies | None]]
    ) -> tuple[Variant, ...]:
        rules = tuple(collect_rules(scopes, self._diagnostics))
        outputs = tuple(collect_outputs(scopes, self._diagnostics))
        variants = []
        links = []
        for actions in read_variants(self._source, self._diagnostics):
            link = Link(names, actions.request_type)
            links.append(link)
            variants.append(self._variant(link, actions, rules, outputs))
            link.finish()
        self._check_unused_remedies(names, links)
        report_unused(names)
        return tuple(variants)

    def _variant(
        self,
        link: Link,
        actions: Actions,
        rules: tuple[RuleSource, ...],
        outputs: tuple[OutputSource, ...],
    ) -> Variant:
        linked = [
            link_output(link, output, self._translations)
            for output in outputs
            if actions.concerns(output.applies.actions)
        ]
        present = tuple(output for output in linked if output is not None)
        compare_types(present, self._diagnostics)
        return Variant(
            request_type=actions.request_type,
            actions=actions.actions,
            rules=tuple(
                link_rule(link, rule, self._translations)
                for rule in rules
                if actions.concerns(rule.applies.actions)
            ),
            outputs=present,
        )

    def _check_unused_remedies(self, names: PackNames, links: list[Link]) -> None:
        link = next((one for one in links if one.request_type is not UNTYPED), links[0])
        for file in names.files.values():
            for remedy in file.own_remedies.values():
                if remedy not in names.usage.remedies:
                    link_shared(link, remedy, self._translations)
