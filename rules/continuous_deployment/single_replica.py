"""One copy answers all requests, and nothing adds another."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, Facts, Project, Value
from xops_lint.rule import Group, Rule
from xops_lint.serving import is_tried_out, listening_servers

RULE = Rule(
    code="XOP504",
    name="single-replica",
    summary="One copy answers all requests, and nothing adds another.",
    harm="While that copy restarts, moves to another machine or hangs, nobody gets a prediction.",
    remedy="Run at least two copies, or let their number move with the load.",
    ops=("devops",),
    group=Group.OPTIONAL,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the numbers of copies of services that are one, where nothing in the project moves them."""
    if scaled(project):
        return
    for file in project.shown.facts:
        if file.context.test or is_tried_out(file.path):
            continue
        for replicas in file.values("replicas"):
            if replicas.text == "1" and answers(file, replicas):
                yield RULE.at(replicas, "is the only copy, and nothing adds another", path=file.path)
        for call in file.playing("deploy", "serve"):
            if call.takes("replicas") and call.value("replicas") == 1 and given_here(call):
                where = call.argument("replicas") or call.callee
                yield RULE.at(where, "is the only copy, and nothing adds another", path=file.path)


def scaled(project: Project) -> bool:
    """Say whether something in the project may move the number of copies of a service."""
    return (
        any(value.text != "1" for _, value in project.values("autoscaling"))
        or any("scale" in command.roles for file in project.facts for command in file.commands)
        or any(call.takes("replicas") for _, call in project.calls("configuration"))
    )


def answers(file: Facts, replicas: Value) -> bool:
    """Say whether a number of copies is that of a service that answers predictions, on a platform that keeps to it."""
    if "scales_by_itself" in file.traits:
        return False
    serving = [*file.values("deployment"), *listening_servers(file)]
    return any(
        holds(document, replicas) and any(holds(document, each) for each in serving) for document in file.documents
    )


def holds(document: Value, value: Value) -> bool:
    """Say whether a value stands in a document."""
    return any(below is value for below in document.walk())


def given_here(call: Call) -> bool:
    """Say whether a call starts a service that is neither local nor sized by its platform."""
    return not call.local and call.argument("replicas") is not None and call.argument("invocation") is None
