"""CI goes on when a test or a data check fails."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint import forgiven
from xops_lint.diagnostic import Finding
from xops_lint.model import Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP521",
    name="ignored-test-failure",
    summary="CI goes on when a test or a data check fails.",
    harm="The build is green, and what stands behind it builds and deploys what the check found broken.",
    remedy="Let the step fail, or read its outcome in a later step that decides.",
    ops=("devops",),
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report tests and data checks of CI whose failure the shell or the service ignores."""
    for found in forgiven.checks_of_ci(project):
        yield RULE.at(found.range, found.message, path=found.path, fix=found.fix)
