"""A step of a pipeline reads a table from text and leaves the types of its columns to a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from xops_lint import ci
from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Call, Facts, Project
from xops_lint.project import Reached
from xops_lint.questions import run_for_others
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP219",
    name="implicit-schema",
    summary="A step of a pipeline reads a table from text and leaves the types of its columns to a guess.",
    harm="One odd value turns numbers into text, ids lose their zeros, and the step fails later or not at all.",
    remedy="Say which columns you read, and of which type they are.",
    ops=("dataops",),
    severity=Severity.INFO,
    group=Group.OPTIONAL,
)

PIPELINE: Final = frozenset({"step", "orchestrate"})
"""Roles of what belongs to a pipeline, be it by a decorator or a call."""

SPEAKS_OF_TYPES: Final = regex(
    r"\b(?:astype|dtypes?|to_numeric|cast|convert_dtypes|\w*schemas?|columns_types)\b", re.IGNORECASE
)
"""Words of code that says elsewhere what it expects of columns."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report reads without types in what pipelines run, once a function."""
    places = run_for_others(project, PIPELINE) | of_stages(project)
    seen = set[Reached]()
    for file, call in project.calls("load_data"):
        here = Reached(file.path, call.scope)
        if here in seen or here not in places or file.context.test or not untold(call):
            continue
        if not SPEAKS_OF_TYPES.search(file.words) and next(file.playing("validate_data", "expectation"), None) is None:
            seen.add(here)
            message = f"leaves the types of columns to a guess: no `{call.spelling('schema')}`"
            yield RULE.at(call.callee, message, path=file.path)


def of_stages(project: Project) -> frozenset[Reached]:
    """Return what the scripts of pipelines that are written down as commands may run."""
    scripts: list[Facts] = []
    for config in project.of_kind(*ci.PIPELINES):
        scripts += [script for command in config.commands for script in project.scripts(command)]
    return frozenset[Reached]().union(*(project.reach(script) for script in scripts))


def untold(call: Call) -> bool:
    """Say whether a call reads text and surely says nothing of its columns."""
    typed = call.entry is None or "untyped" not in call.entry.traits
    return not (typed or call.unpacks or call.argument("schema") is not None)
