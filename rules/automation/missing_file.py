"""A config names a file that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Project
from xops_lint.references import present, references
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP613",
    name="missing-file",
    summary="A config names a file that is not there.",
    harm="The step fails when it is reached, which for a long pipeline or a cloud job is hours and euros later.",
    remedy="Correct the path, or add the file.",
    ops=("devops",),
    severity=Severity.ERROR,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report paths of scripts, code, components and inputs that nothing holds or makes."""
    for file in project.shown.facts:
        seen: set[str] = set()
        for reference in references(project, file) if file.kinds else ():
            paths = list(reference.candidates())
            if reference.path not in seen and not any(present(project, path) for path in paths):
                seen.add(reference.path)
                yield RULE.at(reference.range, f"names `{reference.path}`, which is not there", path=file.path)
