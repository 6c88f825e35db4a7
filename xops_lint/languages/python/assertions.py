"""What fails a function on purpose, and what only looks as if it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import libcst as cst

from xops_lint.operations import Assertion

if TYPE_CHECKING:
    from xops_lint.languages.python.expressions import Evaluator

_CATCHING_ALL: Final = frozenset({"Exception", "BaseException", "AssertionError"})
"""What a handler names that catches a failed assertion."""

_GIVING_UP: Final = frozenset({"fail", "skip", "exit", "_exit", "xfail", "abort", "kill"})
"""Methods that end a test, and do not let it pass."""

_FORMS: Final = frozenset({"shape", "ndim", "size", "dtype", "device", "columns", "index"})
_MEASURES: Final = frozenset({"len", "type", "isinstance", "issubclass", "hasattr", "callable", "set", "list"})
_ROUNDED: Final = frozenset({"round", "int", "str", "format", "approx"})


def note_assertion(evaluator: Evaluator, node: cst.Assert) -> None:
    """Write an ``assert`` down, with the two sides if it asks whether they are equal."""
    value = evaluator.condition(node.test)
    assertion = Assertion(
        evaluator.scope.function.name,
        value.sources,
        swallowed=evaluator.swallowed > 0,
        constant=value.known and bool(value.constant) and not value.sources,
        form=_looks_at_form(node.test),
    )
    if isinstance(node.test, cst.Comparison):
        assertion.sides, assertion.exact = evaluator.compared, _exact(node.test)
    evaluator.record.assertions.append(assertion)
    numbers = any(isinstance(side.constant, float) for side in assertion.sides)
    telling = assertion.swallowed or (numbers and bool(value.sources))
    evaluator.record.want(node.test, assertion, needed=telling)


def note_raise(evaluator: Evaluator) -> None:
    """Write a ``raise`` down: somebody looked, and did not like what they saw."""
    evaluator.record.assertions.append(
        Assertion(evaluator.scope.function.name, swallowed=evaluator.swallowed > 0, form=True)
    )


def note_dropped(evaluator: Evaluator, node: cst.Comparison) -> None:
    """Write down a comparison that is a statement of its own in a test."""
    scope = evaluator.scope
    if scope.kind == "function" and is_test_name(scope.name):
        assertion = Assertion(scope.name, dropped=True)
        evaluator.record.assertions.append(assertion)
        evaluator.record.want(node, assertion)


def is_test_name(function: str) -> bool:
    """Say whether a function is called as tests are."""
    return function.rpartition(".")[2].startswith("test")


def goes_on(handlers: Sequence[Any]) -> bool:
    """Say whether a handler catches a failed assertion and lets the test go on."""
    return any(_catches_all(handler.type) and not any(map(_gives_up, handler.body.body)) for handler in handlers)


def is_idle(block: Any) -> bool:
    """Say whether nothing happens in a body: it holds texts, ``pass`` and what is true anyway."""
    if isinstance(block, cst.IndentedBlock):
        return all(isinstance(line, cst.SimpleStatementLine) and all(map(_is_idle, line.body)) for line in block.body)
    return all(map(_is_idle, block.body))


def is_unfailing(block: Any) -> bool:
    """Say whether whatever is raised in a body is caught there: it prints, and tries the rest."""
    statements = block.body if isinstance(block, cst.IndentedBlock) else ()
    tries = [statement for statement in statements if isinstance(statement, cst.Try)]
    others = (statement for statement in statements if not isinstance(statement, cst.Try))
    return bool(tries) and all(goes_on(each.handlers) for each in tries) and all(map(_only_prints, others))


def _only_prints(line: Any) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and all(
        _is_idle(statement)
        or (isinstance(statement, cst.Expr) and _is_print(statement.value))
        or (isinstance(statement, cst.Return) and not isinstance(statement.value, cst.Call))
        for statement in line.body
    )


def _is_print(value: Any) -> bool:
    return isinstance(value, cst.Call) and _last_name(value.func) == "print"


def _is_idle(statement: Any) -> bool:
    if isinstance(statement, cst.Expr):
        return isinstance(statement.value, (cst.SimpleString, cst.ConcatenatedString, cst.Ellipsis))
    if isinstance(statement, cst.Assert):
        return isinstance(statement.test, cst.Name) and statement.test.value == "True"
    return isinstance(statement, cst.Pass)


def _catches_all(caught: Any) -> bool:
    if caught is None:
        return True
    types = [element.value for element in caught.elements] if isinstance(caught, cst.Tuple) else [caught]
    return any(isinstance(type, cst.Name) and type.value in _CATCHING_ALL for type in types)


def _gives_up(node: Any) -> bool:
    """Say whether a handler raises, asserts or ends the test somewhere in what it does."""
    if isinstance(node, (cst.Raise, cst.Assert)):
        return True
    if isinstance(node, cst.Call):
        name = _last_name(node.func)
        if name in _GIVING_UP or name.startswith(("assert", "_assert", "fail")):
            return True
    return any(map(_gives_up, node.children))


def _last_name(node: Any) -> str:
    if isinstance(node, cst.Attribute):
        return str(node.attr.value)
    return str(node.value) if isinstance(node, cst.Name) else ""


def _exact(test: cst.Comparison) -> bool:
    """Say whether an assertion wants two values to be equal to the last digit."""
    exact = len(test.comparisons) == 1 and isinstance(test.comparisons[0].operator, cst.Equal)
    return exact and not any(isinstance(side, cst.Call) and _last_name(side.func) in _ROUNDED for side in _sides(test))


def _looks_at_form(test: Any) -> bool:
    """Say whether a test is of shapes, types and lengths alone, which chance does not decide."""
    if isinstance(test, cst.BooleanOperation):
        return _looks_at_form(test.left) and _looks_at_form(test.right)
    if isinstance(test, cst.UnaryOperation):
        return _looks_at_form(test.expression)
    if isinstance(test, cst.Comparison):
        with_none = any(isinstance(side, cst.Name) and side.value == "None" for side in _sides(test))
        return with_none or any(map(_looks_at_form, _sides(test)))
    if isinstance(test, cst.Subscript):
        return _looks_at_form(test.value)
    if isinstance(test, cst.Call):
        return _last_name(test.func) in _MEASURES | _FORMS
    return isinstance(test, cst.Attribute) and test.attr.value in _FORMS


def _sides(test: cst.Comparison) -> Iterator[Any]:
    yield test.left
    yield from (each.comparator for each in test.comparisons)
