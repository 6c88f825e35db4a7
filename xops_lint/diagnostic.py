"""What a rule finds, and what a person is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from xops_lint.text import Place, Range

if TYPE_CHECKING:
    from xops_lint.rule import Rule


class Thing(str, Enum):
    """What has a version that a fix may want to name."""

    PACKAGE = "package"
    PYTHON = "python"
    REPOSITORY = "repository"
    MODEL = "model"
    DATASET = "dataset"


class Wanted(NamedTuple):
    """A version that a fix needs and that the code does not tell.

    ``name`` is a distribution's normalised name, a repository's address or a hub's id, ``branch`` the one that is
    meant, empty for the default one. ``placeholder`` stands for the version in the edits, ``locked`` is the one that
    a lock file of the project chose.
    """

    thing: Thing
    name: str
    placeholder: str
    branch: str = ""
    locked: str = ""


class Safety(str, Enum):
    """How far a fix may be trusted, in the words of ruff."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display-only"


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement of a range by a text."""

    range: Range
    text: str


@dataclass(frozen=True, slots=True)
class ClearedOutputs:
    """The saved outputs of a notebook's cell taken out; ``cell`` is its number."""

    cell: int
    range: Range


@dataclass(frozen=True, slots=True)
class DeletedCell:
    """A notebook's cell taken out, with its outputs; ``cell`` is its number."""

    cell: int
    range: Range


@runtime_checkable
class Later(Protocol):
    """An edit that is known once the text is at hand: rules on facts have none."""

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where it cannot be made."""


AnyEdit = Edit | ClearedOutputs | DeletedCell | Later


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that mend a finding; ``title`` is an imperative sentence.

    Where ``wants`` stay unknown, the edits that need them are left out; with ``shown`` they are shown as they are.
    """

    title: str
    edits: tuple[AnyEdit, ...]
    safety: Safety
    wants: tuple[Wanted, ...] = ()
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that explains a finding; ``path`` None means the same file.

    ``place`` stands for range and path where no more is known of the other file.
    """

    range: Range
    message: str
    path: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check yields: a rule, a range of its document, and a message.

    ``path`` names the file of a project rule's finding and is None for a
    document rule; ``help`` replaces the rule's remedy where a check knows better.
    ``flow`` says that the related places, in order, are the steps that lead here.
    """

    rule: Rule
    range: Range
    message: str
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    path: str | None = None
    help: str | None = None
    flow: bool = False


@dataclass(frozen=True, slots=True)
class RelatedPlace:
    """A related location, placed."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class PlacedEdit:
    """An edit, placed; it may clear the outputs of the place's cell, or delete the cell, and changes no text then."""

    place: Place
    text: str
    outputs: bool = False
    deletes: bool = False

    @property
    def textual(self) -> bool:
        """Whether the edit changes text."""
        return not (self.outputs or self.deletes)


@dataclass(frozen=True, slots=True)
class PlacedFix:
    """A fix whose edits are placed; ready for a report once what it wants is filled in."""

    title: str
    edits: tuple[PlacedEdit, ...]
    safety: Safety
    wants: tuple[Wanted, ...] = ()
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding as reports show it: plain data, placed, with its rule's words.

    ``suppressed`` is None, or the reason given for the suppression, which may be empty.
    ``scope`` and ``key`` are what its fingerprint is made of, without the path; ``baseline_state``
    is ``new``, ``unchanged`` or ``absent`` where a baseline is in use.
    """

    code: str
    name: str
    severity: str
    confidence: str
    principle: str
    ops: tuple[str, ...]
    message: str
    harm: str
    help: str
    url: str | None
    place: Place
    profile: str
    fingerprint: str
    excerpt: tuple[str, ...] = ()
    related: tuple[RelatedPlace, ...] = ()
    fix: PlacedFix | None = None
    suppressed: str | None = None
    summary: str = ""
    flow: bool = False
    scope: str | None = ""
    key: str = ""
    baseline_state: str | None = None

    def sort_key(self) -> tuple[str, int, int, int, str, str]:
        """Order by path, cell, row, column, code: the same input, the same output."""
        place = self.place
        return (place.path, place.cell or 0, place.row, place.column, self.code, self.message)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a document that is no rule's finding.

    ``skipped`` problems (a template, a foreign kernel, a binary) are notices;
    the others become the diagnostic XOP001 at ``range``.
    """

    message: str
    range: Range = Range(0, 0)
    skipped: bool = False


JsonObject = Mapping[str, Any]
"""A JSON object on its way out to a machine format."""
