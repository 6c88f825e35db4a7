"""Every page in rules/ and tests/rules/ is a test of its rule."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from xops_lint.engine import RULE_FAILED, SYNTAX_ERROR
from xops_lint.page_tests import differences, lint_case
from xops_lint.pages import SECTIONS, Case, Page, PageError, read_page
from xops_lint.registry import Registry, load
from xops_lint.rule import Rule

ROOT = Path(__file__).parent.parent
RULE_FILES = sorted(path for path in (ROOT / "rules").glob("*/*.py") if path.name != "__init__.py")
FURTHER_PAGES = sorted((ROOT / "tests" / "rules").glob("*/*.md"))

WITHOUT_CASES = {
    "XOP002": "no file makes a rule raise, unless the rule has a bug; see test_engine.py",
}
FEWEST_CASES = 2


def rule_of(path: Path) -> Rule:
    """Return the rule of a page or of a rule file, whatever state the other rules are in."""
    rule: Rule = importlib.import_module(f"xops_lint.rules.{path.parent.name}.{path.stem}").RULE
    return rule


@cache
def registry_for(path: Path) -> Registry:
    if path.parent.name == "tool":
        return load()
    book = [path, *(ROOT / "rules" / "tool" / f"{name}.py" for name in ("syntax_error", "rule_failed"))]
    rules = {rule_of(file).code: rule_of(file) for file in book}
    return Registry(rules, dict(zip(rules, book)))


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def cases() -> Iterator[object]:
    pages = [path.with_suffix(".md") for path in RULE_FILES if path.with_suffix(".md").is_file()]
    for path in [*pages, *FURTHER_PAGES]:
        further = "further-" if path in FURTHER_PAGES else ""
        try:
            page = read_page(path)
        except PageError as error:
            yield pytest.param(error, None, id=f"{name_of(path)}-unreadable")
            continue
        for case in page.cases:
            yield pytest.param(page, case, id=f"{name_of(path)}-{further}{case.id}")


@pytest.mark.parametrize(("page", "case"), list(cases()))
def test_a_page_tells_what_its_rule_finds(page: Page | PageError, case: Case | None, tmp_path: Path):
    if isinstance(page, PageError) or case is None:
        pytest.fail(str(page), pytrace=False)
    rule = rule_of(page.path)
    marked = f"{page.path.relative_to(ROOT)}:{case.row}"
    if case.section == "Bad" and not case.expected:
        pytest.fail(f"{marked}: a Bad case marks no finding", pytrace=False)
    if case.section in ("Good", "Fixed") and case.expected:
        pytest.fail(f"{marked}: a {case.section} case marks findings", pytrace=False)

    report = lint_case(case, rule, registry_for(page.path), tmp_path)

    # A file that does not parse, or a rule that raises, spoils any other page.
    shown = [found for found in report.diagnostics if found.code in (rule.code, SYNTAX_ERROR, RULE_FAILED)]
    found = differences(case.expected, shown)
    if found:
        listed = "\n".join(map(str, found))
        pytest.fail(f"{marked}: {case.id}, - marked and not found, + found and not marked\n{listed}", pytrace=False)


@pytest.mark.parametrize("path", RULE_FILES, ids=name_of)
def test_a_rule_has_a_whole_page(path: Path):
    rule = rule_of(path)
    assert path.with_suffix(".md").is_file(), f"{rule.name} has no page"
    page = read_page(path.with_suffix(".md"))

    assert (page.name, page.code) == (rule.name, rule.code)
    assert path.stem == rule.name.replace("-", "_")
    assert [section for section in SECTIONS if section not in page.sections] == []
    if rule.code not in WITHOUT_CASES:
        counts = {section: sum(case.section == section for case in page.cases) for section in ("Bad", "Good")}
        assert [section for section, count in counts.items() if count < FEWEST_CASES] == [], counts


@pytest.mark.parametrize("path", RULE_FILES, ids=name_of)
def test_summary_docstring_and_page_say_the_same(path: Path):
    rule = rule_of(path)
    docstring = (importlib.import_module(f"xops_lint.rules.{path.parent.name}.{path.stem}").__doc__ or "").split("\n\n")

    assert " ".join(docstring[0].split()) == rule.summary
    if path.with_suffix(".md").is_file():
        assert read_page(path.with_suffix(".md")).summary == rule.summary


@pytest.mark.parametrize("path", FURTHER_PAGES, ids=name_of)
def test_a_further_page_belongs_to_a_rule(path: Path):
    page, rule = read_page(path), rule_of(path)

    assert (page.name, page.code) == (rule.name, rule.code)
    assert page.cases
