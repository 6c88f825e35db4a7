"""Notes the names of libraries that some of their versions lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import libcst as cst

from xops_lint.expression import Expression
from xops_lint.operations import Gone

if TYPE_CHECKING:
    from xops_lint.languages.python.expressions import Evaluator

_LACKING: Final = frozenset({"AttributeError", "ImportError", "ModuleNotFoundError", "Exception", "BaseException"})

_DEEPEST_TEST: Final = 6
"""Tests that are nested deeper are not looked into."""


def note_attribute(evaluator: Evaluator, node: cst.Attribute, base: Expression) -> None:
    """Note an attribute that some versions lack, unless the code around it is prepared for that."""
    attribute = node.attr.value
    if attribute in evaluator.catalog.removed_members and not evaluator.prepared:
        _note(evaluator, f"{base.name or base.type}.{attribute}", node)


def note_import(evaluator: Evaluator, node: Any, target: str) -> None:
    """Note an imported module or name that some versions lack, unless another one is tried as well."""
    parts = target.split(".")
    if evaluator.prepared or evaluator.catalog.removed_members.isdisjoint(parts):
        return
    for length in range(2, len(parts) + 1):
        if _note(evaluator, ".".join(parts[:length]), node):
            return


def note_patch(evaluator: Evaluator, target: cst.Attribute, base: Expression) -> None:
    """Note that code gives a library back what its version lacks."""
    if target.attr.value in evaluator.catalog.removed_members:
        evaluator.record.patched.add(f"{base.name or base.type}.{target.attr.value}")


def expects_less(type: Any) -> bool:
    """Say whether a handler takes what is raised where a library lacks a name: by itself, or with all else."""
    elements = [element.value for element in type.elements] if isinstance(type, cst.Tuple) else [type]
    return any(element is None or (isinstance(element, cst.Name) and element.value in _LACKING) for element in elements)


def asks_what_is_there(test: Any, depth: int = 0) -> bool:
    """Say whether a condition asks for a version, or whether a library has a name."""
    if depth > _DEEPEST_TEST:
        return False
    if isinstance(test, cst.Name):
        return "version" in test.value.lower() or test.value == "hasattr"
    if isinstance(test, cst.Attribute):
        return "version" in test.attr.value.lower() or asks_what_is_there(test.value, depth + 1)
    if isinstance(test, cst.Call):
        parts = [test.func, *(argument.value for argument in test.args)]
    elif isinstance(test, cst.Comparison):
        parts = [test.left, *(target.comparator for target in test.comparisons)]
    elif isinstance(test, cst.BooleanOperation):
        parts = [test.left, test.right]
    elif isinstance(test, cst.UnaryOperation):
        parts = [test.expression]
    else:
        parts = [test.value] if isinstance(test, cst.Subscript) else []
    return any(asks_what_is_there(part, depth + 1) for part in parts)


def _note(evaluator: Evaluator, name: str, node: Any) -> bool:
    removal = evaluator.catalog.removed(name)
    gone = evaluator.record.gone
    if removal is not None and id(node) not in gone:
        # A loop is walked twice: what its node has been noted for stays.
        found = gone[id(node)] = Gone(name, removal)
        evaluator.record.want(node, found)
    return removal is not None
