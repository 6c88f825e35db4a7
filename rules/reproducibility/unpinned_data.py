"""Data is read from a place where it can change, and no version pins it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.locations import is_mutable, is_program, key, names_data, reads_live_table
from xops_lint.matching import regex
from xops_lint.model import Argument, Call, Facts, Project, Value
from xops_lint.provenance import texts
from xops_lint.results import makes_of_data
from xops_lint.rule import Rule
from xops_lint.text import Range

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

WRITTEN = regex(r"out|save|upload|export|dest|target|model|weight|checkpoint|artifact", re.IGNORECASE)
"""Names of parameters that are no data, or none that is read."""

PINS = ("version", "revision", "checksum")
"""Meanings of arguments that pin what is read."""


@RULE.project
def addresses(project: Project) -> Iterator[Finding]:
    """Report remote addresses without a version: those that code reads, then those that configs name beside them."""
    found = list(in_code(project))
    yield from found
    yield from in_configs(project, {(each.path, each.range) for each in found})


def in_code(project: Project) -> Iterator[Finding]:
    """Yield remote addresses without a version where they are written, each once a file."""
    seen: set[tuple[str, str]] = set()
    for file, reader, call, path in reads(project):
        for written in texts(project, file, call, path):
            new = project.shown.holds(written.path) and (written.path, written.text) not in seen
            # What hangs on a result takes long to find out, and few addresses move.
            if new and mutable(project, written.text) and matters(project, file, reader):
                seen.add((written.path, written.text))
                here = written.path == file.path and written.range == path.range
                related = () if here else (Related(path.range, "is read here", file.path),)
                yield RULE.at(written.range, MESSAGE, path=written.path, related=related)


def in_configs(project: Project, read: set[tuple[str | None, Range]]) -> Iterator[Finding]:
    """Yield remote data sources, inputs and parameters in configs that name no version, but for those read by code."""
    for role in ("data_source", "input", "parameter"):
        for file, value in project.shown.values(role):
            address = value.tag == "str" and (file.path, value.range) not in read and mutable(project, value.text)
            if address and holds_data(file, role, value):
                read.add((file.path, value.range))
                yield RULE.at(value, MESSAGE, path=file.path)


def holds_data(file: Facts, role: str, value: Value) -> bool:
    """Say whether what an address of a config leads to is data, and is read."""
    if file.language == "dockerfile" or is_program(value.text):
        return False
    return role != "parameter" or (names_data(value.text) and not WRITTEN.search(value.route.rpartition(".")[2]))


@RULE.project
def live_tables(project: Project) -> Iterator[Finding]:
    """Report queries that train on a whole table as it is today, unless what they give is kept."""
    for file, call in project.shown.calls("load_data"):
        query = call.argument("path")
        text = query.value.constant if query else None
        if query is None or not isinstance(text, str) or not reads_live_table(text):
            continue
        if project.trains(file, call) and not kept(project, file, call):
            yield RULE.at(query, "reads a table as it is today, and no date or version bounds it", path=file.path)


def kept(project: Project, file: Facts, call: Call) -> bool:
    """Say whether what a call read is stored or recorded, so that it can be read again."""
    keeping = file.playing("save_data", "log_artifact", "version_data", "hash")
    stored = any(call.index in file.inflow(other) for other in keeping)
    entries = project.entries_running(file, call)
    return stored or any(next(project.calls_reached(entry, "version_data"), None) is not None for entry in entries)


def reads(project: Project) -> Iterator[tuple[Facts, Call, Call, Argument]]:
    """Yield the calls that read data, each with itself or what fetches its data, and the argument that says where."""
    for file, call in project.shown.calls_given("load_data"):
        path = call.argument("path")
        described = call.entry is not None and not call.entry.traits.isdisjoint(("hub", "description"))
        if path is None or call.unpacks or described:
            continue
        if not any(given is not None and given.value.constant is not None for given in map(call.argument, PINS)):
            yield file, call, call, path
        for fetch in file.sources(path.value, "download"):
            address = fetch.argument("path")
            if address is not None and fetch.argument("checksum") is None:
                yield file, call, fetch, address


def matters(project: Project, file: Facts, call: Call) -> bool:
    """Say whether a result hangs on what is read: whoever only explores, shows or sends it may look at anything."""
    if file.context.profile == "exploration":
        return project.trains(file, call)
    return any(makes_of_data(project, entry) for entry in project.entries_running(file, call))


def mutable(project: Project, location: str) -> bool:
    """Say whether an address moves, unless a versioning tool pins it or this project makes what is there."""
    known = location in project.versioned_addresses or not project.written.isdisjoint((location, key(location)))
    return is_mutable(location) and not known
