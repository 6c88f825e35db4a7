"""Rows that are held back, and models that have seen them all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xops_lint.call import Call
from xops_lint.leakage import is_part, model_fits, same_rows, scored_model, split_at, tested

if TYPE_CHECKING:
    from xops_lint.code import PythonFile


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
