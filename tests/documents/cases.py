"""Cases of bad documents in Markdown: under each heading the text, and what is said of it.

``python -m tests.documents.cases`` writes down anew what is said; read the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluator.diagnostics import Diagnostic
from evaluator.documents.composing import compose
from evaluator.documents.json_documents import load_json, parse_json
from evaluator.documents.nodes import to_python
from evaluator.documents.validating import validate
from evaluator.source import Source

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    id: str
    text: str
    said: str


def read_cases(name: str) -> Iterator[Case]:
    """The cases of a file, in its order."""
    for section in (HERE / name).read_text("utf-8").split("\n## ")[1:]:
        heading, _, rest = section.partition("\n")
        _, text, _, said, _ = rest.split("```", 4)
        yield Case(heading, text.split("\n", 1)[1][:-1], said.split("\n", 1)[1][:-1])


def write_cases(name: str, language: str, check: Callable[[str], str]) -> None:
    path = HERE / name
    introduction = path.read_text("utf-8").split("\n## ")[0].rstrip()
    parts = [introduction]
    for case in read_cases(name):
        blocks = f"```{language}\n{case.text}\n```\n\n```text\n{check(case.text)}\n```"
        parts.append(f"## {case.id}\n\n{blocks}")
    path.write_text("\n\n".join(parts) + "\n", "utf-8")


def described(diagnostics: Iterable[Diagnostic]) -> str:
    """Diagnostics as people read them: place, code, message, the text underlined, cure."""
    return "\n".join(line for item in diagnostics for line in _lines(item))


def _lines(item: Diagnostic) -> Iterator[str]:
    assert item.span is not None
    yield f"{item.span.position} {item.code} {item.message}"
    yield from (f"  | {line}" for line in item.span.text.splitlines() or [""])
    for note in item.notes:
        place = f" {note.span.position}" if note.span else ""
        yield f"  note{place}: {note.message}"
    if item.help:
        yield f"  help: {item.help}"
    if item.fix:
        yield f"  fix: {item.fix.edits[0].text}"


def check_yaml(text: str) -> str:
    document = compose(Source("bad.yaml", text))
    root = None if document.root is None else to_python(document.root)
    return f"{described(document.diagnostics)}\n= {root!r}"


def check_json(text: str) -> str:
    source = Source("bad.json", text)
    assert described(load_json(text)[1]) == described(parse_json(source).diagnostics)
    return described(parse_json(source).diagnostics)


_schema = parse_json(Source("shape.schema.json", (HERE / "shape.schema.json").read_text("utf-8")))
assert _schema.root is not None
SCHEMA = to_python(_schema.root)


def check_shape(text: str) -> str:
    document = compose(Source("bad.yaml", text))
    assert document.root is not None
    assert not document.diagnostics
    return described(validate(document.root, SCHEMA))


FILES = {
    "bad_yaml.md": ("yaml", check_yaml),
    "bad_json.md": ("json", check_json),
    "bad_shapes.md": ("yaml", check_shape),
}

if __name__ == "__main__":
    for file, (language, check) in FILES.items():
        write_cases(file, language, check)
