"""Runs the cases of rule pages through the linter, and tells what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from xops_lint import settings_loading
from xops_lint.diagnostic import Diagnostic, Safety
from xops_lint.discovery import FoundFile
from xops_lint.engine import RULE_FAILED, SYNTAX_ERROR
from xops_lint.file_names import language_of
from xops_lint.fixing import fix
from xops_lint.matching import regex
from xops_lint.pages import Case, Expected
from xops_lint.registry import Registry
from xops_lint.report import Report
from xops_lint.rule import Rule
from xops_lint.runner import World, run_in
from xops_lint.selectors import ALL
from xops_lint.settings import Settings

SETTINGS = "xops-lint.toml"
"""The file with which a case sets the options of its rule."""

_WORD = regex(r"[A-Z]{3}\d{3}|[a-z]+(?:-[a-z]+)+")


class Difference(NamedTuple):
    """One finding that is missing from a report, or too much in it."""

    sign: str
    finding: Expected

    def __str__(self) -> str:
        finding = self.finding
        cell = f"cell {finding.cell}:" if finding.cell else ""
        end = f"-{finding.end_column}" if finding.end_column else ""
        return f"{self.sign} {finding.path}:{cell}{finding.row}:{finding.column}{end} {finding.message}"


def lint_case(case: Case, rule: Rule, registry: Registry, folder: Path) -> Report:
    """Write a case into an empty folder and lint it with one rule.

    The rules of the tool itself judge suppressions: they run together with the
    rules that the case names.
    """
    registry = _narrowed(case, rule, registry)
    settings = _prepared(case, registry, folder)
    files = tuple(_files(case, folder))
    return run_in(World(files, lambda: _tracked(case)), files, settings, registry)


def mend_case(case: Case, rule: Rule, registry: Registry, folder: Path) -> dict[str, str]:
    """Write a case into an empty folder and mend it with one rule; return the files that change, as they become."""
    registry = _narrowed(case, rule, registry)
    settings = _prepared(case, registry, folder)
    files = tuple(_files(case, folder))
    allowed = frozenset({Safety.SAFE, Safety.UNSAFE})
    fixed = fix(World(files, lambda: _tracked(case)), files, settings, registry, allowed)
    return {path: content.decode("utf-8") for path, content in fixed.after.items()}


def _prepared(case: Case, registry: Registry, folder: Path) -> Settings:
    """Write a case into a folder, and return the settings by which it is linted."""
    write(case, folder)
    chosen = tuple(registry.rules) if case.profile is None else (ALL,)
    options = settings_loading.load((folder,)).options if any(file.path == SETTINGS for file in case.files) else {}
    return Settings(folder, select=chosen, preview=True, command_profile=case.profile, jobs=1, options=options)


def _tracked(case: Case) -> frozenset[str]:
    return frozenset(file.path for file in case.files if file.tracked)


def write(case: Case, folder: Path) -> None:
    """Write the files of a case; what is not tracked is also ignored by git."""
    for file in case.files:
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.text.encode("utf-8"))
    untracked = [file.path for file in case.files if not file.tracked]
    if untracked:
        (folder / ".gitignore").write_text("".join(f"/{path}\n" for path in untracked), "utf-8")


def differences(expected: Sequence[Expected], diagnostics: Iterable[Diagnostic]) -> list[Difference]:
    """Return what a report lacks (``-``) and what it has too much (``+``), by place."""
    ends = {_start(finding): finding.end_column for finding in expected}
    found = Counter(_found(diagnostic, ends) for diagnostic in diagnostics)
    wanted = Counter(expected)
    missing = [Difference("-", finding) for finding in (wanted - found).elements()]
    surplus = [Difference("+", finding) for finding in (found - wanted).elements()]
    return sorted([*missing, *surplus], key=lambda difference: (_start(difference.finding), difference.sign))


def _found(diagnostic: Diagnostic, ends: dict[tuple[str, int, int, int], int | None]) -> Expected:
    place = diagnostic.place
    found = Expected(place.path, place.cell, place.row, place.column, place.end_column, diagnostic.message)
    # A page can mark no end of a finding that spans lines, and need not mark others.
    if place.end_row != place.row:
        return found._replace(end_column=ends.get(_start(found)))
    return found._replace(end_column=None) if ends.get(_start(found), 0) is None else found


def _start(finding: Expected) -> tuple[str, int, int, int]:
    return (finding.path, finding.cell or 0, finding.row, finding.column)


def _files(case: Case, folder: Path) -> Iterable[FoundFile]:
    for file in sorted(case.files):
        language = language_of(file.path)
        if language is not None and file.tracked:
            yield FoundFile(file.path, folder / file.path, language, explicit=False)


def _narrowed(case: Case, rule: Rule, registry: Registry) -> Registry:
    """Keep the rule, those that tell of failures, and for the tool's own rules those the case names."""
    kept = {rule.code, SYNTAX_ERROR, RULE_FAILED}
    if rule.principle == "tool":
        words = {word for file in case.files for word in _WORD.findall(file.text)}
        kept |= {code for code, other in registry.rules.items() if not words.isdisjoint((code, other.name))}
    rules = {code: other for code, other in registry.rules.items() if code in kept}
    return Registry(rules, registry.files, registry.packs)
