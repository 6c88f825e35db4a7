"""A language model answers a service, a pipeline or a loop without a limit of length or time."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Fix
from xops_lint.edits import passed
from xops_lint.model import Call, Facts, Project
from xops_lint.project import Reached
from xops_lint.questions import questions, repeated, run_for_others, setting
from xops_lint.rule import Confidence, Rule

RULE = Rule(
    code="XOP730",
    name="unbounded-llm-call",
    summary="A language model answers a service, a pipeline or a loop without a limit of length or time.",
    harm="One answer that runs on or hangs holds up everything behind it for minutes, and is paid by the token.",
    remedy="Say how long an answer may be, or how long you wait for it, in the call or when its client is made.",
    ops=("aiops",),
    confidence=Confidence.MEDIUM,
)

LONG = 300
"""A wait of more seconds than this, which clients set by themselves, is no limit for whoever waits."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report questions that are asked again and again and surely set neither limit, once a function."""
    places, seen = run_for_others(project), set[Reached]()
    for file, call in questions(project):
        here = Reached(file.path, call.scope)
        if here in seen or (here not in places and not repeated(file, call)) or waited_for(file, call):
            continue
        if endless(setting(file, call, "timeout")) and setting(file, call, "limit") is None:
            seen.add(here)
            message = "limits neither the length of the answer nor the wait for it"
            yield RULE.at(call.callee, message, path=file.path, fix=limited(call))


def limited(call: Call) -> Fix | None:
    """Return the fix that limits the wait, or where the call takes no such limit the length of the answer."""
    if call.passable("timeout"):
        return passed(call, "timeout", "60", "Wait for a minute")
    return passed(call, "limit", "1024", "Limit the answer to 1024 tokens") if call.passable("limit") else None


def endless(seconds: object) -> bool:
    """Say whether a limit of time is none, or the long one of the client itself."""
    return seconds is None or (isinstance(seconds, (int, float)) and seconds > LONG)


def waited_for(file: Facts, call: Call) -> bool:
    """Say whether another call limits how long the answer is waited for."""
    return any(
        call.index in other.data and (other.takes("timeout") or other.keyword("timeout") is not None)
        for other in file.calls
    )
