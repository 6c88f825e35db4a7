"""A container that serves or trains a model does not say what it needs."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import ConfigFile, Value
from xops_lint.rule import Group, Rule
from xops_lint.serving import listening_servers

RULE = Rule(
    code="XOP503",
    name="missing-resources",
    summary="A container that serves or trains a model does not say what it needs.",
    harm="It is put on a node that is too small, or takes the memory of its neighbours, and is killed under load.",
    remedy="Set `resources` with requests and limits that a run has shown to be enough.",
    ops=("devops",),
    group=Group.PRODUCTION,
)


@RULE.config()
def check(file: ConfigFile) -> Iterator[Finding]:
    """Report containers of services and of training jobs without requests or limits."""
    trains = next(file.values("job"), None) is not None
    training = file.values("container") if trains else ()
    reported: set[str] = set()
    for container in (*file.values("serving_container"), *listening_servers(file), *training):
        if container.route not in reported and runs_in_cluster(container) and not declares(container):
            reported.add(container.route)
            where = container.items.get("name") or container.items.get("image") or container.key or container
            yield RULE.at(where, "does not say with `resources` what it needs")


def runs_in_cluster(container: Value) -> bool:
    """Say whether a mapping is a container of a cluster that no runtime elsewhere describes."""
    named = container.items.keys()
    return not named.isdisjoint({"image", "storageUri", "modelFormat"}) and "runtime" not in named


def declares(container: Value) -> bool:
    """Say whether a container has requests or limits, or something that fills them in."""
    resources = container.items.get("resources")
    return resources is not None and (resources.templated or bool(resources.items))
