"""A compiled pipeline is checked in that no longer fits its source."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from xops_lint.diagnostic import Finding, Related
from xops_lint.matching import regex
from xops_lint.model import Definition, Facts, Project, Value
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP623",
    name="stale-compiled-pipeline",
    summary="A compiled pipeline is checked in that no longer fits its source.",
    harm="What is reviewed is not what runs: the change stays in the source, and the old step is submitted.",
    remedy="Compile the pipeline again, best in CI, or keep the compiled file out of the repository.",
    ops=("mlops",),
    group=Group.PREVIEW,
)

PREFIX = regex(r"^comp-")
COUNTED = regex(r"-\d+$")
FILED = regex(r"_(?:path|file)$")
"""What a compiler adds to the name of a step, and takes from those of files."""


class Source(NamedTuple):
    """The function that a step is compiled from."""

    file: Facts
    step: Definition


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report compiled steps whose names of inputs, or whose image, differ from those of the one function so named."""
    compiled = [(file, value) for file, value in project.values("compiled_step") if not file.context.test]
    sources = by_name(project) if compiled else {}
    for file, value in compiled:
        name = plain(PREFIX.sub("", value.route.rpartition(".")[2]))
        found = sources.get(name) or sources.get(COUNTED.sub("", name)) or ()
        if len(found) != 1 or not found[0].step.parameters or not compiles(project, file, found[0]):
            continue
        source, where = found[0], value.key or value.range
        related = (Related(source.step.range, "the source", source.file.path),)
        change = differs(file, value, source)
        if change:
            yield RULE.at(where, f"was compiled before {change}", path=file.path, related=related)


def by_name(project: Project) -> Mapping[str, Sequence[Source]]:
    """Return the functions that are compiled into steps, by their names as a compiler writes them."""
    found: dict[str, list[Source]] = {}
    for file in project.python:
        for step in file.definitions:
            if {"isolated", "by_call"} <= step.traits and not file.context.test:
                found.setdefault(plain(step.name.rpartition(".")[2]), []).append(Source(file, step))
    return found


def plain(name: str) -> str:
    """Return a name as a compiler writes it."""
    return re.sub(r"[^a-z\d]+", "-", name.lower()).strip("-")


def compiles(project: Project, file: Facts, source: Source) -> bool:
    """Say whether the module of a source, or one that reaches it, names a compiled file or is called like it."""
    name = posixpath.basename(file.path)
    for other in project.python:
        stem = posixpath.splitext(posixpath.basename(other.path))[0]
        named = name in other.words.split() or stem == posixpath.splitext(name)[0]
        if named and (other is source.file or source.file.path in {place.path for place in project.reach(other)}):
            return True
    return False


def differs(file: Facts, value: Value, source: Source) -> str:
    """Say in which way a source has changed since, if it has."""
    known = {FILED.sub("", each.text) for each in file.values("compiled_name", value)}
    taken = [name for name in source.step.parameters if name.strip("*") == name]
    new = [name for name in taken if FILED.sub("", name) not in known]
    inputs = [each.text for each in file.values("compiled_input", value)]
    gone = [name for name in inputs if FILED.sub("", name) not in {FILED.sub("", each) for each in taken}]
    if new:
        return f"`{source.step.name}` took `{new[0]}`"
    if gone:
        return f"`{source.step.name}` lost `{gone[0]}`"
    image, held = image_of(source), image_in(file, value)
    return f"`{source.step.name}` moved to `{image}`" if image and held and image != held else ""


def image_of(source: Source) -> str:
    """Return the image that a source names by a plain text."""
    makers = (call for call in source.file.calls if call.index in source.step.settings and "step" in call.roles)
    constants = (call.value("image") for call in makers if call.argument("image") is not None)
    return next((each for each in constants if isinstance(each, str)), "")


def image_in(file: Facts, value: Value) -> str:
    """Return the image that a compiled step runs in."""
    label = value.items["executorLabel"].text
    return next((each.text for each in file.values("image") if f".{label}." in each.route), "")
