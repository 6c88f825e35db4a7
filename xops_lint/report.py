"""What a run found: what every reporter is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from xops_lint.diagnostic import Diagnostic


class Notice(NamedTuple):
    """A path that was not checked, and why."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one run, in the order of paths, rows, columns and codes.

    ``checked`` counts the files that were read, ``failed`` says that a rule or a
    reader raised, so that the findings may be incomplete.
    """

    diagnostics: tuple[Diagnostic, ...]
    suppressed: tuple[Diagnostic, ...] = ()
    checked: int = 0
    skipped: tuple[Notice, ...] = ()
    failed: bool = False
    seconds: float = 0.0
    root: str = "."

    def with_notices(self, notices: Iterable[Notice]) -> Report:
        """Return the report with further paths that were left out."""
        return replace(self, skipped=(*notices, *self.skipped))
