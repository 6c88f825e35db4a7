"""Edits that write a version where code, a config or a command leaves it open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from xops_lint.call import Call
from xops_lint.dependencies import Dependencies, Requirement
from xops_lint.diagnostic import Edit, Fix, Safety, Thing, Wanted
from xops_lint.edits import passed
from xops_lint.insertions import Rewritten
from xops_lint.matching import regex
from xops_lint.text import Range

COMMIT: Final = "<commit>"
"""Stands for a commit in the texts of edits."""

_CLAUSE: Final = r"[=<>!~]+\s*[^=<>!~;#\s\"',)]+"
_BOUND: Final = rf"(?:\s*\(?\s*{_CLAUSE}(?:\s*,\s*{_CLAUSE})*\s*?\)?)?"
_PLAIN: Final = regex(
    rf"[\"']?(?P<name>(?:[^\s:=]+::)?[A-Za-z0-9][\w.-]*(?:\s*\[[^\]]*\])?)(?P<bound>{_BOUND})(?=\s*(?:[;#\"'].*)?$)",
    re.DOTALL,
)
_ENTRY: Final = regex(r"[\"']?[\w.-]+[\"']?\s*=\s*(?P<quote>[\"'])(?P<bound>[^\"']*)(?P=quote)\Z")
_TABLE: Final = regex(
    r"[\"']?[\w.-]+[\"']?\s*=\s*\{.*?\bversion\s*=\s*(?P<quote>[\"'])(?P<bound>[^\"']*)(?P=quote)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Pinned:
    """A requirement bound to one version, in the notation it is written in; ``range`` is all of it."""

    range: Range
    version: str
    conda: bool = False

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where it is in none of the known notations."""
        written = source[self.range.start : self.range.end]
        entry = _ENTRY.match(written) or _TABLE.match(written)
        if entry is not None:
            return Edit(_moved(entry.span("bound"), self.range.start), f"=={self.version}")
        plain = _PLAIN.match(written)
        if plain is None or "\\" in plain["bound"]:
            return None
        return Edit(_moved(plain.span("bound"), self.range.start), f"{'=' if self.conda else '=='}{self.version}")


@dataclass(frozen=True, slots=True)
class AtCommit:
    """The address of a repository, where it stands once in a range, bound to a commit in place of any branch."""

    range: Range
    address: str
    branch: str

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where the address does not stand there as such, or twice."""
        text = self.address + (f"@{self.branch}" if self.branch else "")
        start = source.find(text, self.range.start, self.range.end)
        if start < 0 or source.find(text, start + 1, self.range.end) >= 0:
            return None
        return Edit(Range(start, start + len(text)), f"{self.address}@{COMMIT}")


def at_commit(text: str, places: Sequence[Range]) -> Fix | None:
    """Return the fix that names a commit of somebody else's CI steps wherever these are used; None for an address."""
    steps, at, reference = text.rpartition("@")
    if not at or "://" in steps:
        return None
    address = "https://github.com/" + "/".join(steps.split("/")[:2])
    edits = tuple(Rewritten(place, f"{steps}@{COMMIT}") for place in places)
    wants = (Wanted(Thing.REPOSITORY, address, COMMIT, reference.removeprefix("refs/heads/")),)
    return Fix("Name a commit", edits, Safety.UNSAFE, wants, shown=True)


def at_hub_commit(call: Call, name: str) -> Fix | None:
    """Return the fix that passes the commit for which a hub's id stands; None if the call takes no revision."""
    if not call.takes("revision"):
        return None
    fix = passed(call, "revision", f'"{COMMIT}"', "Name a commit")
    revision = call.argument("revision")
    branch = revision.value.constant if revision is not None else None
    thing = Thing.DATASET if "load_data" in call.roles else Thing.MODEL
    wants = (Wanted(thing, name, COMMIT, branch if isinstance(branch, str) else ""),)
    return replace(fix, wants=wants, shown=True)


def pinned(requirements: Sequence[Requirement], dependencies: Dependencies) -> Fix:
    """Return the fix that binds each requirement of a file to the version in use."""
    wants = [_wanted(requirement, dependencies) for requirement in requirements]
    edits = [
        Pinned(requirement.range, wanted.placeholder, requirement.conda)
        for requirement, wanted in zip(requirements, wants)
    ]
    return Fix("Write the versions in use", tuple(edits), Safety.UNSAFE, tuple(wants))


def _wanted(requirement: Requirement, dependencies: Dependencies) -> Wanted:
    locked = dependencies.locked.get(requirement.name, "")
    return Wanted(Thing.PACKAGE, requirement.name, f"<version of {requirement.name}>", locked=locked)


def _moved(span: tuple[int, int], by: int) -> Range:
    return Range(span[0] + by, span[1] + by)
