"""What code names of a library that some versions of it have no more, or warn of."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from xops_lint.diagnostic import Fix, Related, Safety
from xops_lint.entry import Deprecation
from xops_lint.facts import Facts
from xops_lint.insertions import Renamed, Unqualified
from xops_lint.project import Project
from xops_lint.text import Range

_PIPELINE: Final = frozenset({"orchestrate", "step"})
"""Roles of calls whose generation is a question of its own: `deprecated-pipeline-api` asks it."""

_MOST_OTHERS: Final = 4


class Mention(NamedTuple):
    """A place where a name stands: what is called, an attribute, or what is imported."""

    name: str
    removal: Deprecation
    range: Range


def outdated(project: Project, file: Facts) -> Iterator[Sequence[Mention]]:
    """Yield the mentions of names that are out of date in some version, together by name."""
    if project.develops_tool(file):
        return
    found: dict[str, list[Mention]] = {}
    for mention in (*_called(file), *(Mention(gone.name, gone.removal, gone.range) for gone in file.gone)):
        found.setdefault(mention.name, []).append(mention)
    for together in found.values():
        yield sorted(together, key=lambda mention: mention.range)


def further(file: Facts, mentions: Sequence[Mention]) -> tuple[Related, ...]:
    """Return the places after the first one."""
    return tuple(Related(each.range, "and here", file.path) for each in mentions[1 : 1 + _MOST_OTHERS])


def renaming(file: Facts, mentions: Sequence[Mention], safety: Safety) -> Fix | None:
    """Return the fix that writes the name that took a name's place, where nothing but the name is another."""
    old, known = mentions[0].name, mentions[0].removal.renamed
    if not known:
        return None
    if "." not in known:
        taken = {imported.name for imported in file.imports} | {definition.name for definition in file.definitions}
        if not hasattr(builtins, known) or known in taken | file.names.keys():
            return None
        return Fix(f"Write `{known}`", tuple(Unqualified(mention.range, known) for mention in mentions), safety)
    owner = f"{old.rpartition('.')[0]}."
    name = known.removeprefix(owner) if known.startswith(owner) else known.rpartition(".")[2]
    return Fix(f"Write `{known}`", tuple(Renamed(mention.range, name) for mention in mentions), safety)


def _called(file: Facts) -> Iterator[Mention]:
    for call in file.calls:
        entry = call.entry
        if entry is not None and entry.deprecated is not None and call.roles.isdisjoint(_PIPELINE):
            yield Mention(entry.name, entry.deprecated, call.callee)
