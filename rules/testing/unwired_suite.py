"""A suite of data checks is written, and nothing runs it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint import suites
from xops_lint.diagnostic import Finding
from xops_lint.model import Facts, Project, Value
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP419",
    name="unwired-suite",
    summary="A suite of data checks is written, and nothing runs it.",
    harm="Everybody believes that the data is checked, and bad rows go through as if there were no suite.",
    remedy="Name the suite in a checkpoint that the pipeline runs, or remove it.",
    ops=("dataops",),
    group=Group.PREVIEW,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report suites that nothing in the project names, and runs without suites that no code completes."""
    runs, written = list(suites.runs(project)), list(suites.suites(project))
    if not runs and not written:
        return
    words, texts = suites.words(project), suites.named_in_configs(project)
    for suite in written:
        if suite.name.text not in texts and not suites.may_name(words, suite.name.text):
            yield RULE.at(suite.name, "is a suite that nothing in this project runs", path=suite.path)
    for run in runs:
        file = project.files[run.path]
        if suites.may_name(words, run.name.text):
            continue  # Its suites and actions may be given where it is run.
        if without_suite(file, run.document):
            yield RULE.at(run.name, "runs no suite", path=run.path)
        elif without_action(file, run.document):
            yield RULE.at(run.name, "keeps no outcome and tells nobody of a failure", path=run.path)


def without_suite(file: Facts, run: Value) -> bool:
    """Say whether a run names no suite at all."""
    return not any(value.text for value in file.values("data_suite", run)) and not any(
        value.list or value.tag == "unknown" for value in file.values("checked_suites", run)
    )


def without_action(file: Facts, run: Value) -> bool:
    """Say whether the list of what is done with the outcome is there, and empty."""
    return any(value.data == [] for value in file.values("outcome_actions", run))
