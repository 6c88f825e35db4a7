"""Data is read from a place where it can change, and no version pins it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.locations import is_moving, is_pinned, is_remote
from xops_lint.model import Argument, Call, Facts, Project
from xops_lint.provenance import texts
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP320",
    name="unpinned-data",
    summary="Data is read from a place where it can change, and no version pins it.",
    harm="Next month's run trains on other rows, and nobody can say what this month's model has seen.",
    remedy="Read a version: a dated or hashed path, an object version, or a file that a data-versioning tool holds.",
    ops=("dataops",),
    exploration=True,
)

MESSAGE = "is read over the network, and no version of it is named"

PINS = ("version", "revision", "checksum")
"""Meanings of arguments that pin what is read."""


@RULE.project
def in_code(project: Project) -> Iterator[Finding]:
    """Report remote addresses without a version where they are written, each once a file."""
    seen: set[tuple[str, str]] = set()
    for file, call, path in reads(project):
        for written in texts(project, file, call, path):
            if (written.path, written.text) not in seen and mutable(project, written.text):
                seen.add((written.path, written.text))
                here = written.path == file.path and written.range == path.range
                related = () if here else (Related(path.range, "is read here", file.path),)
                yield RULE.at(written.range, MESSAGE, path=written.path, related=related)


@RULE.project
def in_configs(project: Project) -> Iterator[Finding]:
    """Report remote data sources and inputs in configs that name no version."""
    for role in ("data_source", "input"):
        for file, value in project.values(role):
            if value.tag == "str" and not value.templated and mutable(project, value.text):
                yield RULE.at(value, MESSAGE, path=file.path)


def reads(project: Project) -> Iterator[tuple[Facts, Call, Argument]]:
    """Yield the calls that read data, or fetch what is read as data, with the argument that says where."""
    for file, call in project.calls("load_data"):
        path = call.argument("path")
        traits = call.entry.traits if call.entry else frozenset[str]()
        if (
            path is None
            or call.unpacks
            or not traits.isdisjoint(("hub", "description"))
            or not matters(project, file, call)
        ):
            continue
        if not any(given is not None and given.value.constant is not None for given in map(call.argument, PINS)):
            yield file, call, path
        for fetch in file.sources(path.value, "download"):
            address = fetch.argument("path")
            if address is not None and fetch.argument("checksum") is None:
                yield file, fetch, address


def matters(project: Project, file: Facts, call: Call) -> bool:
    """Say whether a result hangs on what is read: whoever only explores may look at anything."""
    if file.context.profile != "exploration":
        return True
    entries = project.entries_running(file, call)
    return any(next(project.calls_reached(entry, "train", "tune", "cross_validate"), None) for entry in entries)


def mutable(project: Project, location: str) -> bool:
    """Say whether an address is remote and nothing pins it: itself, a versioning tool, or this project."""
    if "{}" in location or "{{" in location or "${" in location:
        return is_remote(location) and is_moving(location)
    return is_remote(location) and not is_pinned(location) and location not in project.versioned_addresses
