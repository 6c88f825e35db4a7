"""A service or a pipeline asks a language model, and nobody tries again when that fails."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, Project
from xops_lint.project import Reached
from xops_lint.questions import questions, run_for_others, setting
from xops_lint.retries import tries_again
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP731",
    name="llm-without-retry",
    summary="A service or a pipeline asks a language model, and nobody tries again when that fails.",
    harm="Providers refuse a part of all requests when they are busy, and each of these fails for whoever asked.",
    remedy="Let the client try again after a growing pause, a few times, and answer without the model after that.",
    ops=("aiops",),
    confidence=Confidence.MEDIUM,
    group=Group.OPTIONAL,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a function, questions of a client that surely tries once, where no code tries again."""
    places, seen = run_for_others(project), set[Reached]()
    for file, call in questions(project):
        here = Reached(file.path, call.scope)
        if here in seen or here not in places or handled(call) or tries_again(file):
            continue
        if setting(file, call, "retry") in (None, 0, False):
            seen.add(here)
            yield RULE.at(call.callee, "is asked once, and not again when that fails", path=file.path)


def handled(call: Call) -> bool:
    """Say whether code around a question goes on without its answer, or comes back to it in a loop."""
    return call.swallowed or (call.caught and call.loop > 0)
