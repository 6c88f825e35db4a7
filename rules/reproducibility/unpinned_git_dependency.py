"""A dependency is taken from a branch of a repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xops_lint.diagnostic import Finding, Fix, Safety, Thing, Wanted
from xops_lint.locations import is_branch
from xops_lint.matching import regex
from xops_lint.model import Facts, Project, Range
from xops_lint.pinning import COMMIT, AtCommit
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP333",
    name="unpinned-git-dependency",
    summary="A dependency is taken from a branch of a repository.",
    harm="The environment of tomorrow holds what somebody pushes today, and no version number tells the two apart.",
    remedy="Name a commit or a tag behind the address: `git+https://…@4f2c7d1`.",
    ops=("devops",),
)

ADDRESS = regex(
    r"(?:git|hg|bzr)\+(?:https?|ssh|git|file)://(?:[^/@\s]+@)?[^/\s]+/(?P<path>[^\s@#;\"'&]+)(?:@(?P<revision>[^\s#;\"'&]*))?"
)
UNKNOWN = regex(r"[${}<>]")


class Asked(NamedTuple):
    """A text that asks for a package, and where it stands."""

    text: str
    range: Range


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report addresses of repositories without a revision, each once a file."""
    for file in project.shown.facts:
        seen: set[str] = set()
        for asked in requirements(file):
            address = ADDRESS.search(asked.text)
            message = defect(address) if address else None
            if address is not None and message is not None and address[0] not in seen:
                seen.add(address[0])
                yield RULE.at(asked.range, message, path=file.path, fix=pinned(asked, address))


def pinned(asked: Asked, address: re.Match[str]) -> Fix:
    """Return the fix that names the commit of a repository in place of its branch."""
    branch = address["revision"] or ""
    place = address[0].removesuffix(f"@{branch}")
    wants = (Wanted(Thing.REPOSITORY, place, COMMIT, branch.removeprefix("refs/heads/")),)
    return Fix("Name a commit", (AtCommit(asked.range, place, branch),), Safety.UNSAFE, wants, shown=True)


def defect(address: re.Match[str]) -> str | None:
    """Return what is wrong with the address of a repository, or None."""
    revision = address["revision"]
    if UNKNOWN.search(address[0]):
        return None
    if not revision:
        return f"takes `{name(address)}` from whatever its default branch holds"
    branch = is_branch(revision.rpartition("/")[2]) or revision.startswith("refs/heads/")
    return f"takes `{name(address)}` from the branch `{revision}`" if branch else None


def name(address: re.Match[str]) -> str:
    """Return the repository's own name."""
    return address["path"].rstrip("/").removesuffix(".git").rpartition("/")[2]


def requirements(file: Facts) -> Iterator[Asked]:
    """Yield what a file asks for: in configs, in commands that install, and in code that describes environments."""
    for value in file.values("packages"):
        yield Asked(value.text, value.range)
    for command in (*file.commands, *(each for shell in file.shell for each in shell.commands)):
        if "install" in command.roles:
            yield from (Asked(word, command.range) for word in command.words)
    for call in file.calls:
        packages = call.argument("packages")
        if packages is not None:
            texts = (packages.value, *(packages.value.elements or ()))
            yield from (Asked(text.string, packages.range) for text in texts if text.string)
