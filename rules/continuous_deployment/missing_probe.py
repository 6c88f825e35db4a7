"""A container that answers predictions is never asked whether it can."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import ConfigFile
from xops_lint.rule import Group, Rule
from xops_lint.serving import listening_servers

RULE = Rule(
    code="XOP502",
    name="missing-probe",
    summary="A container that answers predictions is never asked whether it can.",
    harm="Requests reach a server that is still loading its model, and one that hangs is never restarted.",
    remedy="Add a readiness probe that answers once the model is loaded, and a liveness probe.",
    ops=("devops",),
    group=Group.PRODUCTION,
)


@RULE.config()
def check(file: ConfigFile) -> Iterator[Finding]:
    """Report the containers of prediction services that have no probe of their own."""
    for container in listening_servers(file):
        if next(file.values("probe", container), None) is None:
            where = container.items.get("name") or container.items.get("image") or container
            yield RULE.at(where, "answers predictions and has neither a readiness nor a liveness probe")
