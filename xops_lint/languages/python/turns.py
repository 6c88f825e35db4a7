"""Loops over a few tables: what a turn does to each is done to the names that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import libcst as cst

from xops_lint.expression import Expression, changed
from xops_lint.languages.python.divided import cut_here
from xops_lint.languages.python.values import joined

if TYPE_CHECKING:
    from xops_lint.languages.python.expressions import Evaluator


def changed_in_turn(evaluator: Evaluator, node: cst.For, iterated: Expression, left: Mapping[str, Expression]) -> None:
    """Let names hold what a loop over their values has done to these in place.

    Parts of a split are left alone: what each learns in its turn, no other part has.
    """
    target, tables = node.target, iterated.elements
    if not tables or not isinstance(target, cst.Name) or _is_rebound(node, target.value):
        return
    held, before = left.get(target.value), joined(tables)
    if held is None or held.learned == before.learned or cut_here(before, evaluator.record.calls):
        return
    learned, sources = held.learned - before.learned, held.sources - before.sources
    for name, value in evaluator.scope.names.items():
        if any(value is table for table in tables):
            new = changed(value, learned=value.learned | learned, sources=value.sources | sources)
            evaluator.scope.names[name] = new


def _is_rebound(node: cst.For, name: str) -> bool:
    """Say whether a loop gives its variable another value instead of changing the one it has."""
    for statement in node.body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.Assign) and any(
                isinstance(each.target, cst.Name) and each.target.value == name for each in small.targets
            ):
                return True
    return False
