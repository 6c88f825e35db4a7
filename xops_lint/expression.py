"""What is known of a value in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from typing import Any, Final

from xops_lint.columns import Columns


class Unknown(Enum):
    """The constant of an expression whose value is not known."""

    VALUE = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.VALUE


@dataclass(slots=True)
class Expression:
    """What is known of an expression's value, without running it.

    ``constant`` is a literal value or UNKNOWN; ``pattern`` a string with ``{}``
    for its unknown pieces; ``name`` the import-resolved name the expression
    refers to (``numpy.random.seed``); ``type`` the qualified type of the value.
    ``sources`` are the indices of the calls whose results flow into it, ``parts``
    the ``(split call, part)`` pairs it was cut to. ``origin`` says where an
    unknown value comes from: ``parameter``, ``cli``, ``config``, ``environment``,
    ``request`` or nothing. ``route`` is how it was reached: the keys from the root of a config
    or of parsed options, a parameter's name, or names and keys from a module on.
    ``learned`` are the fits and figures that shaped the values, each with what it
    shaped; ``figures`` the aggregates that the value consists of, which are no
    rows; ``columns`` those of a table that it holds; ``scale`` the one that
    predictions are on: ``probabilities``, ``log_probabilities`` or ``scores``.
    """

    constant: Any = UNKNOWN
    pattern: str | None = None
    name: str = ""
    type: str = ""
    sources: frozenset[int] = frozenset()
    parts: frozenset[tuple[int, str]] = frozenset()
    origin: str = ""
    elements: tuple[Expression, ...] | None = None
    entries: Mapping[Any, Expression] | None = None
    identity: int = 0
    route: str = ""
    learned: frozenset[tuple[int, str]] = frozenset()
    figures: frozenset[int] = frozenset()
    columns: Columns | None = None
    scale: str = ""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what is known alone: of most values that is little, and facts hold many."""
        fields = _fields(self)
        known = len(fields)
        while known and fields[known - 1] is _NOTHING[known - 1]:
            known -= 1
        return Expression, fields[:known]

    @property
    def known(self) -> bool:
        """Whether the constant is known."""
        return self.constant is not UNKNOWN

    @property
    def string(self) -> str | None:
        """The constant if it is a string, else the pattern, else None."""
        return self.constant if isinstance(self.constant, str) else self.pattern


_fields: Final = attrgetter(*Expression.__slots__)
_NOTHING: Final = _fields(Expression())


def changed(expression: Expression, **fields: Any) -> Expression:
    """Return a copy with other fields, as dataclasses.replace does, which takes five times as long."""
    copy = Expression(*_fields(expression))
    for name, value in fields.items():
        setattr(copy, name, value)
    return copy
