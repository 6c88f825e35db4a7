"""Adds the comments that silence what is found today, so that a team can begin with no finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from xops_lint import examination, runner
from xops_lint.diagnostic import Diagnostic, PlacedEdit
from xops_lint.discovery import FoundFile
from xops_lint.engine import SYNTAX_ERROR
from xops_lint.examination import Job
from xops_lint.fixing import Fixed
from xops_lint.languages.splice import lines_of, splice
from xops_lint.matching import regex
from xops_lint.pool import Progress
from xops_lint.registry import Registry
from xops_lint.report import Notice
from xops_lint.runner import World
from xops_lint.settings import Settings
from xops_lint.suppressions import Policy
from xops_lint.text import LineIndex, Place
from xops_lint.trust import Trust

_AT_END, _ALONE, _OVER_ENTRY = range(3)
"""Where a comment stands: behind the finding's line, above it, above the entry around."""

_PLACES: Final = {
    "python": (_AT_END, _ALONE),
    "notebook": (_AT_END, _ALONE),
    "yaml": (_AT_END, _ALONE, _OVER_ENTRY),
    "toml": (_AT_END, _ALONE),
    "requirements": (_AT_END, _ALONE),
    "dockerfile": (_ALONE,),
    "hcl": (_AT_END, _ALONE, _OVER_ENTRY),
    "pbtxt": (_AT_END, _ALONE, _OVER_ENTRY),
}
"""The places of a comment, by language, in the order in which they are tried."""

_EXISTING: Final = regex(r"#\s*xops:\s*ignore\[(?P<names>[^\]]*)\]")
_OF_THE_TOOL: Final = "XOP00"

_ELSEWHERE: Final = {"json": ": `[[overrides]]` with `routes` can", "yaml": ": `[[overrides]]` with `routes` can"}
"""What silences findings where a language, or the way it is written there, has no place for a comment."""

_UNREAD: Final = "does not parse, so no comment silences it: mend it, exclude it, or name it in `per-file-ignores`"

_Row = tuple[int, int]
"""Cell, 0 without cells, and row."""

_Key = tuple[str, str, _Row, int]
"""What a finding is known by whatever lines were added: path, code, row and column before that."""


def ignore(
    world: World,
    files: Sequence[FoundFile],
    settings: Settings,
    registry: Registry,
    reason: str,
    progress: Progress | None = None,
) -> Fixed:
    """Lint files and add a comment for every finding, at the end of its line or above it; nothing is written."""
    withheld = Trust.of(settings, registry).withheld
    state = _State({file.path: file for file in files}, Job(settings, registry, Policy()), reason, withheld)
    report = checked = runner.run_in(world, files, settings, registry, progress)
    tried: Counter[_Key] = Counter()
    # A comment that silences nothing is no comment where it stands: it goes to the next place, and then nowhere.
    while state.add(report.diagnostics, tried):
        checked = runner.run_in(replace(world, given=dict(state.after)), files, settings, registry, progress)
        failed = [found for found in state.silenceable(checked.diagnostics) if state.places(found, tried)]
        if not failed:
            break
        tried.update({state.key(found) for found in failed})
    left = [Notice(found.place.path, state.remark(found)) for found in state.silenceable(checked.diagnostics)]
    left += [Notice(found.place.path, _UNREAD) for found in checked.diagnostics if found.code == SYNTAX_ERROR]
    return Fixed(checked, state.before, state.after, state.added, tuple(dict.fromkeys(left)))


@dataclass
class _State:
    """What has been added so far."""

    files: Mapping[str, FoundFile]
    job: Job
    reason: str
    withheld: frozenset[str]
    inserted: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    added: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, diagnostics: Iterable[Diagnostic], tried: Mapping[_Key, int]) -> bool:
        """Add comments to the files as they were, each in the place that its finding has got to; say whether any."""
        places = [(found, self.places(found, tried)) for found in self.silenceable(diagnostics)]
        for kept in (self.before, self.after, self.added, self.inserted):
            kept.clear()
        by_path: dict[str, dict[tuple[_Row, int], list[Diagnostic]]] = {}
        for found, left in places:
            if left:
                row = (found.place.cell or 0, found.place.row)
                by_path.setdefault(found.place.path, {}).setdefault((row, left[0]), []).append(found)
        for path, rows in by_path.items():
            self._add_to(path, rows)
        return bool(by_path)

    def silenceable(self, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return the findings that a comment may silence: of chosen rules, and not about the tool's own working."""
        chosen = (each for each in diagnostics if each.code not in self.withheld)
        return [each for each in chosen if not each.code.startswith(_OF_THE_TOOL)]

    def remark(self, found: Diagnostic) -> str:
        """Say that no comment silences a finding, and what does where it is known."""
        file = self.files.get(found.place.path)
        hint = _ELSEWHERE.get(file.language, "") if file is not None else ""
        return f"{found.code} in row {found.place.row} cannot be silenced by a comment there{hint}"

    def places(self, found: Diagnostic, tried: Mapping[_Key, int]) -> tuple[int, ...]:
        """Return the places that are left for a finding's comment."""
        file = self.files.get(found.place.path)
        return _PLACES.get(file.language, ())[tried.get(self.key(found), 0) :] if file is not None else ()

    def key(self, found: Diagnostic) -> _Key:
        """Return the key of a finding, lines that were inserted above it not counted."""
        place, row = found.place, found.place.row
        for count, before in enumerate(sorted(self.inserted.get((place.path, place.cell or 0), ()))):
            row -= place.row > before + count
        return place.path, found.code, (place.cell or 0, row), place.column

    def _add_to(self, path: str, rows: Mapping[tuple[_Row, int], Sequence[Diagnostic]]) -> None:
        file = self.files[path]
        data = examination.content(self.job, file)
        if not isinstance(data, bytes):
            return
        texts = lines_of(file.language, data)
        edits = [self._edit(texts[row[0]], found, way) for (row, way), found in rows.items() if row[0] in texts]
        after = splice(file.language, data, edits)
        if after is not None and not examination.breaks(self.job, file, data, after):
            self.before[path], self.after[path] = data, after
            for found in rows.values():
                for each in found:
                    self.added[path, each.code] = self.added.get((path, each.code), 0) + 1

    def _edit(self, lines: LineIndex, found: Sequence[Diagnostic], way: int) -> PlacedEdit:
        """Return the comment for the findings of one row: among the names of one that is there, or a new one."""
        place = found[0].place
        if way == _OVER_ENTRY:
            place = place._replace(row=_entry_around(lines, place.row))
        line = lines.line(place.row)
        names = ", ".join(dict.fromkeys(each.name for each in found))
        existing = _EXISTING.search(line)
        if existing is not None and way == _AT_END:
            return _insertion(place, existing.end("names") + 1, f", {names}")
        comment = f"# xops: ignore[{names}] {self.reason}".rstrip()
        if way != _AT_END:
            self.inserted.setdefault((place.path, place.cell or 0), []).append(place.row)
            return _insertion(place, 1, f"{line[: len(line) - len(line.lstrip())]}{comment}\n")
        text = line.rstrip()
        return _insertion(place, len(text) + 1, f"  {comment}" if text else comment)


def _entry_around(lines: LineIndex, row: int) -> int:
    """Return the nearest row above that is indented less: where the entry around begins."""
    line = lines.line(row)
    above = ((number, lines.line(number)) for number in range(row - 1, 0, -1))
    return next((number for number, text in above if text.strip() and _indentation(text) < _indentation(line)), row)


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _insertion(place: Place, column: int, text: str) -> PlacedEdit:
    return PlacedEdit(place._replace(column=column, end_row=place.row, end_column=column), text)
