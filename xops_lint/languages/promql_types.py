"""What the parts of a PromQL query give, and what its server refuses for that."""

from __future__ import annotations

from typing import Final

from xops_lint.languages.promql_words import NotAQuery
from xops_lint.matching import regex
from xops_lint.queries import (
    COMPARISONS,
    RANGED,
    SETS,
    Aggregation,
    Function,
    Literal,
    Node,
    Operation,
    Selector,
    Subquery,
    walk,
)

_INSTANT: Final = frozenset(
    {
        *(
            "abs",
            "absent",
            "ceil",
            "clamp",
            "clamp_max",
            "clamp_min",
            "exp",
            "floor",
            "histogram_avg",
            "histogram_count",
        ),
        *("histogram_fraction", "histogram_quantile", "histogram_sum", "label_join", "label_replace", "ln"),
        *("log10", "log2", "round", "scalar", "sgn", "sort", "sort_desc", "sqrt", "timestamp"),
    }
)
"""Functions that take every argument at one time."""

_SCALARS: Final = frozenset({"time", "scalar", "pi"})
_SERIES: Final = "series over a time"
_NUMBER: Final = "a number"
_ANYTHING: Final = regex(r"(?:\.\*)?")


def check(root: Node) -> None:
    """Raise NotAQuery, with what is wrong, if a server of PromQL would refuse a query that parses."""
    for node in walk(root):
        if isinstance(node, Function) and node.name in RANGED:
            _check_ranged(node)
        elif isinstance(node, Operation):
            _check_operation(node)
        elif isinstance(node, Aggregation) or (isinstance(node, Function) and node.name in _INSTANT):
            _refuse_windows(f"`{node.name}`", node.arguments)
        elif isinstance(node, Selector) and not node.name and _selects_anything(node):
            raise NotAQuery("selects every series there is", node.range)
    _refuse_windows("a rule", (root,))


def _selects_anything(selector: Selector) -> bool:
    return all(
        each.value is not None
        and (
            (each.operator == "=" and each.value == "")
            or (each.operator == "=~" and _ANYTHING.fullmatch(each.value) is not None)
            or (each.operator == "!=" and each.value != "")
        )
        for each in selector.matchers
    )


def _check_ranged(call: Function) -> None:
    given = [each for each in call.arguments if not isinstance(each, Literal)]
    if len(given) == 1 and _gives(given[0]) not in (_SERIES, ""):
        raise NotAQuery(f"has no range, such as `[5m]`, for `{call.name}`", given[0].range)


def _check_operation(operation: Operation) -> None:
    sides = (operation.right,) if operation.left is None else (operation.left, operation.right)
    _refuse_windows(f"`{operation.operator}`", sides)
    if operation.left is None:
        return
    given = [_gives(side) for side in sides]
    if operation.operator in SETS and _NUMBER in given:
        raise NotAQuery(f"has a number beside `{operation.operator}`, which takes series", operation.range)
    if operation.operator in COMPARISONS and given == [_NUMBER, _NUMBER] and not operation.boolean:
        raise NotAQuery("compares two numbers without `bool`", operation.range)


def _refuse_windows(taker: str, given: tuple[Node, ...]) -> None:
    for each in given:
        if _gives(each) == _SERIES:
            raise NotAQuery(f"hands a range of time to {taker}, which takes one moment", each.range)


def _gives(node: Node) -> str:
    """Return what a node gives: series over a time, series, a number, a text; nothing if that is not known."""
    if isinstance(node, Subquery):
        return _SERIES
    if isinstance(node, Selector):
        return _SERIES if node.window else "series"
    if isinstance(node, Literal):
        return "a text" if isinstance(node.value, str) else _NUMBER
    if isinstance(node, Aggregation):
        return "series"
    if isinstance(node, Function):
        known = node.name in RANGED or node.name in _INSTANT or node.name in _SCALARS
        return (_NUMBER if node.name in _SCALARS else "series") if known else ""
    if isinstance(node, Operation):
        sides = {_gives(node.right)} | ({_gives(node.left)} if node.left else set())
        return "" if "" in sides else _NUMBER if sides == {_NUMBER} else "series"
    return ""
