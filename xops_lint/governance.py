"""Cards and licences: the documents by which people decide whether they may use a model or data."""

from __future__ import annotations

from collections.abc import Sequence

from xops_lint.project import Project


def covered(project: Project, path: str) -> bool:
    """Say whether a file of licence lies beside a path or above it."""
    folders = {facts.path.rpartition("/")[0] for facts in project.of_kind("licence")}
    return any(not folder or path.startswith(f"{folder}/") for folder in folders)


def in_words(parts: Sequence[str]) -> str:
    """Return a list as people say it where nothing of it holds: `a, b or c`."""
    *before, last = parts
    return f"{', '.join(before)} or {last}" if before else last
