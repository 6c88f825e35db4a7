"""The scorecard of a project: per principle, what holds, what is broken, and what nobody can know from its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from xops_lint import data_files
from xops_lint.diagnostic import Diagnostic
from xops_lint.rule import PRINCIPLES, Rule, Severity
from xops_lint.text import Place

_WEIGHTS: Final = {Severity.ERROR: 3, Severity.WARNING: 2, Severity.INFO: 1}


class Status(str, Enum):
    """What came of a check."""

    HOLDS = "holds"
    ACCEPTED = "accepted"
    BROKEN = "broken"
    NOTHING = "nothing to look at"


_WORTH: Final = {Status.HOLDS: 1.0, Status.ACCEPTED: 0.5, Status.BROKEN: 0.0}


@dataclass(frozen=True, slots=True)
class Check:
    """A rule and what came of it: findings, those that are suppressed with a reason, and what it looked at.

    ``looked`` counts the places it looked at, ``evidence`` are the first of them.
    """

    rule: Rule
    findings: tuple[Diagnostic, ...] = ()
    accepted: tuple[Diagnostic, ...] = ()
    evidence: tuple[Place, ...] = ()
    looked: int = 0

    @property
    def status(self) -> Status:
        """What came of the check."""
        if self.findings:
            return Status.BROKEN
        if self.accepted:
            return Status.ACCEPTED
        return Status.HOLDS if self.evidence else Status.NOTHING


@dataclass(frozen=True, slots=True)
class Item:
    """A demand of a framework, the checks that speak to it, and what their outcome says of it.

    ``status`` is None where no check of the audit speaks to it, ``off`` names rules that
    would if they were on, and ``beyond`` says what no check sees.
    """

    id: str
    title: str
    checks: tuple[Check, ...]
    off: tuple[str, ...] = ()
    beyond: str = ""

    @property
    def status(self) -> Status | None:
        """What the checks say together: the worst of them, as far as they had anything to look at."""
        if not self.checks:
            return None
        found = {check.status for check in self.checks}
        return next(
            status for status in (Status.BROKEN, Status.ACCEPTED, Status.HOLDS, Status.NOTHING) if status in found
        )

    @property
    def says(self) -> str:
        """The outcome in words."""
        if self.status is not None:
            return self.status.value
        return f"off: {', '.join(self.off)}" if self.off else "no check speaks to it"


@dataclass(frozen=True, slots=True)
class Framework:
    """A published list of demands on systems that learn."""

    name: str
    source: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """All checks of a run over a project; ``files`` counts those that were read."""

    name: str
    checks: tuple[Check, ...]
    files: int = 0

    @property
    def principles(self) -> Mapping[str, Sequence[Check]]:
        """The checks by principle, in the order of these."""
        names = [name for digit, name in PRINCIPLES.items() if digit != "0"]
        return {name: [check for check in self.checks if check.rule.principle == name] for name in names}

    @property
    def disciplines(self) -> Mapping[str, Sequence[Check]]:
        """The checks by ops discipline."""
        names = sorted({name for check in self.checks for name in check.rule.ops})
        return {name: [check for check in self.checks if name in check.rule.ops] for name in names}

    @property
    def score(self) -> int:
        """The mean of the principles' scores; one for which there is no evidence adds nothing to it."""
        scores = [score(checks) or 0 for checks in self.principles.values()]
        return round(sum(scores) / len(scores))


def score(checks: Iterable[Check]) -> int | None:
    """Return the share of checks that hold, of 100, weighted by severity; None if none had anything to look at.

    One more warning counts as broken, as in Laplace's rule of succession: the less there
    is to look at, the less is shown, so that deleting what holds always lowers the score.
    """
    judged = [check for check in checks if check.status is not Status.NOTHING]
    if not judged:
        return None
    whole = sum(_WEIGHTS[check.rule.severity] for check in judged) + _WEIGHTS[Severity.WARNING]
    return round(100 * sum(_WORTH[check.status] * _WEIGHTS[check.rule.severity] for check in judged) / whole)


def beyond(principle: str) -> Sequence[str]:
    """Return what no look at the files of a project can tell of a principle."""
    sentences: Sequence[str] = data_files.load("audit.yaml")["beyond"][principle]
    return sentences


def frameworks(audit: Audit) -> Sequence[Framework]:
    """Return the published lists of demands, each with the checks that speak to its items."""
    by_name = {check.rule.name: check for check in audit.checks}
    return [
        Framework(each["name"], each["source"], tuple(_item(item, by_name) for item in each["items"]))
        for each in data_files.load("audit.yaml")["frameworks"]
    ]


def _item(item: Mapping[str, Any], by_name: Mapping[str, Check]) -> Item:
    names = item.get("rules", ())
    checks = tuple(by_name[name] for name in names if name in by_name)
    off = tuple(name for name in names if name not in by_name)
    return Item(item["id"], item["title"], checks, off, item.get("beyond", ""))
