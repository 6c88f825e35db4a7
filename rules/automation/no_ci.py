"""A project with a pipeline has nothing that checks it on every change."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint import ci
from xops_lint.diagnostic import Finding
from xops_lint.model import Project, Range
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP601",
    name="no-ci",
    summary="A project with a pipeline has nothing that checks it on every change.",
    harm="A change that breaks a stage is found when the pipeline is next run, by whoever needs its result.",
    remedy="Add a CI workflow that installs the environment, runs the tests and tries the pipeline on little data.",
    ops=("devops",),
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once, the first pipeline of a repository without CI."""
    if ci.exists(project):
        return
    found = sorted((depth(path), path, where) for path, where in pipelines(project))
    if found:
        _, path, where = found[0]
        yield RULE.at(where, "no CI checks this pipeline", path=path)


def pipelines(project: Project) -> Iterator[tuple[str, Range]]:
    """Yield the places where the project, not an example of it, defines pipelines."""
    for file in project.facts:
        if file.context.example or file.context.test or file.notebook:
            continue
        for document in file.of_kind(*ci.PIPELINES):
            first = next(iter(document.items.values()), document)
            yield file.path, first.key or first.range
        for call in file.playing("orchestrate", "step"):
            yield file.path, call.callee
            break


def depth(path: str) -> int:
    """Return how many folders a path is below the root."""
    return path.count("/")
