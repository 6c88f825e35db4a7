"""Compares a run with the project's baseline, and says what the baseline becomes of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xops_lint import baseline, baseline_file
from xops_lint.baseline import Comparison, Entry
from xops_lint.diagnostic import Diagnostic
from xops_lint.exceptions import BaselineError
from xops_lint.registry import Registry
from xops_lint.report import Report
from xops_lint.settings import Settings
from xops_lint.settings_file import display
from xops_lint.text import Place

_NOT_NARROWING = frozenset({"baseline", "cache", "cache-dir", "fail-on", "jobs", "output-format"})
_NOWHERE = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a run looked at: whole files, with which rules, and whether it was all of the project.

    ``narrowed`` runs have options that leave out rules or files that the settings do not.
    """

    settings: Settings
    registry: Registry
    paths: frozenset[str]
    unread: frozenset[str]
    whole: bool
    narrowed: bool

    @classmethod
    def at(
        cls, report: Report, paths: Iterable[str], named: Sequence[Path], settings: Settings, rules: Registry
    ) -> Looked:
        """Return what a run looked at that read files at the named paths."""
        from xops_lint.engine import RULE_FAILED, SYNTAX_ERROR

        everything = (*report.diagnostics, *report.suppressed)
        unread = {each.place.path for each in everything if each.code in (SYNTAX_ERROR, RULE_FAILED)}
        return cls(
            settings,
            rules,
            frozenset(paths),
            frozenset(unread | {notice.path for notice in report.skipped}),
            settings.anchored and settings.root in {Path(os.path.abspath(path)) for path in named},
            _narrowed(settings),
        )

    def gone(self, path: str) -> bool:
        """Say whether a path is no file any more."""
        return not os.path.lexists(self.settings.root / path)

    def judged(self, entry: Entry) -> bool:
        """Say whether the run would have found an entry again if it were still there."""
        path = entry.path
        if path in self.unread or not (path in self.paths or self.whole):
            return False
        if self.whole and not self.narrowed:
            return True
        enabled = self.settings.enabled(path, self.settings.context(path), self.registry)
        return entry.code in enabled and (path in self.paths or self.gone(path))


def known(path: Path) -> frozenset[Entry]:
    """Return the entries of a baseline."""
    return baseline_file.read(path, display(path))


def compare(report: Report, entries: frozenset[Entry], looked: Looked) -> Comparison:
    """Compare what a run found with the entries of a baseline."""
    return baseline.compare(report.diagnostics, entries, judged=looked.judged, gone=looked.gone)


def compared(report: Report, comparison: Comparison, registry: Registry, where: str = "in the baseline") -> Report:
    """Return the report with what is new alone as findings; the rest stands beside them.

    ``where`` says where the rest is known from.
    """
    absent = tuple(_absent(entry, registry) for entry in comparison.absent)
    return replace(report, diagnostics=comparison.new, baselined=comparison.unchanged, absent=absent, compared=where)


def shrinks(report: Report, comparison: Comparison, looked: Looked) -> bool:
    """Say whether a run may take out what is gone: nothing else may be why it was not found."""
    if report.failed or not looked.whole or looked.narrowed:
        return False
    from xops_lint.engine import SYNTAX_ERROR

    if any(each.code == SYNTAX_ERROR for each in comparison.new):
        # What other files find may hang on a file that somebody is writing just now.
        return False
    return bool(comparison.absent or comparison.moved)


def in_ci(environment: Mapping[str, str]) -> bool:
    """Say whether this is a run of a CI system, which changes no file."""
    return environment.get("CI", "").lower() not in ("", "0", "false")


def with_found(comparison: Comparison) -> frozenset[Entry]:
    """Return the entries of a baseline that holds all that was found."""
    from xops_lint.engine import RULE_FAILED

    added = (Entry.of(each) for each in comparison.new if each.code != RULE_FAILED)
    return comparison.kept | frozenset(added)


def write(path: Path, entries: frozenset[Entry]) -> None:
    """Write a baseline."""
    baseline_file.write(path, entries, display(path))


def unless_failed(report: Report) -> None:
    """Raise BaselineError for a run whose findings may be incomplete."""
    if report.failed:
        raise BaselineError("a rule or a reader failed, so the findings may be incomplete; the baseline is left alone")


def _narrowed(settings: Settings) -> bool:
    """Say whether an option or a variable, not a settings file, chose rules or files."""
    return any(
        key not in _NOT_NARROWING and label.startswith(("--", "XOPS_LINT_")) for key, label in settings.source.items()
    )


def _absent(entry: Entry, registry: Registry) -> Diagnostic:
    """Return an entry as a finding that is no more, which has no place in its file."""
    rule = registry.rules.get(entry.code)
    return Diagnostic(
        code=entry.code,
        name=rule.name if rule else entry.code,
        severity=rule.severity.value if rule else "info",
        confidence=rule.confidence.value if rule else "high",
        principle=rule.principle if rule else "",
        ops=rule.ops if rule else (),
        message="is in the baseline and no longer found",
        harm="",
        help="",
        url=None,
        place=Place(entry.path, *_NOWHERE),
        profile="",
        fingerprint=entry.key,
        scope=entry.scope,
        key=entry.key,
        baseline_state="absent",
    )
