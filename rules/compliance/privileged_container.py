"""A container that trains or serves a model has the rights of its host."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import ConfigFile, Value
from xops_lint.rule import Group, Rule
from xops_lint.serving import working_containers

RULE = Rule(
    code="XOP111",
    name="privileged-container",
    summary="A container that trains or serves a model has the rights of its host.",
    harm="Whoever makes the model's code run something, as a pickled model or a package can, has the machine.",
    remedy="Run it as a user without rights, and let it see none of the host's own files.",
    ops=("devops",),
    group=Group.PREVIEW,
)

ROOT = regex(r"(?:0|root)(?::.*)?")
"""What the user with all rights is called."""

HOST = regex(r"(?:/|/(?:etc|proc|sys|boot|root|var/run|run|var/lib/(?:docker|kubelet))(?:/[^:]*)?)(?::.*)?")
"""Paths of the host whose owner owns the host."""

HARMLESS = regex(r"/etc/(?:localtime|timezone|hosts|resolv\.conf|ssl\b.*|ca-certificates\b.*|pki\b.*)(?::.*)?")


@RULE.config()
def check(file: ConfigFile) -> Iterator[Finding]:
    """Report the switch, the user and the paths that give such containers the rights of the host."""
    containers = list(working_containers(file))
    for value in inside(file, "privileged", containers):
        if value.text.lower() == "true":
            yield RULE.at(value, "gives a container that runs models all rights on its host")
    for value in inside(file, "user", containers):
        if ROOT.fullmatch(value.text):
            yield RULE.at(value, "runs models as root")
    for value in inside(file, "host_path", containers):
        if HOST.fullmatch(value.text) and not HARMLESS.fullmatch(value.text):
            yield RULE.at(value, f"opens `{value.text.partition(':')[0]}` of the host to a container that runs models")


def inside(file: ConfigFile, role: str, containers: list[Value]) -> Iterator[Value]:
    """Yield the values of a role of these containers, or of the whole of a pod with one of them."""
    pods = [pod for pod in file.values("pod") if any(pod.holds(each) for each in containers)]
    others = [each for each in file.values("container") if not any(each is known for known in containers)]
    for value in file.values(role):
        if any(around.holds(value) for around in (*containers, *pods)) and not any(
            other.holds(value) for other in others
        ):
            yield value
