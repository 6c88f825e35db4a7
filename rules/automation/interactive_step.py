"""A step that runs by itself waits for a person."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint import ci
from xops_lint.diagnostic import Finding
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP606",
    name="interactive-step",
    summary="A step that runs by itself waits for a person.",
    harm="In a pipeline nobody answers: the step hangs until it is killed, or fails for want of a terminal.",
    remedy="Take the answer from an option or a parameter file, and write figures to files.",
    ops=("devops",),
    group=Group.PREVIEW,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report calls that wait for a person in what a config starts, or what that reaches."""
    seen: set[tuple[str, int]] = set()
    stages = {stage.path for stage in run_at_home(project)}
    for path in sorted(project.commanded):
        entry = project.files[path]
        traits = {"interactive", "window"} if path in stages else {"interactive"}
        for file, call in reached(project, entry, traits) if not entry.notebook else ():
            if (file.path, call.index) not in seen and not call.conditional and call.scope not in file.guarded:
                seen.add((file.path, call.index))
                started = "" if file is entry else f", which `{path}` reaches"
                yield RULE.at(call, f"waits for a person in a step that runs by itself{started}", path=file.path)


def run_at_home(project: Project) -> Iterator[Facts]:
    """Yield the scripts of pipelines that people run at their desks, where windows open."""
    for config in project.of_kind(*ci.PIPELINES):
        for command in config.commands:
            yield from project.scripts(command)


def reached(project: Project, entry: Facts, traits: set[str]) -> Iterator[tuple[Facts, Call]]:
    """Yield the calls with any of these traits that running an entry may execute."""
    for place in sorted(project.reach(entry)):
        file = project.files[place.path]
        for call in file.calls:
            if call.scope == place.scope and call.entry is not None and call.entry.traits & traits:
                yield file, call
