"""Rows that files of their own hold back: a model is used on them, and none is fitted on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xops_lint.call import Call
from xops_lint.expression import Expression
from xops_lint.leakage import is_part, lessons, model_fits, parts_handed, same_rows, scored_model, split_at, tested

if TYPE_CHECKING:
    from xops_lint.code import PythonFile


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The reads whose rows a model is only used on, those it learned from alone, and what it is used on."""

    apart: frozenset[int]
    seen: frozenset[int]
    uses: tuple[Expression, ...]

    def holds(self, reads: frozenset[int]) -> bool:
        """Say whether rows of these reads are held out, all of them."""
        return not reads.isdisjoint(self.apart) and reads.isdisjoint(self.seen)


def held_out(file: PythonFile) -> HeldOut | None:
    """Return what a file holds out by reading it from elsewhere, if it does."""
    trained = frozenset[int]().union(*(_reads(file, data) for data in _trained(file)))
    if not trained:
        return None
    uses = {id(rows): (rows, reads) for rows in _used(file) if not (reads := _reads(file, rows)) <= trained}
    used = frozenset[int]().union(*(reads for _, reads in uses.values()))
    apart, seen = used - trained, trained - used
    return HeldOut(apart, seen, tuple(rows for rows, _ in uses.values())) if apart and seen else None


def learned_apart(file: PythonFile) -> Iterator[tuple[Call, Call]]:
    """Yield the fits and figures over held-out rows that shape them for the model, each with their read."""
    found = held_out(file)
    if found is None:
        return
    for index in sorted(frozenset[int]().union(*(lessons(file, rows) for rows in found.uses))):
        lesson = file.call(index)
        # Of several parameters one may be the training rows; and not every caller need take every branch.
        sure = sum(source < 0 for source in lesson.rows.sources) < 2 and not lesson.conditional
        for value in (lesson.rows, *(parts_handed(file, lesson.rows) if sure else ())):
            reads = _reads(file, value)
            if found.holds(reads):
                yield lesson, file.call(min(reads & found.apart))
                break


def learned_together(file: PythonFile) -> Iterator[tuple[Call, Call]]:
    """Yield the fits and figures over training rows and held-out ones at once, each with the read of the latter."""
    found = held_out(file)
    if found is None:
        return
    for index in sorted(frozenset[int]().union(*(lessons(file, data) for data in _trained(file)))):
        lesson = file.call(index)
        reads = _reads(file, lesson.rows)
        # In a loop over both, each may be learned from in its own turn.
        if not (lesson.loop or reads.isdisjoint(found.apart) or reads.isdisjoint(found.seen)):
            yield lesson, file.call(min(reads & found.apart))


def fitted_on_all(file: PythonFile) -> Iterator[tuple[Call, int, Call]]:
    """Yield the fits over all rows of models that are then scored on the test part of these, with split and score."""
    for score in file.calls("evaluate"):
        split = tested(file, score)
        fits = model_fits(file, scored_model(file, score)) if split is not None else ()
        if split is None or not fits or "tune" in fits[-1].roles or fits[-1].index > score.index:
            continue
        rows = fits[-1].rows
        whole = rows.sources and not is_part(file, rows) and not any(source < 0 for source in rows.sources)
        if whole and any(same_rows(file, rows, each) for each in split_at(file, split).inputs):
            yield fits[-1], split, score


def _trained(file: PythonFile) -> Iterator[Expression]:
    for fit in file.calls_anywhere("train", "cross_validate"):
        data = fit.argument("data") or fit.positional(0)
        if data is not None:
            yield data.value


def _used(file: PythonFile) -> Iterator[Expression]:
    for use in file.calls_anywhere("predict", "evaluate"):
        data = use.argument("data") or use.positional(0)
        if data is not None and use.receiver is not None and "train" not in use.roles:
            yield data.value


def _reads(file: PythonFile, value: Expression) -> frozenset[int]:
    return frozenset(call.index for call in file.sources(value, "load_data"))
