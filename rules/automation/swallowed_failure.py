"""A step's failure is thrown away."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Fix, Safety
from xops_lint.insertions import Rewritten, Unforgiven
from xops_lint.model import Facts, Project, Value
from xops_lint.rule import Rule
from xops_lint.shell import Command

RULE = Rule(
    code="XOP617",
    name="swallowed-failure",
    summary="A step's failure is thrown away.",
    harm="Tests fail, training breaks off or checks find bad data, and the pipeline goes on as if all were well.",
    remedy="Let the step fail; where it may, look at its outcome in a later step.",
    ops=("devops",),
)

CHECKED = {
    "run_tests": "a test",
    "run_pipeline": "the pipeline",
    "train": "training",
    "evaluate": "the evaluation",
    "validate_data": "a data check",
}
"""What must not fail unseen."""


TOLD_BY_CODE = {"train": "train", "tune": "train", "evaluate": "evaluate", "validate_data": "validate_data"}
"""Roles of calls in a script, and what they make of running it."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report commands whose failure the shell ignores, and steps whose failure CI ignores."""
    for file in project.shown.facts:
        for command in file.commands:
            what = checked(project, command) if command.forgiven else None
            if what is not None:
                fix = Fix("Let the command fail", (Unforgiven(command.range),), Safety.UNSAFE)
                yield RULE.at(command.range, f"goes on when {what} fails", path=file.path, fix=fix)
        for switch in file.values("allow_failure"):
            what = excused(project, file, switch)
            if what is not None:
                fix = Fix("Let the step fail", (Rewritten(switch.range, "false"),), Safety.UNSAFE)
                yield RULE.at(switch, f"goes on when {what} fails", path=file.path, fix=fix)


def checked(project: Project, command: Command) -> str | None:
    """Return in words what a command runs that must not fail unseen."""
    roles = set(command.roles)
    for file in project.scripts(command):
        roles |= {meant for role, meant in TOLD_BY_CODE.items() if next(file.playing(role), None)}
    return next((words for role, words in CHECKED.items() if role in roles), None)


def excused(project: Project, file: Facts, switch: Value) -> str | None:
    """Return what a switch lets fail, if no later step looks at the outcome."""
    if switch.text.lower() != "true" or switch.templated:
        return None
    around = switch.route.rpartition(".")[0]
    name = next((found.text for document in file.documents if (found := document.get(f"{around}.id"))), None)
    if name is not None and any(
        f"steps.{name}." in value.text for document in file.documents for value in document.walk()
    ):
        return None
    inside = (command for command in file.commands if command.route.startswith(f"{around}."))
    return next((what for command in inside if (what := checked(project, command))), None)
