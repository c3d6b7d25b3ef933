"""Each diagnostic has a page, whose example has the problem, and whose cure has none.

The blocks of a page say what they are: ``yaml wrong orders.yaml`` is a file of a pack, on top of
the one that the index shows; ``cel right`` is the condition of its rule; ``request.json`` is a
request; ``python wrong`` is run beside the pack, which is then the folder ``policies``. What cannot
be shown in a block, such as a file that is not UTF-8, is built by ``MADE``.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import os
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

import evaluator
from evaluator.diagnostics import CODES, Diagnostic, Severity
from evaluator.documents.composing import compose
from evaluator.documents.limits import Limits
from evaluator.documents.reading import read_source
from evaluator.errors import PolicyError, RequestError
from evaluator.history.chain import read_sealed, write_head
from evaluator.history.log import LONGEST, Damaged, read_log
from evaluator.history.replaying import Replay
from evaluator.history.revisions import open_revision
from evaluator.history.versions import Version
from evaluator.policy.loading import load_packs
from evaluator.server.access.key_files import read_keys
from evaluator.server.access.key_sets import read_key_set
from evaluator.server.access.key_sources import UrlKeys
from evaluator.server.answers import Refusal
from evaluator.server.config.reading import read_configuration
from evaluator.server.entity_files import read_entities
from evaluator.server.reloading import load_seen, suite_problems
from evaluator.server.watching import look
from evaluator.source import MemoryFiles, Source
from evaluator.suites.mutation.preparing import failing, prepare
from evaluator.suites.reading import read_suites
from tests.covered_pack import covered
from tests.decision_logs import KEY, chained, found_at_start, verified
from tests.git_repository import commit
from tests.server.answering import answering
from tests.server.people import QUERY, found_in, make_people, queries

PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"
INDEX = (PAGES / "README.md").read_text("utf-8")
HEADINGS = ["What it says", "Why it is a problem", "Example", "What to write instead"]

_FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+) (wrong|right)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_BASE_BLOCK = re.compile(r"^```\w+ (\S+\.\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_ROW = re.compile(r"^\| \[(EVL\d+)\]\((\S+)\) \| `(\S+)`( \(warning\))? \| .+ \|$", re.MULTILINE)

BASE = dict(_BASE_BLOCK.findall(INDEX))

Found = Iterable[Diagnostic]


def page(code: str) -> str:
    return (PAGES / f"{code}.md").read_text("utf-8")


# What the blocks of a page come to


def loaded(files: Mapping[str, str | bytes]) -> Found:
    """What is found in a pack and its suites: the one of the index, with other files over it."""
    alone = any(name.endswith("/pack.yaml") for name in files)
    all_files = MemoryFiles({**({} if alone else BASE), **files})
    packs = load_packs(all_files)
    return [*packs.diagnostics, *read_suites(all_files, packs.packs).diagnostics]


def policy(condition: str) -> str:
    """The policy of the index with another condition."""
    head = BASE["orders.yaml"].partition("    when:")[0]
    return f"{head}    when: |\n{textwrap.indent(condition, ' ' * 6)}"


def raised(action: Callable[[], object]) -> Found:
    try:
        action()
    except (PolicyError, RequestError) as error:
        return error.diagnostics
    return ()


def run(text: str, files: Mapping[str, str], folder: Path) -> Found:
    """What a program meets that stands beside the folder of the pack."""
    for name, content in {**BASE, **files}.items():
        path = folder / "policies" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return raised(lambda: exec(text, {"evaluator": evaluator}))


def shown(code: str, verdict: str, folder: Path) -> Found:
    """What the blocks of a page have that are called wrong, or those that are called right."""
    files: dict[str, str] = {}
    program = None
    for language, _, name, text in (
        block for block in _BLOCK.findall(page(code)) if block[1] == verdict
    ):
        if name == "request.json":
            return raised(partial(evaluator.Request.parse, text))
        if name == "entities.yaml":
            return read_entities(text.encode(), name)[1]
        if name == "keys.yaml":
            return read_keys(text.encode(), name)[1]
        if name == "jwks.json":
            return read_key_set(text.encode(), name, ("ES256",))[1]
        if name == "server.yaml":
            (folder / name).write_text(text, "utf-8")
            return read_configuration(folder / name)[1]
        if language == "python":
            program = text
        elif language == "cel":
            files["orders.yaml"] = policy(text)
        else:
            files[name] = text
    return loaded(files) if program is None else run(program, files, folder)


# What no block can show


class Unreadable(MemoryFiles):
    """Files of which one cannot be read."""

    def read(self, name: str) -> bytes:
        if name == "orders.yaml":
            raise PermissionError(13, "Permission denied")
        return super().read(name)


def read(name: str) -> Found:
    """What reading a file of the pack comes to."""
    source = read_source(MemoryFiles({**BASE, "more/orders.yaml": ""}), name)
    return [source] if isinstance(source, Diagnostic) else []


def composed(text: str, limits: Limits) -> Found:
    return compose(Source("orders.yaml", text), limits=limits).diagnostics


def with_comment(comment: bytes) -> Found:
    return loaded({"orders.yaml": BASE["orders.yaml"].encode() + b"# " + comment + b"\n"})


def condition(text: str) -> Found:
    return loaded({"orders.yaml": policy(text)})


def request(note: bytes) -> Found:
    text = b"""{"subject": {"type": "user", "id": "u"}, "action": {"name": "ship"},
        "resource": {"type": "order", "id": "o", "properties": {"note": %s}}}"""
    return raised(lambda: evaluator.Request.parse(text % note))


def through_cache(harm: Callable[[Path], object]) -> Found:
    """What is found when a pack is loaded once more after something was done to the cache."""
    with TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        evaluator.load(MemoryFiles(BASE), cache=cache)
        harm(cache)
        return evaluator.load(MemoryFiles(BASE), cache=cache).warnings


def cut(cache: Path) -> None:
    for path in cache.iterdir():
        os.truncate(path, 1000)


def cache_below_a_file() -> Found:
    with TemporaryDirectory() as folder:
        (Path(folder) / "cache").touch()
        return evaluator.load(MemoryFiles(BASE), cache=Path(folder) / "cache/policies").warnings


def with_suite(expected: str) -> dict[str, str]:
    """The pack with a suite that expects this of what is allowed."""
    suite = f"""suite: shop.orders
