"""What a run found: what every reporter is given."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from xops_lint.diagnostic import Diagnostic
from xops_lint.text import Place

if TYPE_CHECKING:
    from xops_lint.suppressions import Standing


class Notice(NamedTuple):
    """A path that was not checked, and why."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one run, in the order of paths, rows, columns and codes.

    ``checked`` counts the files that were read, ``failed`` says that a rule or a
    reader raised, so that the findings may be incomplete. ``compared`` says in words with
    what findings are compared, if they are: the diagnostics are what is new, ``baselined`` are known there,
    ``absent`` stand for entries that are no longer found. ``standing`` tells of every
    suppression in the files what it does, ``cache`` in words what was known of the files before.
    """

    diagnostics: tuple[Diagnostic, ...]
    suppressed: tuple[Diagnostic, ...] = ()
    checked: int = 0
    skipped: tuple[Notice, ...] = ()
    failed: bool = False
    seconds: float = 0.0
    root: str = "."
    compared: str = ""
    baselined: tuple[Diagnostic, ...] = ()
    absent: tuple[Diagnostic, ...] = ()
    standing: tuple[Standing, ...] = ()
    cache: str = ""

    def with_known(self) -> tuple[Diagnostic, ...]:
        """Return all findings in order, those too that were known before."""
        if not self.compared:
            return self.diagnostics
        return tuple(sorted((*self.diagnostics, *self.baselined, *self.absent), key=Diagnostic.sort_key))

    @property
    def wants_versions(self) -> bool:
        """Whether fixes wait for versions that no file of the project tells."""
        return any(found.fix is not None and found.fix.wants for found in (*self.diagnostics, *self.suppressed))

    def with_notices(self, notices: Iterable[Notice]) -> Report:
        """Return the report with further paths that were left out."""
        return replace(self, skipped=(*notices, *self.skipped))

    def seen_from(self, folder: str) -> Report:
        """Return the report with paths as somebody in ``folder`` would write them.

        Fingerprints stay: they are of paths from the root.
        """
        way = os.path.relpath(self.root, folder).replace(os.sep, "/")
        if way == ".":
            return self
        return replace(
            self,
            diagnostics=tuple(_moved(found, way) for found in self.diagnostics),
            suppressed=tuple(_moved(found, way) for found in self.suppressed),
            baselined=tuple(_moved(found, way) for found in self.baselined),
            absent=tuple(_moved(found, way) for found in self.absent),
            skipped=tuple(Notice(_path(notice.path, way), notice.message) for notice in self.skipped),
        )


def _moved(found: Diagnostic, way: str) -> Diagnostic:
    fix = found.fix
    return replace(
        found,
        place=_place(found.place, way),
        related=tuple(replace(related, place=_place(related.place, way)) for related in found.related),
        fix=fix and replace(fix, edits=tuple(replace(edit, place=_place(edit.place, way)) for edit in fix.edits)),
    )


def _place(place: Place, way: str) -> Place:
    return place._replace(path=_path(place.path, way))


def _path(path: str, way: str) -> str:
    return os.path.normpath(f"{way}/{path}").replace(os.sep, "/")
