"""A test fetches a model or data from another machine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.locations import is_hub_id, is_remote
from xops_lint.matching import regex
from xops_lint.model import Call, Definition, Facts, Project
from xops_lint.rule import Group, Rule
from xops_lint.testing import tests

RULE = Rule(
    code="XOP416",
    name="network-in-test",
    summary="A test fetches a model or data from another machine.",
    harm="The suite fails when that machine is slow, gone or has something newer, and takes minutes without a cache.",
    remedy="Make a tiny model or a few rows in the test, or mark the test so that a plain run leaves it out.",
    ops=("devops",),
    group=Group.PREVIEW,
    tests=True,
)

FETCHING = ("load_model", "load_data", "download")
"""Roles of calls that may fetch something."""

APART = regex(
    r"slow|network|integration|e2e|end_?to_?end|nightly|external|online|remote|require|skip|gpu|tpu|live|fixture"
    r"|acceptance|system|functional|smoke|benchmark|cloud|mock|patch|responses|vcr|respx|httpretty|moto",
    re.IGNORECASE,
)
"""What the marks, folders and fixtures of tests are called that no plain run takes, or that fetch nothing."""

DOUBLES = regex(r"mock|patch|responses|vcr|respx|httpretty|moto", re.IGNORECASE)
"""What the libraries are called that stand in the place of another machine."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a test, what it fetches by itself if a plain run takes it."""
    for file in project.shown.python:
        if not file.context.test or APART.search(file.path) or is_set_apart(file):
            continue
        for test in tests(file):
            call = None if marked(file, test) else fetched(project, file, test)
            if call is not None:
                yield RULE.at(call, "is fetched from another machine in every run of the tests", path=file.path)


def is_set_apart(file: Facts) -> bool:
    """Say whether a mark stands over a whole file, or it puts doubles in the place of what fetches."""
    doubles = any(DOUBLES.search(imported.target) for imported in file.imports)
    return doubles or "pytestmark" in file.names


def marked(file: Facts, test: Definition) -> bool:
    """Say whether a test, or its class, is marked or gets something in the place of what fetches."""
    owner = test.name.rpartition(".")[0]
    around = [each for each in file.definitions if each.kind == "class" and each.name == owner]
    words = (*test.parameters, *test.decorators, *(decorator for each in around for decorator in each.decorators))
    return any(APART.search(word) for word in (*words, test.name))


def fetched(project: Project, file: Facts, test: Definition) -> Call | None:
    """Return the first call of a test that surely reaches another machine."""
    within = (call for call in file.playing(*FETCHING) if call.scope == test.name and not call.conditional)
    return next((call for call in within if reaches_out(project, call)), None)


def reaches_out(project: Project, call: Call) -> bool:
    """Say whether a call names something that is not here: a hub's id, or an address."""
    given = call.argument("repository") or call.argument("path")
    name = given.value.constant if given else None
    if not isinstance(name, str) or call.keyword("local_files_only"):
        return False
    if "hub" in (call.entry.traits if call.entry else ()):
        return is_remote(name) or (is_hub_id(name) and "/" in name and not project.exists(name))
    return is_remote(name) and not re.match(r"\w+://(?:localhost|127\.|0\.0\.0\.0|test|example|mock|fake)", name)
