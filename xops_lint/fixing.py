"""Applies fixes until nothing changes any more, in memory; and writes what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple

from xops_lint import examination, runner
from xops_lint.diagnostic import Diagnostic, PlacedEdit, PlacedFix, Safety
from xops_lint.discovery import FoundFile
from xops_lint.examination import Job
from xops_lint.languages.splice import splice
from xops_lint.pool import Progress
from xops_lint.registry import Registry
from xops_lint.replacing import replace_file
from xops_lint.report import Notice, Report
from xops_lint.runner import World
from xops_lint.settings import Settings
from xops_lint.suppressions import Policy

Contents = Callable[[str], bytes | None]
"""Gives what is in a file by now, None if it cannot be read."""

Choose = Callable[[Sequence[Diagnostic], Contents], Sequence[Diagnostic]]
"""Says which findings are to be mended in a round."""

ROUNDS: Final = 10
"""Fixes that go on for more rounds than this do not converge."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What fixing came to: what is left, the files before and after, and which rule was applied where how often.

    ``left_alone`` tells of fixes that were dropped: they broke the file or would have gone on for ever.
    """

    report: Report
    before: Mapping[str, bytes] = field(default_factory=dict)
    after: Mapping[str, bytes] = field(default_factory=dict)
    applied: Mapping[tuple[str, str], int] = field(default_factory=dict)
    left_alone: tuple[Notice, ...] = ()


def fix(
    world: World,
    files: Sequence[FoundFile],
    settings: Settings,
    registry: Registry,
    allowed: frozenset[Safety],
    progress: Progress | None = None,
    choose: Choose = lambda diagnostics, contents: diagnostics,
) -> Fixed:
    """Lint files and apply the fixes that are allowed and chosen, round by round; nothing is written."""
    state = _State({file.path: file for file in files}, Job(settings, registry, Policy()), allowed, dict(world.given))
    for _ in range(ROUNDS):
        report = runner.run_in(replace(world, given=dict(state.given)), files, settings, registry, progress)
        chosen = choose(report.diagnostics, state.content)
        if not state.round(chosen):
            break
    else:
        state.give_up(chosen)
        report = runner.run_in(replace(world, given=dict(state.given)), files, settings, registry, progress)
    after = {path: state.given[path] for path in state.before}
    return Fixed(report, state.before, after, state.applied, tuple(state.left_alone))


def write(fixed: Fixed, root: Path) -> list[Notice]:
    """Write the files that were fixed; return a notice for every one that could not be, or that changed meanwhile."""
    notices = []
    for path, content in fixed.after.items():
        target = root / path
        try:
            if target.read_bytes() != fixed.before[path]:
                notices.append(Notice(path, "changed while it was fixed, so it is left alone"))
            else:
                replace_file(target, content)
        except OSError as error:
            notices.append(Notice(path, f"cannot be fixed: {error.strerror}"))
    return notices


def apart(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return findings whose fixes do not touch one another; of two that do the first."""
    return [found for found, _ in _apart([(found, found.fix) for found in diagnostics if found.fix is not None])]


def _fixable(diagnostics: Iterable[Diagnostic], allowed: frozenset[Safety]) -> list[tuple[Diagnostic, PlacedFix]]:
    """Return the findings whose fix may be applied, in their order."""
    return [(found, found.fix) for found in diagnostics if found.fix is not None and found.fix.safety in allowed]


class _Span(NamedTuple):
    """What an edit touches: cell, row and column of its start and of its end."""

    start: tuple[int, int, int]
    end: tuple[int, int, int]


@dataclass
class _State:
    """What has been fixed so far. ``barred`` are the rules whose fixes are no longer tried in a file."""

    files: Mapping[str, FoundFile]
    job: Job
    allowed: frozenset[Safety]
    given: dict[str, bytes]
    before: dict[str, bytes] = field(default_factory=dict)
    applied: Counter[tuple[str, str]] = field(default_factory=Counter)
    barred: set[tuple[str, str]] = field(default_factory=set)
    seen: set[tuple[str, bytes]] = field(default_factory=set)
    left_alone: list[Notice] = field(default_factory=list)

    def round(self, diagnostics: Iterable[Diagnostic]) -> bool:
        """Apply what does not overlap; say whether any file changed."""
        by_path: dict[str, list[tuple[Diagnostic, PlacedFix]]] = {}
        for found, fix in _fixable(diagnostics, self.allowed):
            path = found.place.path
            if path in self.files and (path, found.code) not in self.barred:
                by_path.setdefault(path, []).append((found, fix))
        changed = [self._mend(path, fixes) for path, fixes in by_path.items()]
        return any(changed)

    def give_up(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Tell of the rules that still want to change something after the last round."""
        for found, _ in _fixable(diagnostics, self.allowed):
            self._bar(found.place.path, found.code, "goes on changing the file")

    def _mend(self, path: str, fixes: Sequence[tuple[Diagnostic, PlacedFix]]) -> bool:
        chosen = _apart(fixes)
        data = self.content(path)
        if data is None:
            return False
        self.seen.add((path, data))
        if not self._try(path, data, chosen):
            # One of them is at fault: each has to show what it does by itself; the others' turn comes.
            chosen = next(([each] for each in chosen if self._try(path, data, [each])), [])
            if not chosen:
                return False
        self.before.setdefault(path, data)
        self.applied.update((path, found.code) for found, _ in chosen)
        return True

    def _try(self, path: str, data: bytes, chosen: Sequence[tuple[Diagnostic, PlacedFix]]) -> bool:
        """Keep the file as these fixes make it, if it is one that can still be read and was not there before."""
        edits = [edit for _, fix in chosen for edit in fix.edits]
        after = splice(self.files[path].language, data, edits)
        what = ""
        if after is None or examination.breaks(self.job, self.files[path], data, after):
            what = "would break the file"
        elif (path, after) in self.seen:
            what = "goes on changing the file"
        if what or after is None:
            if len(chosen) == 1:
                self._bar(path, chosen[0][0].code, what)
            return False
        self.given[path] = after
        return True

    def content(self, path: str) -> bytes | None:
        """Return what a file has become."""
        found = examination.content(replace(self.job, given=self.given), self.files[path])
        return found if isinstance(found, bytes) else None

    def _bar(self, path: str, code: str, what: str) -> None:
        if (path, code) not in self.barred:
            self.barred.add((path, code))
            self.left_alone.append(Notice(path, f"the fix of {code} {what}, so it is left out: please report it"))


def _apart(fixes: Sequence[tuple[Diagnostic, PlacedFix]]) -> list[tuple[Diagnostic, PlacedFix]]:
    """Return fixes of which no two touch the same place; of two that do the first finding's."""
    chosen: list[tuple[Diagnostic, PlacedFix]] = []
    taken: list[_Span] = []
    for found, fix in fixes:
        spans = [_span(edit) for edit in fix.edits]
        if not any(start <= other.end and other.start <= end for start, end in spans for other in taken):
            chosen.append((found, fix))
            taken += spans
    return chosen


def _span(edit: PlacedEdit) -> _Span:
    place = edit.place
    cell = place.cell or 0
    return _Span((cell, place.row, place.column), (cell, place.end_row, place.end_column))
