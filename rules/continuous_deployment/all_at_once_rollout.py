"""A new model takes all requests at once, with no way back."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import ConfigFile, Facts, Project, PythonFile, Value
from xops_lint.rule import Group, Rule
from xops_lint.serving import is_tried_out, listening_servers

RULE = Rule(
    code="XOP505",
    name="all-at-once-rollout",
    summary="A new model takes all requests at once, with no way back.",
    harm="A model that answers wrongly, slowly or not at all does so to everybody, until somebody notices.",
    remedy="Give the new model a small share of the requests first, and let an alarm take it back.",
    ops=("mlops",),
    group=Group.PREVIEW,
)

AT_ONCE = frozenset({"all_at_once", "recreate"})
"""Words, in lower case, for changes that leave no old copy answering."""

WHOLE = regex(r"[\w$}-][=:]100\b")
PART = regex(r"[\w$}-][=:]0*[1-9]\d?\b")
"""Shares of requests in a command, in percent."""


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report endpoints and services whose config says, or leaves it at, that all requests move at once."""
    if is_tried_out(file.path):
        return
    moved = any(next(file.values(role), None) is not None for role in ("rollout", "invocation"))
    shared = len(list(file.values("weight"))) > 1
    deployments = list(file.values("deployment"))
    chosen = not deployments or any(part.tag == "unknown" for each in deployments for part in each.items.values())
    for endpoint in () if moved or shared or chosen else file.values("updatable_endpoint"):
        if endpoint.key and not endpoint.templated:
            yield RULE.at(endpoint.key, "gives a new model all requests at once")
    back = next(file.values("rollback"), None) is not None
    for document in file.documents:
        served = next(file.values("updatable_endpoint", document), None) or answers(file, document)
        for word in file.values("rollout_type", document) if served and not back else ():
            if word.text.lower() in AT_ONCE:
                yield RULE.at(word, "gives a new version all requests at once")


def answers(file: ConfigFile, document: Value) -> bool:
    """Say whether a document describes copies of a service that answers predictions."""
    servers = list(listening_servers(file))
    return any(below is server for below in document.walk() for server in servers)


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report updates of an endpoint that leave it at the tool's default."""
    if is_tried_out(file.path):
        return
    for call in file.calls("deploy"):
        replaces = call.entry is not None and "replaces" in call.entry.traits
        if replaces and call.argument("rollout") is None and not call.unpacks:
            yield RULE.at(call.callee, "gives the new model all requests at once")


@RULE.project
def in_commands(project: Project) -> Iterator[Finding]:
    """Report commands that move all requests, where no command moves a part of them first."""
    moving = [
        (file, command)
        for file in project.facts
        for command in file.commands
        if "deploy" in command.roles and not is_tried_out(file.path) and not tries_out(file, command.route)
    ]
    if any(PART.search(command.text) or "mirror" in command.text for _, command in moving):
        return
    for file, command in moving:
        if WHOLE.search(command.text):
            yield RULE.at(command.range, "gives the new model all requests at once", path=file.path)
            return


def tries_out(file: Facts, route: str) -> bool:
    """Say whether a job of CI, by its name or its environment, deploys to another place than production."""
    for job in file.values("job"):
        if job.route and route.startswith(f"{job.route}."):
            bound = (value.text for each in file.values("deploy_environment", job) for value in each.walk())
            return any(is_tried_out(f"{name}/") for name in (job.route, *bound))
    return False
