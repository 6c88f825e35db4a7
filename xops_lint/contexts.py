"""Says what kind of code lives at a path, from its name alone."""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePosixPath

_TEST_FOLDERS = frozenset({"test", "tests", "testing"})
_EXAMPLE_FOLDERS = frozenset(
    {"example", "examples", "sample", "samples", "demo", "demos", "tutorial", "tutorials", "docs"}
)
_EXPLORATION_FOLDERS = frozenset(
    {
        "notebook",
        "notebooks",
        "exploration",
        "scratch",
        "sandbox",
        "playground",
        "experiments-notebooks",
        "research",
        "example",
        "examples",
        "tutorial",
        "tutorials",
        "demo",
        "demos",
    }
)


@lru_cache(maxsize=4096)
def is_test(path: str) -> bool:
    """Say whether a path is test code: in a test folder, or named as a test."""
    name = PurePosixPath(path).name
    named = (name.startswith("test_") and name.endswith(".py")) or name.endswith("_test.py") or name == "conftest.py"
    return named or not _TEST_FOLDERS.isdisjoint(_folders(path))


@lru_cache(maxsize=4096)
def is_example(path: str) -> bool:
    """Say whether a path shows how something is used, or lies in a project template."""
    return not _EXAMPLE_FOLDERS.isdisjoint(_folders(path)) or "{{" in path


@lru_cache(maxsize=4096)
def default_profile(path: str) -> str | None:
    """Return ``exploration`` for notebooks and scratch folders, or None."""
    explores = path.endswith(".ipynb") or not _EXPLORATION_FOLDERS.isdisjoint(_folders(path))
    return "exploration" if explores else None


def _folders(path: str) -> list[str]:
    return [folder.lower() for folder in path.split("/")[:-1]]
