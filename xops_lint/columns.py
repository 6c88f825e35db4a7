"""Which columns of a table a value holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the table that call ``table`` made: those ``kept``, or all, but for the ``dropped`` ones.

    ``open`` tells that there may be more than those kept. ``record`` is the class whose fields all the
    columns are, by their aliases if ``aliased``.
    """

    table: int
    kept: frozenset[str] | None = None
    dropped: frozenset[str] = frozenset()
    open: bool = False
    record: str = ""
    aliased: bool = False

    def hold(self, name: str) -> bool:
        """Say whether the column of this name is among them, if the table has one."""
        return (self.kept is None or name in self.kept) and name not in self.dropped

    @property
    def single(self) -> str | None:
        """The name of the only column, if there is but one."""
        return next(iter(self.kept)) if self.kept is not None and len(self.kept) == 1 else None

    @property
    def surely(self) -> frozenset[str]:
        """The names of columns that are there for certain."""
        return (self.kept or frozenset()) - self.dropped

    def only(self, names: Iterable[str]) -> Columns:
        """Return these columns alone."""
        return Columns(self.table, frozenset(names))

    def without(self, names: Iterable[str]) -> Columns:
        """Return the columns but for these."""
        return Columns(self.table, self.kept, self.dropped | frozenset(names), self.open, self.record, self.aliased)

    def added(self, names: frozenset[str]) -> Columns:
        """Return these columns after something went into those of these names; into any, if there are none."""
        if self.kept is None:
            return Columns(self.table, None, self.dropped - names, True)
        return Columns(self.table, self.kept | names, self.dropped - names, self.open or not names)

    def narrowed(self, taken: Columns) -> Columns:
        """Return those of these columns that were taken of another table which has come out to be this one."""
        if taken.kept is not None:
            return Columns(self.table, taken.kept, self.dropped | taken.dropped, taken.open)
        return Columns(
            self.table, self.kept, self.dropped | taken.dropped, self.open or taken.open, self.record, self.aliased
        )


def joined(first: Columns | None, second: Columns | None) -> Columns | None:
    """Return the columns that a table has whichever of two branches ran."""
    if first == second or first is None or second is None:
        return first if first == second else None
    opened = Columns(first.table, first.kept, first.dropped, True)
    return opened if opened == Columns(second.table, second.kept, second.dropped, True) else None
