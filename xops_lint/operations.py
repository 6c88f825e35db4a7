"""What code does without a call that rules ask about: equalities, assertions, sums, stores."""

from __future__ import annotations

from dataclasses import dataclass

from xops_lint.entry import Deprecation
from xops_lint.expression import Expression
from xops_lint.text import Range


@dataclass(slots=True)
class Equality:
    """A comparison by ``==`` or ``!=`` with what equals nothing, not even itself.

    ``other`` is the name of that side and ``side`` its range, empty in a chain of comparisons;
    ``unequal`` tells ``!=`` from ``==``.
    """

    other: str
    unequal: bool
    range: Range = Range(0, 0)
    side: Range = Range(0, 0)


@dataclass(slots=True)
class ChainedStore:
    """A store into what a first subscript took out of a table.

    ``by_rows`` says that the first one picks rows by a mask or a list, so that it
    surely gives a copy; ``copies_since`` is the distribution and version from which
    it gives one whatever it picks. ``table``, ``rows`` and ``column`` are where the parts
    stand of what could be one step, all empty if they are not plain; ``attribute`` says
    that the column is written as one.
    """

    by_rows: bool
    copies_since: tuple[str, str] | None
    range: Range = Range(0, 0)
    table: Range = Range(0, 0)
    rows: Range = Range(0, 0)
    column: Range = Range(0, 0)
    attribute: bool = False


@dataclass(slots=True)
class Comparison:
    """An ordering comparison (``<``, ``>=`` …): what a threshold on a metric looks like.

    ``sources`` are the calls whose results flow into it, ``counts`` marks one
    that only looks at a length or a position, ``loop`` how many loops surround it,
    ``literal`` that one of its sides is a number or a text. Of one of rows that were divided it is
    known which ``parts`` of these flow into it, what flows into each of its ``sides``, which calls
    are made under an ``if`` where it is ``held``, by the indices of the first one and of the next
    behind the last, and which names are then ``given`` another value, or the answer itself.
    """

    scope: str
    sources: frozenset[int] = frozenset()
    counts: bool = False
    loop: int = 0
    literal: bool = False
    parts: frozenset[tuple[int, str]] = frozenset()
    sides: tuple[frozenset[int], ...] = ()
    held: tuple[int, int] = (0, 0)
    given: tuple[str, ...] = ()
    range: Range = Range(0, 0)


@dataclass(slots=True)
class Assertion:
    """What fails the function around it: an ``assert``, or a ``raise``.

    ``sources`` are the calls whose results flow into what is asserted, ``sides`` the
    values that it compares, ``exact`` if it wants them to be equal. ``swallowed`` says that a ``try`` around it catches
    the failure and goes on, ``constant`` that it asserts what is true anyway,
    ``form`` that it only looks at a type, a shape or a length.
    ``dropped`` marks a comparison that stands alone in place of an assertion, and fails nothing.
    """

    scope: str
    sources: frozenset[int] = frozenset()
    sides: tuple[Expression, ...] = ()
    exact: bool = False
    swallowed: bool = False
    constant: bool = False
    form: bool = False
    dropped: bool = False
    range: Range = Range(0, 0)


@dataclass(slots=True)
class Accumulation:
    """A sum that a loop goes on with, and the name it adds to it: one of which gradients are computed.

    ``range`` is that of the name where it is added, free of anything that takes the gradients off.
    """

    scope: str
    target: str
    added: str
    range: Range = Range(0, 0)


@dataclass(slots=True)
class Shelf:
    """A call whose result a class puts into a plain list of its own, as part of a model that looks for none there.

    ``lists`` are the lists that the attribute is given, ``keeper`` is the kind of list in which the model would look.
    """

    owner: str
    attribute: str
    range: Range = Range(0, 0)
    lists: tuple[PlainList, ...] = ()
    keeper: str = ""


@dataclass(slots=True)
class PlainList:
    """A list that is written out; ``empty`` says that nothing is in it yet."""

    empty: bool
    range: Range = Range(0, 0)


@dataclass(slots=True)
class Gone:
    """A name of a library that some versions of it have no more."""

    name: str
    removal: Deprecation
    range: Range = Range(0, 0)


@dataclass(slots=True)
class RowLoop:
    """What visits the rows of a table one by one, and does nothing with each but compute values of its fields."""

    range: Range = Range(0, 0)


@dataclass(slots=True)
class Gathering:
    """A call that puts a row into a container, within loops that tell how rows hang together.

    ``window`` says that the row is a piece of a sequence which shares values with the
    piece of the next turn, ``owners`` are the targets of outer loops that give several rows a turn.
    """

    window: bool = False
    owners: tuple[str, ...] = ()
