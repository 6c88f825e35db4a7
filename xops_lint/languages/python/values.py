"""How known values combine: joins of branches, operators, containers."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any, Final

from xops_lint.columns import joined as joined_columns
from xops_lint.expression import UNKNOWN, Expression, changed

NOTHING: Final = Expression()
"""The value of which nothing is known. Shared: never change it."""

_ROOTED: Final = frozenset({"config", "cli"})
"""Origins whose values are reached by keys from a root that has a route of its own."""

_SETTINGS: Final = frozenset(
    ["args", "arguments", "cfg", "conf", "config", "flags", "hparams", "opt", "opts", "options", "params", "settings"]
)
"""What people call a parameter of a function that is given all options or settings at once."""

_LONGEST_TEXT = 4096
"""A folded string longer than this is not worth knowing."""

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.add,
    "Subtract": operator.sub,
    "Multiply": operator.mul,
}


def constant(value: Any) -> Expression:
    """Return the expression of a literal."""
    return Expression(constant=value)


def flow(*parts: Expression, type: str = "", name: str = "") -> Expression:
    """Return an unknown value into which all these values flow."""
    # Plain loops: this is called for most expressions, and most values are made of nothing known.
    origin = ""
    sources = cuts = learned = frozenset[Any]()
    for part in parts:
        origin = origin or part.origin
        if part.sources:
            sources = sources | part.sources if sources else part.sources
        if part.parts:
            cuts = cuts | part.parts if cuts else part.parts
        if part.learned:
            learned = learned | part.learned if learned else part.learned
    if not (sources or origin or type or name):
        return NOTHING
    return Expression(
        sources=sources, parts=cuts, origin=origin, type=type, name=name, learned=learned, figures=_figures(parts)
    )


def reached(value: Expression, base: Expression, key: Any) -> Expression:
    """Return a value with its route: the key by which it was looked up in a base, after the base's own."""
    rooted = (
        base.origin in _ROOTED
        or (base.origin == "" and (base.route or base.name))
        or (base.origin == "parameter" and base.route.partition(".")[0].lower() in _SETTINGS)
    )
    if not rooted or not isinstance(key, str):
        return value
    before = base.route or base.name
    return changed(value, route=f"{before}.{key}" if before else key)


def join(first: Expression, second: Expression) -> Expression:
    """Return what holds whichever of two branches ran.

    A type or name that only one branch knows is kept: the other branch usually
    binds None or a fallback of the same kind.
    """
    if first is second:
        return first
    same = first.known and second.known and _equal(first.constant, second.constant)
    return Expression(
        constant=first.constant if same else UNKNOWN,
        pattern=first.pattern if first.pattern == second.pattern else None,
        name=_agreed(first.name, second.name),
        type=_agreed(first.type, second.type),
        sources=first.sources | second.sources,
        parts=first.parts | second.parts,
        origin=first.origin or second.origin,
        elements=_join_elements(first.elements, second.elements),
        entries=first.entries if first.entries is second.entries else None,
        route=_agreed(first.route, second.route),
        learned=first.learned | second.learned,
        figures=first.figures | second.figures,
        columns=joined_columns(first.columns, second.columns),
        scale=first.scale if first.scale == second.scale else "",
        identity=first.identity if first.identity == second.identity else 0,
    )


def joined(values: Iterable[Expression]) -> Expression:
    """Return the join of any number of values."""
    result: Expression | None = None
    for value in values:
        result = value if result is None else join(result, value)
    return result or NOTHING


