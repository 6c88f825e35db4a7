"""What a build takes along from a folder, and what an ignore file of the builder keeps out of it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from xops_lint.facts import Facts
from xops_lint.patterns import compiled
from xops_lint.project import Project

_IGNORE: str = ".dockerignore"


@dataclass(frozen=True, slots=True)
class Shipped:
    """The files of a folder that are sent to a build; ``ignoring`` holds the patterns of those that are not."""

    context: str
    ignoring: tuple[str, ...] = ()

    def takes(self, path: str) -> bool:
        """Say whether a build gets the file at a path of the project."""
        inside = posixpath.relpath(path, self.context or ".")
        return not self.ignoring or not compiled(*self.ignoring).verdict(inside)


def shipped(project: Project, dockerfile: Facts, context: str) -> Shipped:
    """Return what is sent from a folder to the build of an image: one of its own file's patterns counts alone."""
    for path in (f"{dockerfile.path}{_IGNORE}", posixpath.join(context, _IGNORE)):
        facts = project.files.get(path)
        if facts is not None and facts.language == "ignore":
            return Shipped(context, tuple(_patterns(facts)))
    return Shipped(context)


def _patterns(facts: Facts) -> Iterator[str]:
    """Yield the patterns as git would write them: all of them count from the folder."""
    for line in (value.text.strip() for document in facts.documents for value in document.list):
        sign, text = ("!", line[1:].strip()) if line.startswith("!") else ("", line)
        plain = posixpath.normpath(text).lstrip("/")
        if text and not text.startswith("#") and plain not in ("", "."):
            yield f"{sign}/{plain}"
