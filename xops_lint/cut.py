"""Rows that are divided without a call that splits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from xops_lint.expression import Expression
from xops_lint.text import Range

FIRST_CUT: Final = 1 << 24
"""Parts with an index from here on were made by a cut, not by a call that splits."""


@dataclass(slots=True)
class Cut:
    """Rows that code divides by ``x[:n]`` and ``x[n:]``, by a mask and its opposite, by a sample and the rest.

    ``sides`` are the parts that are taken somewhere; only a cut with all of them is one.
    ``scored`` says that a part is scored, and not only predicted for want of targets.
    """

    index: int
    rows: Expression
    sides: set[str] = field(default_factory=set)
    scored: bool = False
    range: Range = Range(0, 0)
