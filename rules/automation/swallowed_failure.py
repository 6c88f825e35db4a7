"""A step's failure is thrown away."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint import forgiven
from xops_lint.diagnostic import Finding
from xops_lint.model import Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP617",
    name="swallowed-failure",
    summary="A step's failure is thrown away.",
    harm="Training breaks off or the pipeline stops half-way, and everything goes on as if all were well.",
    remedy="Let the step fail; where it may, look at its outcome in a later step.",
    ops=("devops",),
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report pipeline steps whose failure the shell or the runner ignores; a rule of its own has the checks of CI."""
    for found in forgiven.other_steps(project):
        yield RULE.at(found.range, found.message, path=found.path, fix=found.fix)
