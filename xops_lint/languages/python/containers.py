"""What comes out of containers whose items are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import libcst as cst

from xops_lint.expression import Expression
from xops_lint.languages.python.values import flow, joined


def item_of(base: Expression, key: Any) -> Expression | None:
    """Return the known item of a container, if it has one under this key."""
    if base.entries is not None and isinstance(key, (str, int, float)):
        return base.entries.get(key)
    if base.elements is not None and isinstance(key, int) and -len(base.elements) <= key < len(base.elements):
        return base.elements[key]
    return None


def spread(targets: Sequence[Any], value: Expression) -> list[Expression]:
    """Return what each target of a tuple assignment receives."""
    elements = value.elements
    starred = [isinstance(target, cst.StarredElement) for target in targets]
    if elements is None or (len(elements) != len(targets) and not any(starred)):
        return [flow(value) for _ in targets]
    if not any(starred):
        return list(elements)
    star = starred.index(True)
    tail = len(targets) - star - 1
    if len(elements) < star + tail:
        return [flow(value) for _ in targets]
    middle = elements[star : len(elements) - tail]
    return (
        [*elements[:star], joined(middle), *elements[len(elements) - tail :]]
        if tail
        else [*elements[:star], joined(middle)]
    )
