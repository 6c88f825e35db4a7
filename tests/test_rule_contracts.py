"""What every rule promises, whoever wrote it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from xops_lint.diagnostic import Diagnostic
from xops_lint.page_tests import lint_case
from xops_lint.pages import Case, PageError, PageFile, read_page
from xops_lint.registry import load
from xops_lint.report import Report
from xops_lint.rule import Rule
from xops_lint.selectors import OPS

REGISTRY = load()
RULES = list(REGISTRY.rules.values())
WITH_COMMENTS = (".py", ".yaml", ".yml", ".toml", ".txt", ".dvc", "Dockerfile", "MLproject")
SENTENCE = re.compile(r"[A-Z`\[].*[.]", re.DOTALL)


def name_of(rule: Rule) -> str:
    return rule.name


def bad_cases(rule: Rule) -> list[Case]:
    try:
        return [case for case in read_page(REGISTRY.page(rule)).cases if case.section == "Bad" and case.expected]
    except (OSError, PageError):
        return []  # test_rule_pages.py tells of pages that are missing or broken.


WITH_CASES = [rule for rule in RULES if bad_cases(rule)]


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_a_rule_lives_with_its_principle_and_under_its_name(rule: Rule):
    path = REGISTRY.files[rule.code]

    assert path.parent.name.replace("_", "-") == rule.principle
    assert path.stem.replace("_", "-") == rule.name
    assert rule.code.startswith("XOP")


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_a_rule_belongs_to_disciplines_in_their_order(rule: Rule):
    assert rule.ops
    assert list(rule.ops) == [discipline for discipline in OPS if discipline in rule.ops]


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_a_rule_speaks_in_sentences(rule: Rule):
    sentences = {"summary": rule.summary, "harm": rule.harm, "remedy": rule.remedy}

    assert [field for field, text in sentences.items() if not SENTENCE.fullmatch(text)] == []
    assert [field for field, text in sentences.items() if " ".join(text.split()) != text] == []
    assert len(rule.summary) <= 100


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_a_rule_has_a_check_unless_it_is_the_tools_own(rule: Rule):
    assert rule.targets or rule.principle == "tool"


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_options_say_what_they_do(rule: Rule):
    assert [name for name, option in rule.options.items() if not option.help or option.default is None] == []


@pytest.mark.parametrize("rule", WITH_CASES, ids=name_of)
def test_messages_are_fragments_that_complete_the_code(rule: Rule, tmp_path: Path):
    for number, case in enumerate(bad_cases(rule)):
        for found in lint(case, rule, tmp_path / str(number)).diagnostics:
            message = found.message

            assert not re.match(r"[A-Z][a-z]", message), message
            assert not message.endswith((".", "!")), message
            assert not re.search(r"\b(please|should)\b", message, re.IGNORECASE), message
            assert message == " ".join(message.split())


@pytest.mark.parametrize("rule", [rule for rule in WITH_CASES if rule.principle != "tool"], ids=name_of)
def test_one_suppression_silences_one_finding(rule: Rule, tmp_path: Path):
    case = bad_cases(rule)[0]
    before = lint(case, rule, tmp_path / "before")
    found = next((entry for entry in before.diagnostics if entry.code == rule.code), None)
    assert found is not None
    tried = [
        lint(changed, rule, tmp_path / f"after-{number}") for number, changed in enumerate(silenced(case, found, rule))
    ]

    assert not tried or any(
        found.message in [entry.message for entry in report.suppressed if entry.place.path == found.place.path]
        and len(report.diagnostics) + len(report.suppressed) == len(before.diagnostics)
        for report in tried
    )


def silenced(case: Case, found: Diagnostic, rule: Rule) -> Iterator[Case]:
    """Yield the case with a suppression of one finding, in each form that its file may take."""
    file = next(file for file in case.files if file.path == found.place.path)
    if file.path.endswith(".ipynb"):
        yield with_file(case, file, tagged(file.text, found.place.cell or 1, rule))
    elif file.path.endswith(WITH_COMMENTS):
        lines = file.text.splitlines()
        lines[found.place.row - 1] += f"  # xops: ignore[{rule.code}] on purpose"
        yield with_file(case, file, "\n".join(lines) + "\n")
        # Within a string or a continued line a comment is none.
        yield with_file(case, file, f"{file.text}\n# xops: file-ignore[{rule.name}] on purpose\n")


def with_file(case: Case, file: PageFile, text: str) -> Case:
    return replace(case, files=[file._replace(text=text) if other is file else other for other in case.files])


def tagged(text: str, cell: int, rule: Rule) -> str:
    notebook = json.loads(text)
    metadata = notebook["cells"][cell - 1].setdefault("metadata", {})
    metadata["tags"] = [*metadata.get("tags", ()), f"xops-ignore-{rule.code}"]
    return json.dumps(notebook)


def lint(case: Case, rule: Rule, folder: Path) -> Report:
    folder.mkdir()
    return lint_case(case, rule, REGISTRY, folder)
