"""What to do next: rules that a project keeps without having turned them on, and the fixes that buy most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from xops_lint import auditing
from xops_lint.audit import Status
from xops_lint.diagnostic import Diagnostic, Safety
from xops_lint.discovery import FoundFile
from xops_lint.pool import Progress
from xops_lint.registry import Registry
from xops_lint.rule import Rule, Severity
from xops_lint.selectors import Selection
from xops_lint.settings import Settings

MOST_FIXES: Final = 10

_WEIGHTS: Final = {Severity.ERROR.value: 3, Severity.WARNING.value: 2, Severity.INFO.value: 1}


@dataclass(frozen=True, slots=True)
class Passing:
    """A rule that is off and would find nothing, though it looked at so many places."""

    rule: Rule
    looked: int


@dataclass(frozen=True, slots=True)
class Repair:
    """The findings of one rule that its fixes mend: how many, in how many files, and how many of them safely."""

    code: str
    name: str
    findings: int
    files: int
    safe: int

    @property
    def command(self) -> str:
        """The command that mends them."""
        unsafe = "" if self.safe == self.findings else " --unsafe-fixes"
        return f"xops-lint check --fix{unsafe} --fixable {self.code}"


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What to do next. ``findings`` counts what is found now, ``mendable`` what fixes of any rule can mend."""

    passing: tuple[Passing, ...]
    repairs: tuple[Repair, ...]
    findings: int
    mendable: int


def suggest(
    files: Sequence[FoundFile],
    project_files: Sequence[FoundFile],
    settings: Settings,
    registry: Registry,
    progress: Progress | None = None,
) -> Suggestions:
    """Run every rule there is on files, and tell what of that is worth doing first."""
    # By their codes rules run wherever a file lies, as they will once their names are selected.
    everything = replace(settings, command=Selection(select=tuple(registry.rules)))
    audit, report = auditing.audit(files, project_files, everything, registry, progress)
    in_force = {file.path: settings.enabled(file.path, settings.context(file.path), registry) for file in files}
    on = frozenset(code for codes in in_force.values() for code in codes)
    passing = [
        Passing(check.rule, check.looked)
        for check in audit.checks
        if check.rule.code not in on and check.status is Status.HOLDS
    ]
    found = [each for each in report.diagnostics if each.code in in_force.get(each.place.path, ())]
    repairs = sorted(_repairs(found), key=lambda pair: (-pair[0], pair[1].code))
    mendable = sum(repair.findings for _, repair in repairs)
    return Suggestions(tuple(passing), tuple(repair for _, repair in repairs[:MOST_FIXES]), len(found), mendable)


def _repairs(found: Sequence[Diagnostic]) -> Iterator[tuple[int, Repair]]:
    """Yield what the fixes of each rule mend, with how much that is worth by the weight of its findings."""
    by_code = defaultdict[str, list[Diagnostic]](list)
    for each in found:
        if each.fix is not None and each.fix.safety is not Safety.DISPLAY:
            by_code[each.code].append(each)
    for code, mended in by_code.items():
        safe = sum(each.fix is not None and each.fix.safety is Safety.SAFE for each in mended)
        paths = {each.place.path for each in mended}
        worth = sum(_WEIGHTS[each.severity] for each in mended)
        yield worth, Repair(code, mended[0].name, len(mended), len(paths), safe)
