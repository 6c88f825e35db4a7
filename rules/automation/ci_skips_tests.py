"""A project has tests and CI, and CI never runs the tests."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint import ci
from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Project, Range
from xops_lint.rule import Rule
from xops_lint.shell import Command

RULE = Rule(
    code="XOP602",
    name="ci-skips-tests",
    summary="A project has tests and CI, and CI never runs the tests.",
    harm="The tests go stale: they fail, or pass for the wrong reason, and nobody is told.",
    remedy="Add a step that runs them, such as `pytest`, before anything trains or deploys.",
    ops=("devops",),
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once, the first CI config if every step of all of them is known not to run tests."""
    files = ci.files(project)
    tests = sorted(file.path for file in project.tests)
    if not tests or not files or ci.unread(project):
        return
    commands = [command for file in files for command in file.commands]
    if not commands or any(may_test(project, command) for command in commands):
        return
    main = min(files, key=lambda file: file.path)
    job = next(main.values("job"), None) or next(main.values("step"), None)
    related = (Related(Range(0, 0), "tests that no step runs", tests[0]),)
    where = (job.key or job.range) if job is not None else Range(0, 0)
    yield RULE.at(where, "no step of CI runs the project's tests", path=main.path, related=related)


def may_test(project: Project, command: Command) -> bool:
    """Say whether a step runs tests, or does something that is not known."""
    if "run_hooks" in command.roles:
        return ci.hooks_may_test(project)
    if command.known:
        return "run_tests" in command.roles
    step = command.words[0]
    if step.startswith("./") and not command.script:
        # A workflow or an action of this repository: its own steps are looked at.
        return not any(path.startswith(step[2:]) for path in project.files)
    scripts = project.scripts(command)
    return not scripts or any(file.context.test or file.shell for file in scripts)