def binary(operation: str, left: Expression, right: Expression) -> Expression:
    """Return what an arithmetic operator makes of two values."""
    if left.known and right.known and operation in _OPERATORS:
        folded = _fold(_OPERATORS[operation], left.constant, right.constant)
        if folded is not UNKNOWN:
            return Expression(constant=folded, sources=left.sources | right.sources)
    if operation == "Add" and (left.string is not None or right.string is not None):
        return _with_pattern(concatenated((left, right)), left, right)
    if operation == "Divide" and (left.type == "pathlib.Path" or right.type == "pathlib.Path"):
        return joined_path((left, right))
    if operation == "Modulo" and isinstance(left.constant, str):
        return flow(left, right)
    type = _agreed(left.type, right.type) if left.type and right.type else left.type or right.type
    value = flow(left, right, type=type)
    taught = left.figures | right.figures if not value.figures else None
    if taught or left.columns is not None or right.columns is not None:
        columns = (
            left.columns if right.columns in (None, left.columns) else right.columns if left.columns is None else None
        )
        value = changed(value, learned=value.learned | lessons(taught or ()), columns=columns)
    return value


def lessons(calls: Iterable[int]) -> frozenset[tuple[int, str]]:
    """Return what rows have learned once the figures of these calls have gone into them, whatever the column."""
    return frozenset((call, "") for call in calls)


def concatenated(pieces: Iterable[Expression]) -> Expression:
    """Return the string that pieces make up, with ``{}`` for unknown ones."""
    text = ""
    whole = True
    known = list(pieces)
    for piece in known:
        part = piece.string
        if part is None and piece.known and isinstance(piece.constant, (int, float)):
            part = str(piece.constant)
        whole = whole and piece.known and part is not None
        text += "{}" if part is None else part
    if len(text) > _LONGEST_TEXT:
        return flow(*known)
    if whole:
        return Expression(constant=text)
    return _with_pattern(Expression(pattern=text), *known)


def joined_path(pieces: Iterable[Expression]) -> Expression:
    """Return the path that pieces make up, as ``Path.__truediv__`` and ``os.path.join`` do."""
    known = list(pieces)
    path = ""
    for piece in known:
        part = piece.string if piece.string is not None else "{}"
        path = part if part.startswith("/") or not path else f"{path.rstrip('/')}/{part}"
    result = (
        Expression(constant=path, type="pathlib.Path")
        if all(isinstance(piece.constant, str) for piece in known)
        else None
    )
    if result is not None:
        return result
    unknown = _with_pattern(Expression(pattern=path, type="pathlib.Path"), *known)
    # A path that is made of one text alone is reached as the text is.
    return changed(unknown, route=known[0].route) if path == "{}" and known[0].route else unknown


def element_of(value: Expression) -> Expression:
    """Return what a loop over a value binds."""
    if value.elements:
        return joined(value.elements)
    return flow(value)


def _figures(parts: Iterable[Expression]) -> frozenset[int]:
    """Return the figures that values come down to; what holds rows as well is no figure."""
    found: frozenset[int] = frozenset()
    for part in parts:
        if part.figures:
            found |= part.figures
        elif part.sources:
            return frozenset()
    return found


def _with_pattern(value: Expression, *flowing: Expression) -> Expression:
    # A single unknown piece is the whole: `Path(args.data)` is reached as `args.data` is.
    route = flowing[0].route if len(flowing) == 1 and value.pattern == "{}" else ""
    return changed(
        value,
        sources=frozenset().union(*(part.sources for part in flowing)),
        parts=frozenset().union(*(part.parts for part in flowing)),
        origin=next((part.origin for part in flowing if part.origin), ""),
        route=route,
    )


def _fold(apply: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    numbers = (int, float)
    if isinstance(left, numbers) and isinstance(right, numbers):
        if abs(left) > 1e12 or abs(right) > 1e12:
            return UNKNOWN
        return apply(left, right)
    if isinstance(left, str) and isinstance(right, str) and apply is operator.add:
        return left + right if len(left) + len(right) <= _LONGEST_TEXT else UNKNOWN
    return UNKNOWN


def _equal(first: Any, second: Any) -> bool:
    return type(first) is type(second) and bool(first == second)


def _agreed(first: str, second: str) -> str:
    if first and second and first != second:
        return ""
    return first or second


def _join_elements(
    first: tuple[Expression, ...] | None, second: tuple[Expression, ...] | None
) -> tuple[Expression, ...] | None:
    if first is None or second is None or len(first) != len(second):
        return None
    return tuple(map(join, first, second))
