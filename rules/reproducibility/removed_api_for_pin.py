"""Code uses a name that every version of the library that is declared for it lacks."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related, Safety
from xops_lint.model import Facts, Project
from xops_lint.outdated import further, outdated, renaming
from xops_lint.rule import Group, Rule, Severity
from xops_lint.versions import lacks

RULE = Rule(
    code="XOP338",
    name="removed-api-for-pin",
    summary="Code uses a name that every version of the library that is declared for it lacks.",
    harm="In the environment as declared the program ends with an error as soon as it comes to that line.",
    remedy="Use what took its place, or declare the version that the code was written for.",
    ops=("devops",),
    severity=Severity.ERROR,
    group=Group.PREVIEW,
    exploration=True,
)

MOST_DECLARED = 2


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report names that are surely gone, each once a file, and what declares the version without them."""
    for file in project.python:
        for mentions in outdated(project, file):
            removal = mentions[0].removal
            if removal.state == "removed" and lacks(project.dependencies, file, removal):
                since = f"is gone since {removal.distribution} {removal.since}, and the project asks for a later one"
                yield RULE.at(
                    mentions[0].range,
                    f"{since}: {removal.advice}",
                    path=file.path,
                    related=(*declared(project, file, removal.distribution), *further(file, mentions)),
                    fix=renaming(file, mentions, Safety.SAFE),
                )


def declared(project: Project, file: Facts, distribution: str) -> Iterator[Related]:
    """Yield where the versions of a distribution are declared that a file meets."""
    near = project.dependencies.near(distribution, file.path) if project.dependencies is not None else ()
    for requirement in near[:MOST_DECLARED]:
        if requirement.specifier:
            text = f"asks for `{requirement.name}{requirement.specifier}`"
            yield Related(requirement.range, text, requirement.path)
