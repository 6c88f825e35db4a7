"""A project has a pipeline and CI, and CI never checks or runs the pipeline."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint import ci
from xops_lint.diagnostic import Finding, Related
from xops_lint.facts import Facts
from xops_lint.model import Project, Range
from xops_lint.rule import Group, Rule
from xops_lint.shell import Command

RULE = Rule(
    code="XOP603",
    name="ci-skips-pipeline",
    summary="A project has a pipeline and CI, and CI never checks or runs the pipeline.",
    harm="A change that breaks a stage is merged, and comes to light when the model is to be trained again.",
    remedy="Add a job that runs the pipeline, on a sample of the data, or asks whether its results are up to date.",
    ops=("mlops",),
    group=Group.OPTIONAL,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once, the first CI config if every step of all of them is known to leave the pipeline alone."""
    files = ci.files(project)
    pipelines = sorted(pipelined(project), key=lambda file: file.path)
    if not pipelines or not files or ci.unread(project):
        return
    commands = [command for file in files for command in file.commands]
    if not commands or any(may_run(project, command, pipelines) for command in commands):
        return
    main = min(files, key=lambda file: file.path)
    job = next(main.values("job"), None) or next(main.values("step"), None)
    related = (Related(Range(0, 0), "the pipeline that no step runs", pipelines[0].path),)
    where = (job.key or job.range) if job is not None else Range(0, 0)
    yield RULE.at(where, f"no step of CI checks or runs `{pipelines[0].path}`", path=main.path, related=related)


def pipelined(project: Project) -> Iterator[Facts]:
    """Yield the configs of pipelines that consist of stages or entry points, tests aside."""
    for file in project.of_kind(*ci.PIPELINES):
        staged = next(file.values("stage"), None) or next(file.values("entry_point"), None)
        if staged is not None and not file.context.test:
            yield file


def may_run(project: Project, command: Command, pipelines: list[Facts]) -> bool:
    """Say whether a step runs or asks for a pipeline, or does something that is not known."""
    if "run_pipeline" in command.roles or any(command.words[0] in file.kinds for file in pipelines):
        return True
    if "run_tests" in command.roles:
        # A test may start the pipeline.
        return any(file.shell or any(file.playing("shell", "orchestrate")) for file in project.tests)
    if command.known:
        return False
    if command.words[0].startswith("./") and not command.script:
        # A workflow or an action of this repository: its own steps are looked at.
        return not any(path.startswith(command.words[0][2:]) for path in project.files)
    scripts = project.scripts(command)
    return not scripts or any(file.shell or not runs_elsewhere(project, file, pipelines) for file in scripts)


def runs_elsewhere(project: Project, file: Facts, pipelines: list[Facts]) -> bool:
    """Say whether a program is none of those that the pipelines start, and starts none itself."""
    paths = {pipeline.path for pipeline in pipelines}
    starts = project.plan.launches.of(file.path)
    return not any(launch.origin.path in paths for launch in starts) and not any(file.playing("shell", "orchestrate"))
