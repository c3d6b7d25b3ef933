"""The configuration file: all that it can say, and what is wrong with one."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from evaluator.diagnostics import Diagnostic
from evaluator.server.config.model import Access, Configuration, JwtAccess, Listen, Reload, Tls
from evaluator.server.config.reading import read_configuration
from evaluator.server.log.settings import LogSettings, MaskSetting, Rotation
from evaluator.server.settings import Limits

WHOLE = """\
listen:
  host: 0.0.0.0
  port: 443
  workers: 2
  tls: {certificate: tls/cert.pem, key: tls/key.pem}
  insecure_public: [without-authentication]
policies: packs
functions: shop.functions:ALL
entities: entities.json
public_url: https://decisions.example/pdp
trust_client_time: true
explain: true
playground: true
limits:
  {body: 1000, evaluations: 2, results: 3, candidates: 4, seconds: 0.5, concurrent: 6, queue: 5,
   remembered: 7}
allowed_hosts: [decisions.internal, "*.example.com"]
access:
  api_keys: keys.yaml
  jwt:
    jwks: jwks.json
    algorithms: [ES256, EdDSA, ES256]
    audience: decisions
    issuer: [https://login.example/, https://old.example/]
    leeway: 5
  policy: callers
reload: {watch: false, suites: true}
events: json
log:
  file: log/decisions.jsonl
  durability: strict
  interval: 1
  queue: 10
  rotation: {size: 2048, seconds: 3600, keep: 7}
  masks: [{pointer: /subject/id}, {pointer: /context/note, when: "true"}]
  allows: 0.5
  key: log.key
"""
FILES = ("tls/cert.pem", "tls/key.pem", "entities.json", "keys.yaml", "jwks.json", "log.key")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("tls", "packs", "callers"):
        (tmp_path / name).mkdir()
    for name in FILES:
        (tmp_path / name).touch()
    return tmp_path


def read(folder: Path, text: str) -> tuple[Configuration | None, tuple[Diagnostic, ...]]:
    path = folder / "server.yaml"
    path.write_text(text, "utf-8")
    return read_configuration(path)


def test_all_that_it_can_say(folder: Path) -> None:
    found, diagnostics = read(folder, WHOLE)
    assert diagnostics == ()
    assert found == Configuration(
        listen=Listen(
            "0.0.0.0",
            443,
            2,
            Tls(folder / "tls/cert.pem", folder / "tls/key.pem"),
            frozenset({"without-authentication"}),
        ),
        policies=folder / "packs",
        functions="shop.functions:ALL",
        entities=folder / "entities.json",
        public_url="https://decisions.example/pdp",
        trust_client_time=True,
        explain=True,
        playground=True,
        limits=Limits(1000, 2, 3, 4, 0.5, 6, 5, remembered=7),
        allowed_hosts=("decisions.internal", "*.example.com"),
        access=Access(
            folder / "keys.yaml",
            JwtAccess(
                folder / "jwks.json",
                ("ES256", "EdDSA"),
                ("decisions",),
                ("https://login.example/", "https://old.example/"),
                5,
            ),
            folder / "callers",
        ),
        reload=Reload(watch=False, suites=True),
        log=LogSettings(
            file=folder / "log/decisions.jsonl",
            durability="strict",
            interval=1,
            queue=10,
            rotation=Rotation(2048, 3600, 7),
            masks=(MaskSetting("/subject/id"), MaskSetting("/context/note", "true")),
            allows=0.5,
            key=folder / "log.key",
        ),
        events="json",
    )
    changed = {
        field.name
        for field in dataclasses.fields(found)
        if getattr(found, field.name) != getattr(Configuration(), field.name)
    }
    assert changed == {field.name for field in dataclasses.fields(found)}  # nothing is left out


def test_what_is_left_out_is_as_usual(folder: Path) -> None:
    found, _ = read(folder, "explain: false")
    assert found == Configuration()
    found, _ = read(folder, "log: {file: '-'}")
    assert found == Configuration(log=LogSettings(None))
    jwt = "jwks: https://login.example/keys, algorithms: [ES256], audience: a, issuer: b"
    found, _ = read(folder, f"access: {{jwt: {{{jwt}}}}}")
    assert found is not None
    assert found.access.jwt == JwtAccess(
        "https://login.example/keys", ("ES256",), ("a",), ("b",), 30.0
    )


JWT: dict[str, Any] = {
    "jwks": "jwks.json",
    "algorithms": "[ES256]",
    "audience": "a",
    "issuer": "b",
}


def with_jwt(**changes: Any) -> str:
    members = {key: value for key, value in {**JWT, **changes}.items() if value is not None}
    text = ", ".join(f"{key}: {value}" for key, value in members.items())
    return f"access: {{jwt: {{{text}}}}}"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("listn: {}", [("EVL114", "1:1", "did you mean `listen`")]),
        ("listen: {port: 99999}", [("EVL117", "1:16", "")]),
        ("listen: {tls: {key: tls/key.pem}}", [("EVL115", "1:10", "")]),
        ("limits: {seconds: 0}", [("EVL117", "1:19", "")]),
        ("limits: {seconds: .inf}", [("EVL117", "1:19", "")]),
        ("limits: {seconds: .nan}", [("EVL117", "1:19", "")]),
        ("limits: {body: true}", [("EVL116", "1:16", "")]),
        ("log: {durability: strict}", [("EVL115", "1:1", "")]),
        ("log: {file: '-', allows: 1.5}", [("EVL117", "1:26", "")]),
        ("log: {file: '-', allows: .nan}", [("EVL117", "1:26", "")]),
        ("log: {file: '-', key: none}", [("EVL810", "1:23", "")]),
        ("log: {file: '-', masks: [{pointer: subject.id}]}", [("EVL844", "1:36", "`/`")]),
        ("log: {file: '-', masks: [{pointer: /subjct/id}]}", [("EVL844", "1:36", "`subject`")]),
        ("log: {file: '-', masks: [{pointer: /subject/id, when: subjct.x}]}",
         [("EVL301", "1:55", "`subject`")]),
        ("explain: maybe", [("EVL116", "1:10", "")]),
        ("policies: pack", [("EVL810", "1:11", "did you mean `packs`")]),
        ("policies: keys.yaml", [("EVL810", "1:11", "")]),
        ("entities: packs", [("EVL002", "1:11", "")]),
        ("listen: {tls: {key: tls/kee.pem, certificate: tls}}",
         [("EVL810", "1:21", "did you mean `tls/key.pem`"), ("EVL002", "1:47", "")]),
        ("public_url: 'https://'", [("EVL811", "1:13", "")]),
        ("public_url: 'https://a:x'", [("EVL811", "1:13", "")]),
        ("public_url: 'ftp://a'", [("EVL811", "1:13", "")]),
        ("public_url: 'https://me@a'", [("EVL811", "1:13", "")]),
        ("public_url: 'https://a b'", [("EVL811", "1:13", "")]),
        ("allowed_hosts: [a, 'b:1', c d]", [("EVL812", "1:20", ""), ("EVL812", "1:27", "")]),
        (with_jwt(algorithms="[none]"), [("EVL117", "1:46", "write `ES256`")]),
        (with_jwt(algorithms="[HS256]"), [("EVL117", "1:46", "")]),
        (with_jwt(algorithms="[]"), [("EVL117", "1:45", "")]),
        (with_jwt(audience=None), [("EVL115", "1:10", "")]),
        (with_jwt(issuer=None), [("EVL115", "1:10", "")]),
        (with_jwt(leeway=301), [("EVL117", "1:86", "")]),
        (with_jwt(jwks="http://login.example/keys"), [("EVL811", "1:22", "https")]),
        (with_jwt(jwks="http://127.0.0.1:1/keys"), []),
        (with_jwt(jwks="file:///etc/keys"), [("EVL811", "1:22", "")]),
        (with_jwt(jwks="https://"), [("EVL811", "1:22", "")]),
        ("access: {api_key: keys.yaml}\npolicies: pack",
         [("EVL114", "1:10", "did you mean `api_keys`"), ("EVL810", "2:11", "")]),
        ("policies: 5", [("EVL116", "1:11", "")]),
        ("- policies", [("EVL116", "1:1", "")]),
        ("a: [", [("EVL121", "1:4", "")]),
    ],
)  # fmt: skip
def test_problems(folder: Path, text: str, problems: list[tuple[str, str, str]]) -> None:
    found, diagnostics = read(folder, text)
    assert (found is None) is bool(problems)
    told = [
        (item.code, str(item.span).removeprefix(f"{folder}/server.yaml:")) for item in diagnostics
    ]
    assert told == [(code, place) for code, place, _ in problems]
    for item, (_, _, help_) in zip(diagnostics, problems, strict=True):
        assert help_ in (item.help or "")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "server.yaml").touch()
    found, (problem,) = read_configuration(tmp_path / "serve.yaml")
    assert found is None
    assert problem.code == "EVL810"
    assert "server.yaml" in (problem.help or "")
