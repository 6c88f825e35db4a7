"""Functions of other modules of the project, as far as they load, divide, learn from or judge data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from xops_lint.call import Call
from xops_lint.cut import Cut
from xops_lint.expression import Expression
from xops_lint.supplying import Supplied


@dataclass(slots=True)
class Helper:
    """What a function does with its parameters and returns, for those who import it: plain data that pickles.

    ``labels`` are the negative numbers that stand for the parameters' arguments,
    ``calls`` and ``cuts`` those behind what the function returns, leaves in its
    arguments or does with them on the way; ``owner`` is the class of a method.
    """

    name: str
    parameters: tuple[str, ...]
    labels: Mapping[str, int]
    calls: tuple[Call, ...]
    returns: Expression | None = None
    effects: Mapping[int, Expression] = field(default_factory=dict)
    cuts: Mapping[int, Cut] = field(default_factory=dict)
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What a file knows of the other modules of its project, by qualified names as the file spells them.

    ``types`` are those of what a name holds, or with ``()`` after it gives when called; ``supplied``
    is what a config learns from others.
    """

    types: Mapping[str, str] = field(default_factory=dict)
    helpers: Mapping[str, Helper] = field(default_factory=dict)
    supplied: Supplied = Supplied()

    def __bool__(self) -> bool:
        return bool(self.types or self.helpers or self.supplied)
