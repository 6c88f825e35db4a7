"""The ledger of suppressions: each that a project has, in a file or in its settings, and what it silences."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from xops_lint import discovery, git, runner
from xops_lint.diagnostic import Diagnostic
from xops_lint.discovery import Discovered
from xops_lint.fingerprints import distinct
from xops_lint.git import Written
from xops_lint.matching import regex
from xops_lint.patterns import matches
from xops_lint.registry import Registry
from xops_lint.report import Report
from xops_lint.settings import Settings
from xops_lint.suppressions import Standing
from xops_lint.text import Place

ACTIVE: Final = "active"
EXPIRED: Final = "expired"
UNUSED: Final = "unused"
LOCKED: Final = "locked"
OFF: Final = "off"

STATES: Final[Mapping[str, str]] = {
    ACTIVE: "silences findings",
    EXPIRED: "expired",
    UNUSED: "silences nothing",
    LOCKED: "silences nothing: the settings lock its rules",
    OFF: "silences nothing: its rules are off here",
}
"""The states of a suppression, in words."""

_COMMENT = regex(r"""^(?:[^#"']|"(?:\\.|[^"\\])*"|'[^']*')*#\s*(?P<text>.*?)\s*$""")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One suppression: where it stands, what it is for, and what it does.

    ``rules`` are codes, of settings a selector; ``idle`` those of them that silence nothing.
    ``key`` is the settings' key, with the pattern of the files, and empty for what stands in a file.
    """

    place: Place
    form: str
    rules: tuple[str, ...]
    reason: str
    until: date | None
    state: str
    silenced: tuple[Diagnostic, ...]
    idle: tuple[str, ...]
    key: str = ""
    written: Written | None = None


class Ledger(NamedTuple):
    """All suppressions in the order of their places, and the run that told what they do."""

    suppressions: tuple[Suppression, ...]
    report: Report


def collect(
    found: Discovered,
    named: Sequence[Path],
    settings: Settings,
    registry: Registry,
    today: date,
) -> Ledger:
    """Lint as if the settings ignored nothing, and see what each suppression at the named paths is good for.

    What settings ignore may lie anywhere in the project.
    """
    ignores = [ignore for ignore in _ignores(settings) if _is_below(ignore.file, named)]
    project = discovery.project(found, named, settings)
    files = project if ignores else found.files
    report = runner.run(files, _without_ignores(settings), registry, project_files=project)
    paths = {file.path for file in found.files}
    standing = [each for each in report.standing if each.directive.place.path in paths]
    in_files = [_of_directive(each, settings, registry, today) for each in standing]
    in_settings = _of_settings(ignores, settings, registry, (*report.diagnostics, *report.suppressed))
    every = sorted((*in_files, *in_settings), key=_order)
    return Ledger(tuple(_with_authors(every, settings.root)), report)


def _order(each: Suppression) -> tuple[str, int, int, int, tuple[str, ...]]:
    place = each.place
    return (place.path, place.cell or 0, place.row, place.column, each.rules)


def _without_ignores(settings: Settings) -> Settings:
    overrides = (replace(override, selection=replace(override.selection, ignore=())) for override in settings.overrides)
    return replace(
        settings, ignore=(), extend_ignore=(), per_file_ignores={}, overrides=tuple(overrides), suppressions=True
    )


def _of_directive(standing: Standing, settings: Settings, registry: Registry, today: date) -> Suppression:
    directive, path = standing.directive, standing.directive.place.path
    enabled = settings.enabled(path, settings.context(path), registry)
    silenced = tuple(distinct(found for found in standing.silenced if found.code in enabled))
    ran = standing.ran & enabled.keys()
    codes = tuple(cover.code for cover in directive.covers)
    idle = tuple(code for code in codes if code in ran and all(found.code != code for found in silenced))
    state = ACTIVE if silenced else UNUSED
    if directive.until is not None and directive.until < today:
        state = EXPIRED
    elif not silenced and not ran:
        state = OFF
    elif not silenced and ran <= settings.locked_codes(registry):
        state = LOCKED
    return Suppression(directive.place, directive.form, codes, directive.reason, directive.until, state, silenced, idle)


class _Ignore(NamedTuple):
    """Selectors that a row of a settings file ignores, for the files of some patterns; of all files without any."""

    key: str
    file: Path
    row: int
    selectors: tuple[str, ...]
    patterns: tuple[str, ...]

    def matches(self, path: str) -> bool:
        """Say whether a path's findings are ignored."""
        return not self.patterns or matches(self.patterns, path)


def _of_settings(
    ignores: Iterable[_Ignore], settings: Settings, registry: Registry, found: Iterable[Diagnostic]
) -> Iterator[Suppression]:
    """Yield a suppression of each selector that the settings ignore."""
    silent = [each for each in found if not _enabled(each, settings, registry)]
    for ignore in ignores:
        lines = ignore.file.read_text("utf-8-sig").splitlines()
        for selector in ignore.selectors:
            codes = registry.match(selector)
            silenced = tuple(
                distinct(each for each in silent if each.code in codes and ignore.matches(each.place.path))
            )
            row = _row_of(selector, lines, ignore.row)
            yield Suppression(
                place=Place(discovery.relative(ignore.file, settings.root), row, 1, row, 1),
                form="settings",
                rules=(selector,),
                reason=_reason(lines, row),
                until=None,
                state=ACTIVE if silenced else UNUSED,
                silenced=silenced,
                idle=() if silenced else (selector,),
                key=ignore.key,
            )


def _enabled(found: Diagnostic, settings: Settings, registry: Registry) -> bool:
    path = found.place.path
    return found.code in settings.enabled(path, settings.context(path), registry)


def _ignores(settings: Settings) -> Iterator[_Ignore]:
    """Yield what the settings files ignore; what the command line does is for one run."""
    for key, selectors in (("ignore", settings.ignore), ("extend-ignore", settings.extend_ignore)):
        if selectors:
            yield _Ignore(key, *_source(settings, key), selectors, ())
    for pattern, selectors in settings.per_file_ignores.items():
        source = _source(settings, "per-file-ignores", pattern)
        yield _Ignore(f"per-file-ignores: {pattern}", *source, selectors, (pattern,))
    for index, override in enumerate(settings.overrides):
        if override.selection.ignore:
            routes = (("overrides", str(index), key) for key in ("ignore", "extend-ignore"))
            route = next(route for route in routes if ".".join(route) in settings.source)
            key = f"overrides: {', '.join(override.files)}"
            yield _Ignore(key, *_source(settings, *route), override.selection.ignore, override.files)


def _source(settings: Settings, *route: str) -> tuple[Path, int]:
    """Return the file and the row of a key."""
    file, _, row = settings.source_of(*route).rpartition(":")
    return Path(os.path.abspath(file)), int(row)


def _is_below(file: Path, named: Iterable[Path]) -> bool:
    return any(file.is_relative_to(os.path.abspath(path)) for path in named)


def _row_of(selector: str, lines: Sequence[str], row: int) -> int:
    """Return the row from a key's on that names a selector."""
    quoted = (f'"{selector}"', f"'{selector}'")
    rows = (number for number in range(row, len(lines) + 1) if any(word in lines[number - 1] for word in quoted))
    return next(rows, row)


def _reason(lines: Sequence[str], row: int) -> str:
    """Return the comment at the end of a line, or those alone above it."""
    own = _COMMENT.match(lines[row - 1])
    if own:
        return own["text"]
    above: list[str] = []
    for line in reversed(lines[: row - 1]):
        if not line.lstrip().startswith("#"):
            break
        above.insert(0, line.strip().lstrip("#").strip())
    return " ".join(above)


def _with_authors(suppressions: Sequence[Suppression], root: Path) -> Iterator[Suppression]:
    """Yield suppressions with who wrote them, where git knows; it is asked once a file."""
    rows: dict[str, set[int]] = {}
    for each in suppressions:
        rows.setdefault(each.place.path, set()).add(_file_row(each.place))
    authors: Mapping[str, Mapping[int, Written]] = {
        path: git.blamed(root / path, sorted(wanted)) for path, wanted in rows.items()
    }
    for each in suppressions:
        yield replace(each, written=authors[each.place.path].get(_file_row(each.place)))


def _file_row(place: Place) -> int:
    return place.raw_row or place.row
