"""A pipeline or an evaluation leaves to the provider how freely a language model answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.edits import passed
from xops_lint.matching import regex
from xops_lint.model import Call, Facts, Project
from xops_lint.project import Reached
from xops_lint.provenance import texts
from xops_lint.questions import asked_model, questions, run_for_others, setting
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP329",
    name="implicit-temperature",
    summary="A pipeline or an evaluation leaves to the provider how freely a language model answers.",
    harm="The same input gets another label or score on every run, and a provider may move its default at any time.",
    remedy="Set the temperature, to 0 where the answer is to be the same again, and a seed if the provider takes one.",
    ops=("aiops",),
    confidence=Confidence.MEDIUM,
    group=Group.OPTIONAL,
)

PIPELINE = frozenset({"step", "orchestrate", "evaluate"})
"""Roles of what runs again and is to give the same."""

JUDGES = regex(
    r"(?:^|[/_.])(?:eval(?:s|uat\w*)?|judges?|grad(?:e|er|ing)|benchmarks?|score[rs]?|scoring|classif\w*|label\w*)(?=$|[/_.])"
)
"""Words of paths and functions whose answers are judgements."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a function, questions to known models that surely set neither temperature nor seed."""
    places, seen = run_for_others(project, PIPELINE), set[Reached]()
    for file, call in questions(project):
        here = Reached(file.path, call.scope)
        if here in seen or not (
            here in places or JUDGES.search(f"{file.path.rpartition('.')[0]}/{call.scope}".lower())
        ):
            continue
        unset = setting(file, call, "temperature") is None and not set_at_all(file, call, "seed")
        if unset and tempered(project, file, call):
            seen.add(here)
            fix = (
                passed(call, "temperature", "0", "Ask for the likeliest answer")
                if call.passable("temperature")
                else None
            )
            message = "leaves to the provider how freely the model answers"
            yield RULE.at(call.callee, message, path=file.path, fix=fix)


def set_at_all(file: Facts, call: Call, meaning: str) -> bool:
    """Say whether a question sets what it can set."""
    return call.takes(meaning) and setting(file, call, meaning) is not None


def tempered(project: Project, file: Facts, call: Call) -> bool:
    """Say whether the models asked are known and each takes a temperature."""
    asked = asked_model(file, call)
    if asked is None or asked[0].entry is None:
        return False
    names = [written.text for written in texts(project, file, *asked)]
    patterns = asked[0].entry.untempered
    return bool(names) and not any(re.fullmatch(pattern, name) for name in names for pattern in patterns)
