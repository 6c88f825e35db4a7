"""Data is read from a place where it can change, and no version pins it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.locations import is_pinned, is_remote
from xops_lint.model import Call, Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP320",
    name="unpinned-data",
    summary="Data is read from a place where it can change, and no version pins it.",
    harm="Next month's run trains on other rows, and nobody can say what this month's model has seen.",
    remedy="Read a version: a dated or hashed path, an object version, or a file that a data-versioning tool holds.",
    ops=("dataops",),
)

PINS = ("version", "revision", "checksum")
"""Meanings of arguments that pin what is read."""


@RULE.project
def in_code(project: Project) -> Iterator[Finding]:
    """Report reads of remote locations that name no version, each location once a file."""
    seen: set[tuple[str, str]] = set()
    for file, call in project.calls("load_data"):
        path = call.argument("path")
        location = path.value.string if path else None
        if path is None or location is None or (file.path, location) in seen:
            continue
        if is_remote(location) and not pinned(project, call, location):
            seen.add((file.path, location))
            yield RULE.at(path, "is read over the network, and no version of it is named", path=file.path)


@RULE.project
def in_configs(project: Project) -> Iterator[Finding]:
    """Report data sources of pipeline configs that lie remote and name no version."""
    for file, value in project.values("data_source"):
        if value.tag != "str" or not is_remote(value.text) or pinned_text(project, value.text):
            continue
        if not file.versions_beside(value) and "repo" not in value.route.split("."):
            yield RULE.at(value, "is read over the network, and no version of it is named", path=file.path)


def pinned(project: Project, call: Call, location: str) -> bool:
    """Say whether an argument or the location itself pins what a call reads."""
    given = any(argument is not None and argument.value.constant is not None for argument in map(call.argument, PINS))
    return given or call.unpacks or pinned_text(project, location)


def pinned_text(project: Project, location: str) -> bool:
    """Say whether a location names a version, or leaves room for one, or is imported with a hash."""
    if is_pinned(location) or "{}" in location or "${" in location or "{{" in location:
        return True
    return any(value.text == location for _, value in project.values("data_version"))
