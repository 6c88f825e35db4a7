"""A tracked run does not say which data it used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Call, Expression, Facts, Project
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP344",
    name="untracked-data-version",
    summary="A tracked run does not say which data it used.",
    harm="The data changes under its name, and nobody can tell which of two runs saw what, or train the model anew.",
    remedy="Record the data set with the run: its address and a version, a checksum or a date.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
)

TRACKING: Final = ("track", "log_parameters", "log_metrics", "log_artifact", "start_run")
"""Roles of calls that may tell of the data."""

TELLS: Final = regex(
    r"data|file|path|source|table|query|input|version|commit|sha\b|hash|digest|month|date|year|csv|parquet|split|dvc",
    re.IGNORECASE,
)
"""Words in what is recorded that may say which data it was."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a program, the first table that it learns from and records nothing of."""
    if next(project.values("data_version"), None) is not None or project.stage_outputs:
        return
    seen = set[tuple[str, int]]()
    for entry in project.entries:
        if entry.context.test or entry.context.example or project.recorded(entry) or not trains(project, entry):
            continue
        told = [call for _, call in project.calls_reached(entry, *TRACKING)]
        if not any("log_parameters" in call.roles for call in told) or any(map(may_tell, told)):
            continue
        for file, load in project.calls_reached(entry, "load_data"):
            if comes_from_outside(project, load) and (file.path, load.index) not in seen:
                seen.add((file.path, load.index))
                yield RULE.at(load, "reads data of which the tracked run says nothing", path=file.path)
                break


def trains(project: Project, entry: Facts) -> bool:
    """Say whether a program fits a model, and nothing records its data or its settings by itself."""
    if next(project.calls_reached(entry, "train", "tune"), None) is None:
        return False
    return next(project.calls_reached(entry, "autolog", "version_data", "hash"), None) is None


def may_tell(call: Call) -> bool:
    """Say whether anything that a call records is not known, or has a word for data in it."""
    if call.unpacks or call.entry is None or "log_artifact" in call.roles:
        return True
    named, given = call.argument("name"), call.argument("parameters")
    if named is not None and not isinstance(named.value.constant, str):
        return True
    if named is None and given is not None and given.value.entries is None and given.value.constant is not None:
        return True
    return any(speaks(argument.value) for argument in call.arguments)


def speaks(value: Expression) -> bool:
    """Say whether a text, or any key of a mapping, has a word for data in it; keys that are not known may."""
    if value.entries is not None:
        return any(not isinstance(key, str) or key.startswith("*") or TELLS.search(key) for key in value.entries)
    return value.string is not None and TELLS.search(value.string) is not None


def comes_from_outside(project: Project, load: Call) -> bool:
    """Say whether a call reads a file or an address that git does not hold, and that is known."""
    traits = load.entry.traits if load.entry is not None else frozenset[str]()
    given = load.argument("path")
    text = given.value.constant if given is not None else None
    if traits & {"local", "generated"} or not isinstance(text, str) or not project.tracked:
        return False
    name = text.rpartition("/")[2]
    return not any(path.rpartition("/")[2] == name for path in project.tracked)
