from __future__ import annotations

from collections.abc import Mapping

import pytest

from evaluator.errors import PolicyError
from evaluator.language.instants import parse_instant
from evaluator.source import Folder
from evaluator.suites.mutation.apart import Difference
from evaluator.suites.mutation.diffs import unified_diff
from evaluator.suites.mutation.mutants import Edit, Mutant
from evaluator.suites.mutation.preparing import Prepared, evenly, failing, prepare, snapshot
from evaluator.suites.mutation.separating import Budget
from evaluator.suites.mutation.trials import Trials
from evaluator.suites.mutation.verdicts import Verdict
from tests.cli_runner import ROOT
from tests.mutation_runs import FILES

SUITE = "suites/notes.suite.yaml"


def prepared(files: Mapping[str, str] = FILES) -> Prepared:
    return prepare({name: text.encode() for name, text in files.items()})


def replacing(prepared: Prepared, file: str, old: str, new: str, *, subject: str = "") -> Mutant:
    """The mutant that has other text in a place."""
    text = prepared.contents[file].decode()
    assert text.count(old) == 1, old
    start = text.index(old)
    prepared.generated.originals.setdefault(file, text)
    line = text.count("\n", 0, start) + 1
    return Mutant("by-hand", "it", subject, file, line, 1, (Edit(start, start + len(old), new),))


def renamed(files: Mapping[str, str], name: str, resource: str) -> dict[str, str]:
    """The files of a pack of another name, for another type of resource."""
    return {
        path: text.replace("notes.", f"{name}.")
        .replace("name: notes", f"name: {name}")
        .replace(": note", f": {resource}")
        for path, text in files.items()
    }


@pytest.fixture(scope="module")
def notes() -> Prepared:
    return prepared()


@pytest.fixture(scope="module")
def trials(notes: Prepared) -> Trials:
    return Trials(notes)


def test_a_remedy_of_a_rule_without_expressions_is_missed():
    always = "  - {id: closed, effect: deny, actions: edit, reason: No.%s}\n"
    remedy = ", remedies: [{id: wait, message: Wait.}]"
    closed = FILES["rules.yaml"].replace("rules:\n", "rules:\n" + always % remedy)
    suite = FILES[SUITE].partition("cases:")[0] + (
        "cases: [{name: a, request: {subject: ann, action: edit, resource: short}, expect: deny}]\n"
    )
    ready = prepared({**FILES, "rules.yaml": closed, SUITE: suite})

    verdict = Trials(ready).judge(replacing(ready, "rules.yaml", remedy, ""))

    assert verdict.apart is not None
    assert verdict.apart.differences == (Difference("remedies", ["wait"], []),)


def test_texts_are_told_apart_and_their_case_can_be_read():
    texts = (
        "    description: You have {resource.pages - 1} pages.\n    remedies:\n",
        (
            "outputs:\n  size:\n    on: [allow, deny]\n    value: '\"in-pages\"'\n"
            "    labels: {in-pages: '{resource.pages - 2} pages'}\n"
        ),
    )
    rules = FILES["rules.yaml"].replace("    remedies:\n", texts[0])
    files = {**FILES, "rules.yaml": rules.replace("outputs:\n", texts[1])}
    ready = prepared(files)

    for old, new, field in (
        ("pages - 1", "pages - 2", "descriptions.en.finished"),
        ("pages - 2", "pages - 1", "labels.en.size/in-pages"),
    ):
        mutant = replacing(ready, "rules.yaml", old, new)
        verdict = Trials(ready).judge(mutant)
        assert verdict.apart is not None
        assert [difference.field for difference in verdict.apart.differences] == [field]
        with_case = prepared({**files, SUITE: FILES[SUITE] + verdict.apart.case})
        assert failing(with_case) is None
        assert Trials(with_case).judge(mutant).state == "noticed"


# What is replaced in rules.yaml, by what, and what becomes of that.
VERDICTS = {
    "noticed by the first step that is about it": (
        "resource.pages > most",
        "resource.pages < most",
        "too-long",
        Verdict("noticed", "notes.notes: a long draft"),
    ),
    "noticed by another step where nobody knows what it is about": (
        "resource.pages > most",
        "resource.pages < most",
        "something",
        Verdict("noticed", "notes.notes: a short draft"),
    ),
    "no valid policy": (
        "resource.pages > most",
        "resource.page > most",
        "too-long",
        None,
    ),
    "the same in other words": (
        'most: "10"',
        'most: "5 + 5"',
        "most",
        Verdict("equivalent", "it says the same in other words"),
    ),
    "a variable of the same name": (
        "rules:\n",
        "variables: {unused: 1 == 1}\nrules:\n",
        "unused",
        Verdict("equivalent", "it says the same in other words"),
    ),
}


