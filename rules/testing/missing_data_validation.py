"""A pipeline trains on data that nothing checks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint import ci
from xops_lint.diagnostic import Finding, Related
from xops_lint.matching import regex
from xops_lint.model import Call, Facts, Project
from xops_lint.naming import speaks_of
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP403",
    name="missing-data-validation",
    summary="A pipeline trains on data that nothing checks.",
    harm="A column that turned to text, zeros or last month's rows is learned like any other, and nothing fails.",
    remedy="Check types, ranges, missing values and keys of what comes in, and stop the pipeline when a check fails.",
    ops=("dataops",),
    confidence=Confidence.MEDIUM,
    group=Group.OPTIONAL,
)

CHECKED = ("data_checks", "data_check")
"""Roles of config values that check data."""

NAMED = regex(
    r"validat|schema|quality|expectation|sanity|integrity|check_?(?:data|input|column|null|missing)", re.IGNORECASE
)
"""Files, functions and imports of such names check data, in a way that is not known."""

MOST_RELATED = 3


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once, the first read of data in a pipeline of a project that checks none."""
    if not any(is_pipeline(file) for file in project.facts) or validated(project):
        return
    reads = sorted(training_reads(project), key=lambda found: (found[0].path, found[1].range))
    if reads:
        (file, first), *others = reads
        related = tuple(Related(call.callee, "and this is not either", at.path) for at, call in others[:MOST_RELATED])
        yield RULE.at(
            first.callee, "reads training data that nothing in this project checks", path=file.path, related=related
        )


def is_pipeline(file: Facts) -> bool:
    """Say whether a file defines a pipeline or one of its steps."""
    if file.context.test or file.context.example or file.notebook:
        return False
    return not set(file.kinds).isdisjoint(ci.PIPELINES) or next(file.playing("orchestrate", "step"), None) is not None


def training_reads(project: Project) -> Iterator[tuple[Facts, Call]]:
    """Yield the calls that load data in programs that fit a model, tests, examples and notebooks aside."""
    seen: set[tuple[str, int]] = set()
    for path in sorted(project.training):
        entry = project.files[path]
        if entry.notebook or entry.context.test or entry.context.example:
            continue
        for file, call in project.calls_reached(entry, "load_data"):
            shipped = call.entry is not None and bool(call.entry.traits & {"local", "generated"})
            if not shipped and not file.context.test and (file.path, call.index) not in seen:
                seen.add((file.path, call.index))
                yield file, call


def validated(project: Project) -> bool:
    """Say whether anything in the project checks data, or may."""
    calls = (file for file, _ in project.calls("validate_data", "expectation", "drift") if not file.context.test)
    if next(calls, None) is not None or any(next(project.values(role), None) is not None for role in CHECKED):
        return True
    commands = (command for file in project.facts for command in file.commands)
    return any("validate_data" in command.roles for command in commands) or speaks_of(project, NAMED)
