"""The base of all documents: text, positions, comments, and where a file stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from xops_lint.stretches import Stretches
from xops_lint.text import LineIndex, Place, Range

if TYPE_CHECKING:
    from xops_lint.dependencies import Dependencies
    from xops_lint.diagnostic import Problem
    from xops_lint.rule import Rule


class Comment(NamedTuple):
    """A comment with its marker; ``alone`` if nothing else stands on its line."""

    text: str
    range: Range
    alone: bool


class Output(NamedTuple):
    """One saved output of a notebook cell.

    ``kind`` is nbformat's output_type (``stream``, ``error``, ``display_data``,
    ``execute_result``), ``text`` its plain text, ``size`` the characters of its JSON.
    """

    kind: str
    text: str
    size: int


class Cell(NamedTuple):
    """One cell of a notebook.

    ``number`` counts all cells from 1; ``range`` is its stretch of the
    document's text: shell cells stand in it too, cells of other languages are empty.
    """

    number: int
    id: str | None
    kind: str
    source: str
    range: Range
    python: bool
    execution_count: int | None
    outputs: tuple[Output, ...]
    tags: frozenset[str]
    raw_rows: tuple[tuple[int, int], ...]


class WrittenFile(NamedTuple):
    """A file whose text stands in another file: in a cell that writes it, in a value of a config.

    What a cell of a notebook writes has the notebook's own positions; ``stretches`` say
    where the text of a config's value stands, and are None for a cell's. ``range`` is the
    first piece of what a cell writes, ``certain`` tells that its path can mean no other file and that
    it is written once.
    """

    path: str
    language: str
    text: str
    stretches: Stretches | None = None
    range: Range = Range(0, 0)
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Where a path stands: what kind of code lives there.

    ``profile`` is ``exploration``, ``standard`` or ``production``.
    """

    profile: str = "standard"
    test: bool = False
    example: bool = False


@dataclass
class Document:
    """One file as rules see it: its text, its comments, and its problems.

    ``language`` is ``python``, ``notebook``, ``yaml``, ``json``, ``toml``,
    ``requirements``, ``dockerfile``, ``hcl``, ``pbtxt``, ``makefile``, ``shell``, ``markdown``,
    ``ignore`` or ``text``. ``path`` is relative to the project's root with forward slashes.
    ``host`` is the notebook or config in which the text stands, ``stretches`` say where,
    unless both have the same positions; ``written`` are the files whose texts stand in this one.
    """

    path: str
    language: str
    text: str
    problems: list[Problem] = field(default_factory=list)
    comments: Sequence[Comment] = ()
    context: Context = Context()
    dependencies: Dependencies | None = None
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))
    host: Document | None = None
    stretches: Stretches | None = None
    written: Sequence[WrittenFile] = ()

    @property
    def held(self) -> bool:
        """Whether the text is a value of a config, which is told as a part of it."""
        return self.stretches is not None

    @cached_property
    def lines(self) -> LineIndex:
        """The line index of the text."""
        return LineIndex(self.text)

    def place(self, where: Range) -> Place:
        """Turn a range into rows and columns."""
        if self.host is not None and self.stretches is not None:
            return self.host.place(self.stretches.outer(where))
        if self.host is not None:
            # What is about a written file as a whole stands at its beginning, not at the notebook's.
            beginning = len(self.text) - len(self.text.lstrip())
            return self.host.place(where if where.end else Range(beginning, beginning))
        row, column = self.lines.position(where.start)
        end_row, end_column = self.lines.position(where.end)
        return Place(self.path, row, column, end_row, end_column)

    def source(self, where: Range) -> str:
        """Return the text of a range."""
        return self.text[where.start : where.end]

    def option(self, rule: Rule, name: str) -> Any:
        """Return a rule's setting for this document, or its default."""
        return self.options.get(rule.name, {}).get(name, rule.options[name].default)

    def may_use(self, distribution: str, specifier: str) -> bool | None:
        """Say whether the project's ``distribution`` may be in a version range.

        True if a declared range admits such a version, False if it excludes all
        of them, None if nothing in the project declares the distribution.
        """
        return None if self.dependencies is None else self.dependencies.may_use(distribution, specifier, self.path)
