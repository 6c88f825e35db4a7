"""Questions about the shape of statements and targets."""

from __future__ import annotations

from typing import Any

import libcst as cst

_MAPPINGS = frozenset({"dict", "Dict", "Mapping"})
_LISTS = frozenset({"list", "List", "Sequence"})
_TERMINATORS = (cst.Return, cst.Raise, cst.Continue, cst.Break)


def leaves(statement: Any) -> bool:
    """Say whether a statement leaves the block around it."""
    if isinstance(statement, cst.SimpleStatementLine):
        return bool(statement.body) and isinstance(statement.body[-1], _TERMINATORS)
    return False


def is_main_guard(test: Any) -> bool:
    """Say whether a test is that of ``if __name__ == "__main__"``."""
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return False
    sides = [test.left, test.comparisons[0].comparator]
    return any(isinstance(side, cst.Name) and side.value == "__name__" for side in sides) and any(
        isinstance(side, cst.SimpleString) and side.value[1:-1] == "__main__" for side in sides
    )


def is_loose(annotation: cst.Annotation | None) -> bool:
    """Say whether an annotation admits any mapping from names to anything, or a list of them."""
    node: Any = annotation.annotation if annotation is not None else None
    inner: list[Any] = []
    if isinstance(node, cst.Subscript):
        inner = [each.slice.value for each in node.slice if isinstance(each.slice, cst.Index)]
        node = node.value
    name = node.attr.value if isinstance(node, cst.Attribute) else node.value if isinstance(node, cst.Name) else ""
    if name in _LISTS:
        return not inner or (len(inner) == 1 and is_loose(cst.Annotation(inner[0])))
    anything = not inner or (isinstance(inner[-1], cst.Name) and inner[-1].value in ("Any", "object"))
    return name in _MAPPINGS and anything


def dotted(node: Any) -> str:
    """Return the name that a chain of attributes spells."""
    parts = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    parts.append(node.value)
    return ".".join(reversed(parts))


def target_name(target: Any) -> str:
    """Return the name or key that a target gives a value to, if it is a plain one."""
    if isinstance(target, cst.Name):
        return str(target.value)
    if isinstance(target, cst.Attribute):
        return str(target.attr.value)
    if isinstance(target, cst.Subscript) and len(target.slice) == 1:
        index = target.slice[0].slice
        if isinstance(index, cst.Index) and isinstance(index.value, cst.SimpleString):
            return str(index.value.evaluated_value)
    return ""