now: 2026-03-03T09:00:00Z
cases:
  - name: a clerk ships
    request:
      subject: {{type: clerk, id: ann}}
      action: ship
      resource: {{type: order, id: o-1, properties: {{total: 1}}}}
    expect: {expected}
"""
    return {**BASE, "suites/orders.suite.yaml": suite}


def before_mutation(expected: str) -> Found:
    """What keeps mutants from being tried with a suite that expects this of what is allowed."""
    files = with_suite(expected)
    found = failing(prepare({name: text.encode() for name, text in files.items()}))
    return [] if found is None else [found]


def revision(name: str, folder: str, *, repository: bool = True, path: str | None = None) -> Found:
    """What opening a folder of a revision comes to, in a repository that has the pack."""
    with TemporaryDirectory() as root, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CEILING_DIRECTORIES", str(Path(root).parent))
        if repository:
            commit({f"policies/{file}": text for file, text in BASE.items()}, Path(root))
        if path is not None:
            patch.setenv("PATH", path)
        opened = open_revision(root, name, folder)
    return [opened] if isinstance(opened, Diagnostic) else []


ASKED: dict[str, Any] = {
    "subject": {"type": "clerk", "id": "ann"},
    "action": {"name": "ship"},
    "resource": {"type": "order", "id": "17"},
}


def logged(record: Mapping[str, object]) -> Found:
    """What is wrong with a record of a log, or else with deciding it again."""
    line = json.dumps(record).encode()
    found = next(read_log(io.BytesIO(line)))
    if isinstance(found, Damaged):
        return found.diagnostics
    files = MemoryFiles(BASE)
    problem = Replay(Version("policies", files, load_packs(files).packs)).add(found, "log")
    return [] if problem is None else [problem]


def damage(stream: Any, *, longest: int = LONGEST) -> Found:
    """All that is wrong with the lines of a log."""
    found = [one for one in read_log(stream, longest=longest) if isinstance(one, Damaged)]
    return [diagnostic for one in found for diagnostic in one.diagnostics]


def damage_of_compressed(data: bytes) -> Found:
    with gzip.open(io.BytesIO(data)) as stream:
        return damage(stream)


LOGGED = {"request": ASKED, "decision": "deny", "decided_at": "2026-03-03T09:00:00Z"}
COMPRESSED = gzip.compress(json.dumps(LOGGED).encode() + b"\n", mtime=0)


def reloaded(*, gone: bool) -> Found:
    """What a service finds in a folder that is there, or gone."""
    with TemporaryDirectory() as root:
        folder = Path(root) / "policies"
        if not gone:
            folder.mkdir()
            for name, text in BASE.items():
                (folder / name).write_text(text, "utf-8")
        return list(raised(lambda: load_seen(folder, look(folder), evaluator.load)))


def suites_of(expected: str) -> Found:
    """What a service finds in the suites of a pack."""
    files = MemoryFiles(with_suite(expected))
    return suite_problems(files, evaluator.load(files))


def of_people(*people: tuple[object, object], **parts: str) -> Found:
    """What is found in a file with a query to a database of people."""
    with TemporaryDirectory() as folder:
        make_people(Path(folder) / "people.db", people)
        return found_in(Path(folder), queries(**parts))


def of_roles(query: str) -> Found:
    """What a search is refused for that looks through a clerk with two roles."""
    told: list[Diagnostic] = []
    with TemporaryDirectory() as folder:
        make_people(Path(folder) / "people.db", [("ann", "clerk"), ("ann", "guard")])
        entities, _ = read_entities(
            queries(query), "entities.json", folder=Path(folder), report=told.append
        )
        assert entities is not None
        with suppress(Refusal):
            list(entities.of("subject", "user", None))
    return told


UNREACHABLE = "  - {rule: huge, because: Nobody orders that much.}\n"


def key_set_from(status: int) -> Found:
    """What is reported when a key is looked for in a set whose address answers with a status."""
    found: list[Diagnostic] = []
    (key_set,) = (block[3] for block in _BLOCK.findall(page("EVL815")) if block[1] == "right")
    with answering(status, key_set.encode()) as url:
        keys = UrlKeys(url, ("ES256",), found.extend)
        with suppress(Refusal):
            asyncio.run(keys.find("2026-1", "ES256"))
    return found


def in_log(*lines: bytes, key: bytes | None = None) -> Found:
    """What is wrong with a decision log of some lines."""
    return [finding.diagnostic for finding in verified(lines, key=key)]


def shorter_log(path: Path) -> None:
    path.write_bytes(b"".join(chained(2)))
    end = read_sealed(chained(4)[-1][:-1])
    assert end is not None
    path.with_name(f"{path.name}.head").write_bytes(write_head(end.link))


LOG = chained(4)

MADE: dict[str, tuple[Callable[[], Found], Callable[[], Found]]] = {
    "EVL001": (lambda: read("order.yaml"), lambda: read("orders.yaml")),
    "EVL002": (lambda: load_packs(Unreadable(BASE)).diagnostics, lambda: loaded({})),
    "EVL003": (lambda: read("more"), lambda: read("more/orders.yaml")),
    "EVL004": (
        lambda: with_comment("Prøve".encode("cp1252")),
        lambda: with_comment("Prøve".encode()),
    ),
    "EVL005": (lambda: with_comment(b"\x89PNG\r\n\x1a\n\0\0"), lambda: with_comment(b"PNG")),
    "EVL006": (lambda: with_comment(b"." * (16 << 20)), lambda: with_comment(b"." * 1000)),
    "EVL113": (
        lambda: composed("[" * 101 + "]" * 101, Limits()),
        lambda: composed("[" * 100 + "]" * 100, Limits()),
    ),
    "EVL118": (
        lambda: composed(f"[0{', 1' * 50}]", Limits(max_nodes=50)),
        lambda: composed(f"[0{', 1' * 20}]", Limits(max_nodes=50)),
    ),
    "EVL119": (lambda: with_comment(b"\x07"), lambda: with_comment(b"bell")),
    "EVL207": (
        lambda: condition("resource.total" + " + 1" * 200 + " > 5"),
        lambda: condition(f"sum([resource.total{', 1' * 200}]) > 5"),
    ),
    "EVL208": (
        lambda: condition("resource.total > 5" + " " * 100_000 + "&& true"),
        lambda: condition("resource.total > 5"),
    ),
    "EVL401": (
        lambda: load_packs(MemoryFiles({"orders.yaml": BASE["orders.yaml"]})).diagnostics,
        lambda: loaded({}),
    ),
    "EVL604": (lambda: request(b"[" * 200 + b"]" * 200), lambda: request(b"[[1]]")),
    "EVL607": (lambda: request(b'"Pr\xf8ve"'), lambda: request('"Prøve"'.encode())),
    "EVL740": (
        lambda: revision("HEAD", "policies", path="/nowhere"),
        lambda: revision("HEAD", "policies"),
    ),
    "EVL741": (
        lambda: revision("HEAD", "policies", repository=False),
        lambda: revision("HEAD", "policies"),
    ),
    "EVL742": (lambda: revision("mian", "policies"), lambda: revision("main", "policies")),
    "EVL743": (lambda: revision("HEAD", "policy"), lambda: revision("HEAD", "policies")),
    "EVL744": (lambda: revision("HEAD", "poli\0cies"), lambda: revision("HEAD", "policies")),
    "EVL750": (
        lambda: covered(cases=f"unreachable:\n{UNREACHABLE}").diagnostics,
        lambda: covered().diagnostics,
    ),
    "EVL760": (
        lambda: through_cache(lambda cache: cache.chmod(0o770)),
        lambda: through_cache(lambda cache: cache.chmod(0o700)),
    ),
    "EVL761": (lambda: through_cache(cut), lambda: through_cache(lambda _: None)),
    "EVL762": (cache_below_a_file, lambda: through_cache(lambda _: None)),
    "EVL770": (lambda: before_mutation("deny"), lambda: before_mutation("allow")),
    "EVL780": (lambda: logged({"decision": "deny"}), lambda: logged(LOGGED)),
    "EVL781": (
        lambda: damage(io.BytesIO(b" " * 100), longest=99),
        lambda: logged(LOGGED),
    ),
    "EVL782": (
        lambda: logged({**LOGGED, "decided_at": "2026-03-03 09:00"}),
        lambda: logged(LOGGED),
    ),
    "EVL783": (lambda: logged({**LOGGED, "decision": "permit"}), lambda: logged(LOGGED)),
    "EVL784": (
        lambda: damage_of_compressed(COMPRESSED[:-9]),
        lambda: damage_of_compressed(COMPRESSED),
    ),
    "EVL804": (lambda: of_people(uri="sqlite:///people.db"), lambda: of_people()),
    "EVL805": (lambda: of_people(url="db.example/people"), lambda: of_people()),
    "EVL806": (lambda: of_people(url="sqlite:///no/people.db"), lambda: of_people()),
    "EVL807": (
        lambda: of_people(query=QUERY.replace("people", "persons")),
        lambda: of_people(),
    ),
    "EVL808": (lambda: of_people((17, "clerk")), lambda: of_people(("17", "clerk"))),
    "EVL809": (lambda: of_roles(QUERY), lambda: of_roles(f"{QUERY} GROUP BY login")),
    "EVL817": (lambda: key_set_from(302), lambda: key_set_from(200)),
    "EVL850": (lambda: reloaded(gone=True), lambda: reloaded(gone=False)),
    "EVL851": (lambda: suites_of("deny"), lambda: suites_of("allow")),
    "EVL830": (
        lambda: in_log(LOG[0], LOG[1].replace(b'"id":"2"', b'"id":"3"'), *LOG[2:]),
        lambda: in_log(*LOG),
    ),
    "EVL831": (lambda: in_log(LOG[0], *LOG[2:]), lambda: in_log(*LOG[1:])),
    "EVL832": (lambda: in_log(*LOG, LOG[1]), lambda: in_log(*LOG)),
    "EVL833": (
        lambda: in_log(LOG[0], *chained(2, first="5")[1:]),
        lambda: in_log(*LOG),
    ),
    "EVL834": (lambda: in_log(*LOG, b"{}\n"), lambda: in_log(*LOG)),
    "EVL835": (lambda: in_log(*LOG[:2], LOG[2][:50]), lambda: in_log(*LOG[:2])),
    "EVL836": (
        lambda: in_log(*chained(2, KEY)),
        lambda: in_log(*chained(2, KEY), key=KEY),
    ),
    "EVL840": (
        lambda: found_at_start(lambda path: path.write_text("{}\n")),
        lambda: found_at_start(lambda path: path.write_text("")),
    ),
    "EVL841": (
        lambda: found_at_start(shorter_log),
        lambda: found_at_start(lambda path: path.write_bytes(b"".join(LOG))),
    ),
    "EVL842": (
        lambda: found_at_start(lambda path: path.parent.rmdir()),
        lambda: found_at_start(lambda _: None),
    ),
    "EVL843": (
        lambda: found_at_start(lambda _: None, key=b"secret"),
        lambda: found_at_start(lambda _: None, key=KEY),
    ),
    "EVL844": (
        lambda: found_at_start(lambda _: None, mask="subject.properties.email"),
        lambda: found_at_start(lambda _: None, mask="/subject/properties/email"),
    ),
}


def found(code: str, verdict: str, folder: Path) -> list[Diagnostic]:
    if code in MADE:
        return list(MADE[code][verdict == "right"]())
    return list(shown(code, verdict, folder))


# The pages


def test_every_code_has_a_page_and_every_page_a_code():
    assert sorted(path.stem for path in PAGES.glob("EVL*.md")) == sorted(CODES)


def test_the_index_lists_every_code_in_order():
    rows = [(code, link, name, bool(warning)) for code, link, name, warning in _ROW.findall(INDEX)]
    assert rows == [
        (code.code, f"{code.code}.md", code.name, code.severity is Severity.WARNING)
        for code in CODES.values()
    ]


def test_the_pack_of_the_index_is_right():
    assert sorted(BASE) == ["orders.yaml", "pack.yaml", "request.schema.json"]
    assert list(loaded({})) == []


@pytest.mark.parametrize("code", CODES)
def test_headings(code: str):
    title, *headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", page(code)), re.MULTILINE)
    assert title == f"{code} {CODES[code].name}"
    assert headings == HEADINGS


@pytest.mark.parametrize("code", CODES)
def test_blocks(code: str):
    """A page shows what is wrong before what is right, or is about what ``MADE`` builds."""
    verdicts = [block[1] for block in _BLOCK.findall(page(code))]
    if code in MADE:
        assert verdicts == []
    else:
        assert sorted(verdicts, reverse=True) == verdicts
        assert {"wrong", "right"} == set(verdicts)


@pytest.mark.parametrize("code", CODES)
def test_the_example_has_the_problem(code: str, tmp_path: Path):
    assert {item.code for item in found(code, "wrong", tmp_path)} == {code}


@pytest.mark.parametrize("code", CODES)
def test_the_cure_has_no_problem(code: str, tmp_path: Path):
    assert [str(item) for item in found(code, "right", tmp_path)] == []
