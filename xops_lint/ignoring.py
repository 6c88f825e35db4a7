"""Adds the comments that silence what is found today, so that a team can begin with no finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from xops_lint import examination, runner
from xops_lint.diagnostic import Diagnostic, PlacedEdit
from xops_lint.discovery import FoundFile
from xops_lint.examination import Job
from xops_lint.fixing import Fixed
from xops_lint.languages.splice import line_at, splice
from xops_lint.pool import Progress
from xops_lint.registry import Registry
from xops_lint.report import Notice
from xops_lint.runner import World
from xops_lint.settings import Settings
from xops_lint.suppressions import Policy
from xops_lint.text import Place

_ABOVE: Final = frozenset({"dockerfile"})
"""Languages in which a comment needs a line of its own."""

_COMMENTED: Final = frozenset({"python", "notebook", "yaml", "toml", "requirements"}) | _ABOVE
_EXISTING: Final = re.compile(r"#\s*xops:\s*ignore\[(?P<names>[^\]]*)\]")
_OF_THE_TOOL: Final = "XOP00"

_AT_END, _ALONE, _OVER_ENTRY, _NOWHERE = range(4)
"""The places of a comment in the order in which they are tried: the third is above the entry around, in YAML."""

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
    state = _State({file.path: file for file in files}, Job(settings, registry, Policy()), reason)
    report = checked = runner.run_in(world, files, settings, registry, progress)
    ways: dict[_Key, int] = {}
    # A comment that silences nothing is no comment where it stands: it goes to the next place, and then nowhere.
    for _ in range(_NOWHERE + 1):
        state.add(report.diagnostics, ways)
        checked = runner.run_in(replace(world, given=dict(state.after)), files, settings, registry, progress)
        failed = {state.key(found) for found in _silenceable(checked.diagnostics)}
        if all(ways.get(key) == _NOWHERE for key in failed):
            break
        ways.update({key: min(ways.get(key, _AT_END) + 1, _NOWHERE) for key in failed})
    left = [
        Notice(found.place.path, f"{found.code} in row {found.place.row} cannot be silenced by a comment there")
        for found in _silenceable(checked.diagnostics)
    ]
    return Fixed(checked, state.before, state.after, state.added, tuple(dict.fromkeys(left)))


@dataclass
class _State:
    """What has been added so far."""

    files: Mapping[str, FoundFile]
    job: Job
    reason: str
    inserted: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    added: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, diagnostics: Iterable[Diagnostic], ways: Mapping[_Key, int]) -> None:
        """Add comments to the files as they were, each in the way that its finding has got to."""
        self.before.clear()
        self.after.clear()
        self.added.clear()
        self.inserted.clear()
        by_path: dict[str, dict[tuple[_Row, int], list[Diagnostic]]] = {}
        for found in _silenceable(diagnostics):
            place = found.place
            way = ways.get(self.key(found), _AT_END)
            file = self.files.get(place.path)
            if file is not None and file.language in _COMMENTED and way != _NOWHERE:
                way = max(way, _ALONE) if file.language in _ABOVE else way
                by_path.setdefault(place.path, {}).setdefault(((place.cell or 0, place.row), way), []).append(found)
        for path, rows in by_path.items():
            self._add_to(path, rows)

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
        edits = [self._edit(file.language, data, found, way) for (_, way), found in rows.items()]
        after = splice(file.language, data, edits)
        if after is not None and self._problems(file, after) <= self._problems(file, data):
            self.before[path], self.after[path] = data, after
            for found in rows.values():
                for each in found:
                    self.added[path, each.code] = self.added.get((path, each.code), 0) + 1

    def _edit(self, language: str, data: bytes, found: Sequence[Diagnostic], way: int) -> PlacedEdit:
        """Return the comment for the findings of one row: among the names of one that is there, or a new one."""
        place = found[0].place
        line = line_at(language, data, place) or ""
        if way == _OVER_ENTRY and language == "yaml":
            place = _over(language, data, place, line)
            line = line_at(language, data, place) or ""
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

    def _problems(self, file: FoundFile, data: bytes) -> int:
        return len(examination.read(replace(self.job, given={file.path: data}), file).problems)


def _silenceable(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return the findings that a comment may silence: not those about the tool's own working."""
    return [found for found in diagnostics if not found.code.startswith(_OF_THE_TOOL)]


def _over(language: str, data: bytes, place: Place, line: str) -> Place:
    """Return the place of the nearest line above that is indented less: where the entry around begins."""
    for row in range(place.row - 1, 0, -1):
        above = place._replace(row=row)
        text = line_at(language, data, above) or ""
        if text.strip() and _indentation(text) < _indentation(line):
            return above
    return place


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _insertion(place: Place, column: int, text: str) -> PlacedEdit:
    return PlacedEdit(place._replace(column=column, end_row=place.row, end_column=column), text)
