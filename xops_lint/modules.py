"""Which module of a project a qualified name means, and what in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xops_lint.dependencies import Dependencies
    from xops_lint.facts import Facts

_DEEPEST_REEXPORT: Final = 8
"""Chains of re-exports longer than this are given up."""


@dataclass
class Modules:
    """The modules and notebooks of a project, by the names that code may give them."""

    facts: Sequence[Facts]
    dependencies: Dependencies | None = None

    def find(self, name: str, near: Facts) -> Facts | None:
        """Return the project file an absolute module name means, seen from a file.

        Import roots are guessed as people use them: any folder above the file,
        ``src`` below such a folder, or, for dotted names, where one file of its project fits.
        """
        if name not in self._named:
            return None
        seen = name, near.path.rpartition("/")[0]
        if seen not in self._found:
            self._found[seen] = self._find(name, near)
        return self._found[seen]

    def resolve(self, name: str, near: Facts) -> tuple[Facts, str] | None:
        """Return the file and scope a qualified name means, seen from a file.

        Re-exports are followed; names of other distributions give None.
        """
        return self._resolve(name, near, 0)

    @cached_property
    def _named(self) -> Mapping[str, list[Facts]]:
        """Every dotted suffix of every module's name, and the modules it may mean."""
        modules: dict[str, list[Facts]] = {}
        for facts in self.facts:
            parts = facts.module.split(".")
            for start in range(len(parts)):
                modules.setdefault(".".join(parts[start:]), []).append(facts)
        return modules

    @cached_property
    def _found(self) -> dict[tuple[str, str], Facts | None]:
        """The modules that names were found to mean, seen from a folder: all files in it see the same."""
        return {}

    def _find(self, name: str, near: Facts) -> Facts | None:
        candidates = self._named[name]
        folders = near.path.split("/")[:-1]
        for depth in range(len(folders), -1, -1):
            above = ".".join(folders[:depth])
            for root in (above, f"{above}.src" if above else "src"):
                full = f"{root}.{name}" if root else name
                for candidate in candidates:
                    if candidate.module == full:
                        return candidate
        far = candidates[0] if "." in name and len(candidates) == 1 else None
        apart = far and self.dependencies and self.dependencies.apart(near.path, far.path, name.partition(".")[0])
        return None if apart else far

    def _resolve(self, name: str, near: Facts, depth: int) -> tuple[Facts, str] | None:
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            facts = self.find(".".join(parts[:length]), near)
            if facts is None:
                continue
            rest = ".".join(parts[length:])
            if not rest or any(definition.name == rest for definition in facts.definitions):
                return facts, rest
            if depth < _DEEPEST_REEXPORT:
                found = self._reexported(facts, parts[length], parts[length + 1 :], depth)
                if found is not None:
                    return found
            return facts, ""
        return None

    def _reexported(self, facts: Facts, name: str, rest: Sequence[str], depth: int) -> tuple[Facts, str] | None:
        for imported in facts.imports:
            if imported.name == name or imported.star:
                target = ".".join([imported.target, *([name] if imported.star else []), *rest])
                found = self._resolve(target, facts, depth + 1)
                if found is not None and (not imported.star or found[1]):
                    return found
        return None
