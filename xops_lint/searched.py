"""What rules look for in all files of a project: from an index of them all, or in those alone that may hold it.

A run that shows all findings looks for so much that an index pays. One that shows those of
a few files reads little: facts that were kept tell whether a text stands in them before they are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from xops_lint import model_files

if TYPE_CHECKING:
    from xops_lint.call import Call
    from xops_lint.facts import Facts
    from xops_lint.project import Project

_SMALLEST_TOOL: Final = 30
"""A package with fewer modules only shares its name with a tool."""


@dataclass
class Searched:
    """What has been looked for in a project."""

    project: Project
    _other: dict[tuple[str, str], Sequence[tuple[Facts, Call]]] = field(default_factory=dict)
    _tools: dict[str, bool] = field(default_factory=dict)

    def holding(self, text: str) -> Iterator[Facts]:
        """Yield the Python files in whose calls a text may stand."""
        return (facts for facts in self.project.python if facts.may_hold(text, "every_call"))

    def other_calls(self, name: str, owner: Facts) -> Sequence[tuple[Facts, Call]]:
        """Return the calls of no known tool whose names end with a word, with their files.

        Those of files that cannot mean something of the owner may be left out.
        """
        if self._all:
            return self._other_calls.get(name, ())
        known = self._other.get((owner.path, name))
        if known is None:
            files = (facts for facts in self.holding(name) if facts.path in self.project.speaking.leading_to(owner))
            known = self._other[owner.path, name] = _others(files).get(name, ())
        return known

    def saves(self, name: str) -> bool:
        """Say whether some call saves a model or data to a file of a name."""
        if self._all:
            return name in self._saved
        return any(name in model_files.saved(facts) for facts in self.holding(name))

    @cached_property
    def saving(self) -> Mapping[str, Sequence[tuple[Facts, Call]]]:
        """The calls that save models or data, by the known names of their files."""
        found: dict[str, list[tuple[Facts, Call]]] = {}
        for file, call in self.project.calls("save_model", "save_data"):
            for name in dict.fromkeys(model_files.names_across(self.project, file, call)):
                found.setdefault(name, []).append((file, call))
        return found

    def is_own_tool(self, folder: str) -> bool:
        """Say whether a package has the name of a catalogued tool that is used here, and is large enough to be it."""
        known = self._tools.get(folder)
        if known is None:
            large = f"{folder}/__init__.py" in self.project.files and self._sizes[folder] >= _SMALLEST_TOOL
            known = self._tools[folder] = large and self._uses(folder.rpartition("/")[2])
        return known

    def _uses(self, tool: str) -> bool:
        if self._all:
            return tool in self._used
        return any(tool in _tools(facts) for facts in self.holding(f"{tool}."))

    @property
    def _all(self) -> bool:
        return self.project.shown_paths is None

    @cached_property
    def _other_calls(self) -> Mapping[str, Sequence[tuple[Facts, Call]]]:
        return _others(self.project.python)

    @cached_property
    def _saved(self) -> frozenset[str]:
        return frozenset().union(*map(model_files.saved, self.project.python))

    @cached_property
    def _used(self) -> frozenset[str]:
        return frozenset().union(*map(_tools, self.project.python))

    @cached_property
    def _sizes(self) -> Mapping[str, int]:
        """How many Python files stand below a folder."""
        folders = (facts.path.split("/")[:-1] for facts in self.project.python)
        return Counter("/".join(parts[:length]) for parts in folders for length in range(1, len(parts) + 1))


def _others(files: Iterable[Facts]) -> Mapping[str, Sequence[tuple[Facts, Call]]]:
    """Return the calls of no known tool, with their files, by the last part of their names."""
    named: dict[str, list[tuple[Facts, Call]]] = {}
    for facts in files:
        for call in facts.calls:
            if call.entry is None:
                named.setdefault(call.name.rpartition(".")[2], []).append((facts, call))
    return named


def _tools(facts: Facts) -> frozenset[str]:
    """Return the first parts of the names of all catalogued tools that a file calls."""
    return frozenset(call.entry.name.partition(".")[0] for call in facts.calls if call.entry is not None)