@pytest.mark.parametrize(("old", "new", "subject", "expected"), VERDICTS.values(), ids=VERDICTS)
def test_what_becomes_of_a_mutant(old, new, subject, expected, notes, trials):
    verdict = trials.judge(replacing(notes, "rules.yaml", old, new, subject=subject))

    if expected is None:
        assert verdict.state == "invalid"
        assert "EVL302" in verdict.because
    else:
        assert verdict == expected


def test_a_mutant_that_makes_no_difference_is_set_aside(notes, trials):
    mutant = replacing(notes, "rules.yaml", "resource.pages >= 0", "resource.pages > -1")

    verdict = trials.judge(mutant)

    assert verdict.state == "equivalent"
    assert verdict.because.startswith("no difference in the ")


def test_a_survivor_is_told_apart(notes, trials):
    verdict = trials.judge(replacing(notes, "rules.yaml", "pages > most", "pages >= most"))

    assert verdict.state == "survived"
    assert verdict.apart is not None
    assert verdict.apart.question.request["resource"]["properties"]["pages"] == 10
    assert verdict.apart.differences == (
        Difference("decision", "allow", "deny"),
        Difference("rules", ["anybody"], ["too-long"]),
    )


def test_a_rule_that_only_the_list_of_the_unreachable_names_is_missed_when_it_is_gone():
    idle = (
        "  - {id: idle, effect: allow, mode: report, when: 'subject.id == \"eve\" && most < 1'}\n"
    )
    named = "unreachable: [{rule: idle, because: It waits for a lower limit.}]\n"
    files = {
        **FILES,
        "rules.yaml": FILES["rules.yaml"].replace(
            "  - id: too-long\n", idle + "  - id: too-long\n"
        ),
        SUITE: FILES[SUITE] + named,
    }
    ready = prepared(files)

    verdict = Trials(ready).judge(replacing(ready, "rules.yaml", idle, ""))

    assert verdict.state == "noticed"
    assert "EVL717" in verdict.because


def test_every_case_to_paste_passes_and_notices_what_it_is_for(notes, trials):
    tried = [(mutant, trials.judge(mutant)) for mutant in notes.generated.mutants]
    survivors = [(mutant, verdict) for mutant, verdict in tried if verdict.state == "survived"]
    cases = "".join(verdict.apart.case for _, verdict in survivors if verdict.apart is not None)

    with_cases = prepared({**FILES, SUITE: FILES[SUITE] + cases})

    assert len(survivors) == 7
    assert failing(with_cases) is None
    again = Trials(with_cases)
    assert {again.judge(mutant).state for mutant, _ in survivors} == {"noticed"}


def test_the_moment_that_tells_two_limits_in_time_apart_is_found():
    limit = 'now < timestamp("2026-06-01T00:00:00Z")'
    head = FILES[SUITE].partition("cases:")[0]
    case = "{name: it, request: {subject: ann, action: read, resource: short}, expect: allow}"
    ready = prepared(
        {
            **FILES,
            "rules.yaml": FILES["rules.yaml"].replace("resource.pages > most", limit),
            SUITE: f"{head}cases: [{case}]\n",
        }
    )

    verdict = Trials(ready).judge(replacing(ready, "rules.yaml", "00:00Z", "00:00.000000001Z"))

    assert verdict.apart is not None
    assert verdict.apart.question.now == parse_instant("2026-06-01T00:00:00Z")
    assert verdict.apart.differences[0] == Difference("decision", "allow", "deny")


def test_the_mutant_of_a_pack_is_tried_with_the_others_as_they_are():
    other = {f"other/{name}": text for name, text in renamed(FILES, "other", "memo").items()}
    both = prepared({f"notes/{name}": text for name, text in FILES.items()} | other)

    verdict = Trials(both).judge(
        replacing(both, "other/rules.yaml", "pages > most", "pages < most", subject="too-long")
    )

    assert verdict == Verdict("noticed", "other.notes: a long draft")


def test_host_functions_go_to_the_pack_that_declares_them():
    declared = FILES["pack.yaml"] + "functions: {limit: {signature: () -> int}}\n"
    with_function = {
        "pack.yaml": declared,
        "rules.yaml": FILES["rules.yaml"]
        .replace('most: "10"', 'least: "0"')
        .replace("most", "limit()"),
    }
    files = {f"a/{name}": text for name, text in {**FILES, **with_function}.items()}
    files |= {f"b/{name}": text for name, text in renamed(FILES, "b", "memo").items()}
    contents = {name: text.encode() for name, text in files.items()}
    ready = prepare(contents, functions={"limit": lambda: 10})

    trials = Trials(ready, budget=Budget(near=0, far=0))

    for file in ("a/rules.yaml", "b/rules.yaml"):
        mutant = replacing(ready, file, "effect: allow", "effect: deny\n    reason: No.")
        assert trials.judge(mutant).state == "noticed"


