"""A service asks a language model and keeps neither what the answers cost nor which prompt was used."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Facts, Project
from xops_lint.project import Reached
from xops_lint.questions import questions, run_for_others
from xops_lint.rule import Confidence, Group, Rule, Severity

RULE = Rule(
    code="XOP733",
    name="unrecorded-llm-usage",
    summary="A service asks a language model and keeps neither what the answers cost nor which prompt was used.",
    harm="A bill that doubles, or answers that change, are seen by whoever pays or complains, and by nobody before.",
    remedy="Log the counts of tokens that come with every answer, with the model and the version of the prompt.",
    ops=("aiops",),
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    group=Group.OPTIONAL,
)

RECORDS = ("track", "log_metrics", "autolog", "capture_data", "monitor", "metric", "start_run")
"""Roles of calls that keep figures of a service, or its questions as a whole."""

WATCHES = regex(r"trac(?:e|er|ing)|telemetry|instrument|callback|usage|cost|metrics|observab", re.IGNORECASE)
"""Words of modules and functions that keep such figures."""

SERVED = frozenset({"serve"})


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the first question of a service, in projects where nothing speaks of tokens, costs, prompts or traces."""
    if next(project.calls(*RECORDS), None) is not None or any(map(watched, project.python)):
        return
    places = run_for_others(project, SERVED)
    for file, call in questions(project):
        if Reached(file.path, call.scope) in places:
            yield RULE.at(call.callee, "is asked, and nothing keeps what the answers cost", path=file.path)
            return


def watched(file: Facts) -> bool:
    """Say whether a file speaks of what answers cost, or has anything that may keep it."""
    names = [imported.target for imported in file.imports] + [definition.name for definition in file.definitions]
    return file.accounts or any(WATCHES.search(name) for name in names)
