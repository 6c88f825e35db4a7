"""What a project speaks of, to judge by the names of its files, functions, imports and keys."""

from __future__ import annotations

from collections.abc import Iterator
from re import Pattern
from typing import Final

from xops_lint.facts import Facts
from xops_lint.project import Project

_SETTINGS: Final = "xops-lint"
"""What our own settings are called: the names of rules in them say nothing of the project."""


def speaks_of(project: Project, words: Pattern[str]) -> bool:
    """Say whether anything of a project, tests aside, is called by some words."""
    return any(is_about(file, words) for file in project.facts if not file.context.test)


def is_about(file: Facts, words: Pattern[str]) -> bool:
    """Say whether a file, or one of its functions, imports or keys, is called by some words."""
    return (
        words.search(file.path) is not None
        or any(words.search(definition.name) for definition in file.definitions)
        or any(words.search(imported.target) for imported in file.imports)
        or any(words.search(key) for key in _keys(file))
    )


def _keys(file: Facts) -> Iterator[str]:
    """Yield the keys of a config, our own settings aside."""
    if not file.path.endswith(f"{_SETTINGS}.toml"):
        for tree in file.documents:
            for value in tree.walk():
                if _SETTINGS not in value.route:
                    yield from value.items
