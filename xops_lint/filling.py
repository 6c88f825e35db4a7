"""Fills into fixes the versions they want: from lock files, environments, caches and, only if asked to, the network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from xops_lint.diagnostic import Diagnostic, PlacedFix, Safety, Wanted
from xops_lint.installed import Held, Machine
from xops_lint.report import Notice, Report
from xops_lint.settings import Settings

if TYPE_CHECKING:
    from xops_lint.online import Network


def filled(report: Report, settings: Settings) -> Report:
    """Return a report whose fixes name versions; with those that cannot be known only shown, or left out."""
    if not report.wants_versions:
        return report
    filler = _Filler(Machine(settings.root), _network() if settings.online else None)
    return replace(
        report,
        diagnostics=tuple(map(filler.fill, report.diagnostics)),
        suppressed=tuple(map(filler.fill, report.suppressed)),
    ).with_notices(filler.unanswered.values())


def _network() -> Network:
    from xops_lint.online import Network

    return Network()


@dataclass
class _Filler:
    """Where versions come from. ``unanswered`` has what the network was asked in vain."""

    machine: Machine
    network: Network | None
    unanswered: dict[Wanted, Notice] = field(default_factory=dict)

    def fill(self, found: Diagnostic) -> Diagnostic:
        """Return a finding whose fix, if it has one, names the versions it wants."""
        if found.fix is None or not found.fix.wants:
            return found
        held = {wanted.placeholder: self._held(wanted, found.place.path) for wanted in found.fix.wants}
        return replace(found, fix=_filled(found.fix, {name: it for name, it in held.items() if it is not None}))

    def _held(self, wanted: Wanted, path: str) -> Held | None:
        if wanted.locked:
            return Held(wanted.locked, "a lock file")
        held = self.machine.version(wanted, path)
        if held is not None or self.network is None:
            return held
        answer = self.network.newest(wanted)
        if not answer.version:
            self.unanswered[wanted] = Notice(path, f"the version of {wanted.name} stays open: {answer.where}")
            return None
        return Held(answer.version, answer.where)


def _filled(fix: PlacedFix, held: dict[str, Held]) -> PlacedFix | None:
    unknown = {wanted.placeholder for wanted in fix.wants} - held.keys()
    edits = [edit for edit in fix.edits if not any(placeholder in edit.text for placeholder in unknown)]
    if not held or not edits:
        return replace(fix, safety=Safety.DISPLAY, wants=()) if fix.shown else None
    title = f"{fix.title}, as in {_listed(it.where for it in held.values())}"
    for placeholder, it in held.items():
        edits = [replace(edit, text=edit.text.replace(placeholder, it.version)) for edit in edits]
    return PlacedFix(title, tuple(edits), fix.safety)


def _listed(places: Iterable[str]) -> str:
    *others, last = dict.fromkeys(places)
    return f"{', '.join(others)} and {last}" if others else last
