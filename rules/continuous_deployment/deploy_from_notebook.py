"""A notebook puts a model into service."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import PythonFile, Range
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP508",
    name="deploy-from-notebook",
    summary="A notebook puts a model into service.",
    harm="What serves depends on who ran which cells: no review, no log, and no way to do the same again.",
    remedy="Move the deployment into a script or pipeline that CI runs, and keep the notebook for looking.",
    ops=("mlops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report, once a notebook, the first call or command that deploys."""
    if not file.notebook or file.context.example:
        return
    found = [(where, what) for where, what in deployments(file) if where != Range(0, 0)]
    if found:
        where, what = min(found)
        yield RULE.at(where, f"{what} from a notebook")


def deployments(file: PythonFile) -> Iterator[tuple[Range, str]]:
    """Yield where a notebook deploys or promotes a model, and which of the two."""
    for call in file.acting("deploy", "promote"):
        yield call.range, "promotes a model" if "promote" in call.roles else "deploys a model"
    for shell in file.shell:
        for command in shell.commands:
            if "deploy" in command.roles:
                yield shell.range if len(shell.commands) == 1 else command.range, "deploys a model"