def test_steps_that_fail_already_are_told():
    ready = prepared({**FILES, SUITE: FILES[SUITE].replace("expect: deny", "expect: allow")})

    problem = failing(ready)

    assert problem is not None
    assert (problem.code, str(problem.span)) == ("EVL770", "suites/notes.suite.yaml:17:13")
    assert problem.message == "2 of 5 steps fail on the policies as they are"
    assert [note.message for note in problem.notes] == ["`notes.notes: the banned` fails too"]


def test_only_suites_that_are_meant_are_run():
    more = (
        FILES[SUITE].replace("notes.notes", "notes.more").replace("expect: deny", "expect: allow")
    )
    contents = {**FILES, "suites/more.suite.yaml": more}

    ready = prepare({name: text.encode() for name, text in contents.items()}, within="suites/notes")

    assert failing(ready) is None
    assert {place.suite.name for place in ready.places} == {"notes.notes"}


def test_what_has_errors_is_not_prepared():
    with pytest.raises(PolicyError):
        prepared({**FILES, SUITE: FILES[SUITE].replace("subject: eve", "subject: eva")})


@pytest.mark.parametrize(
    ("most", "expected"), [(None, [0, 1, 2, 3, 4]), (5, [0, 1, 2, 3, 4]), (2, [0, 2]), (1, [0])]
)
def test_a_sample_is_spread_evenly(most, expected):
    assert evenly(range(5), most) == expected


def test_the_diff_of_a_file_that_goes():
    mutant = Mutant("file", "it", "notes", "pack.yaml", 1, 1, (Edit(2, 4, ""),), removed="a.yaml")

    assert unified_diff(mutant, {"pack.yaml": "a\nb\nc\n"}, folder="p/") == (
        "--- a/p/pack.yaml\n+++ b/p/pack.yaml\n@@ -1,3 +1,2 @@\n a\n-b\n c\n"
        "--- a/p/a.yaml\n+++ /dev/null\n"
    )


# Changes of the licence pack that somebody might make by hand: the file, what goes, what comes.
BY_HAND = {
    "a window of 169 h": ("common.yaml", 'duration("168h")', 'duration("169h")'),
    "a window that ends a moment early": (
        "common.yaml",
        "now <= lot.added_at +",
        "now < lot.added_at +",
    ),
    "a role left out": ("roles.yaml", "      - billing_profile_contributor\n", ""),
    "a remedy dropped": (
        "reduction-window.yaml",
        "    remedies:\n      - use: schedule-for-renewal\n",
        "",
    ),
    "a deny turned to report": (
        "reduction-window.yaml",
        "  - id: reduction-window-closed\n",
        "  - id: reduction-window-closed\n    mode: report\n",
    ),
    "a list of actions cut": (
        "roles.yaml",
        "actions: [buy_licenses, remove_licenses, redeem_product_key]\n",
        "actions: [buy_licenses, remove_licenses]\n",
    ),
    "a file unlisted": ("pack.yaml", "  - scheduling.yaml\n", ""),
}


@pytest.fixture(scope="module")
def licences() -> Prepared:
    files = Folder(ROOT / "policies" / "licenses")
    return prepare({name: files.read(name) for name in files.names()})


@pytest.fixture(scope="module")
def licence_trials(licences: Prepared) -> Trials:
    return Trials(licences, budget=Budget(near=0, far=0))


@pytest.mark.parametrize(("file", "old", "new"), BY_HAND.values(), ids=BY_HAND)
def test_the_licence_suites_notice_changes_made_by_hand(file, old, new, licences, licence_trials):
    mutant = replacing(licences, file, old, new)
    if file == "pack.yaml":
        gone = old.strip(" -\n")
        mutant = Mutant("by-hand", "it", "", file, 1, 1, mutant.edits, removed=gone)

    assert licence_trials.judge(mutant).state == "noticed"


def test_a_snapshot_has_what_is_read_and_nothing_else(tmp_path):
    for name, text in {**FILES, "notes.txt": "x", "suites/deep/more.yaml": "fixtures: {}"}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    assert sorted(snapshot(Folder(tmp_path), prepared().packs)) == sorted(
        [*FILES, "suites/deep/more.yaml"]
    )
