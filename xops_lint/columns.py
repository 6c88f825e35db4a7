"""Which columns of a table a value holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the table that call ``table`` made: those ``kept``, or all, but for the ``dropped`` ones."""

    table: int
    kept: frozenset[str] | None = None
    dropped: frozenset[str] = frozenset()

    def hold(self, name: str) -> bool:
        """Say whether the column of this name is among them, if the table has one."""
        return (self.kept is None or name in self.kept) and name not in self.dropped

    @property
    def single(self) -> str | None:
        """The name of the only column, if there is but one."""
        return next(iter(self.kept)) if self.kept is not None and len(self.kept) == 1 else None

    def only(self, names: Iterable[str]) -> Columns:
        """Return these columns alone."""
        return Columns(self.table, frozenset(names))

    def without(self, names: Iterable[str]) -> Columns:
        """Return the columns but for these."""
        return Columns(self.table, self.kept, self.dropped | frozenset(names))

    def narrowed(self, taken: Columns) -> Columns:
        """Return those of these columns that were taken of another table which has come out to be this one."""
        kept = self.kept if taken.kept is None else taken.kept
        return Columns(self.table, kept, self.dropped | taken.dropped)
