"""A random generator is made without a seed."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.chance import feeds, is_experiment, matters
from xops_lint.diagnostic import Finding
from xops_lint.edits import seeded
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP304",
    name="unseeded-generator",
    summary="A random generator is made without a seed.",
    harm="It starts from the system's entropy, so every run draws other numbers.",
    remedy="Make the generator from a seed of your parameters.",
    ops=("mlops",),
    exploration=True,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report generators without a seed whose numbers go into data, models or scores."""
    for file, call in project.shown.left_to_chance("generator"):
        # One under a condition is what code falls back on when it is given no generator.
        if call.conditional or seeded_later(file, call) or not (feeds(file, call) or matters(project, file, call)):
            continue
        if any(is_experiment(project, entry) for entry in project.entries_running(file, call)):
            message = "makes a generator that starts anew on every run"
            yield RULE.at(call, message, path=file.path, fix=seeded(file, call))


def seeded_later(file: Facts, generator: Call) -> bool:
    """Say whether a method of the generator seeds it after it is made."""
    return any(call.receiver is not None and generator.index in call.receiver.sources for call in file.playing("seed"))
