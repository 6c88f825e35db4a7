"""A service or a notebook server lets in everybody who reaches it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import ConfigFile, PythonFile, Value
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP110",
    name="unauthenticated-endpoint",
    summary="A service or a notebook server lets in everybody who reaches it.",
    harm="Strangers use the model, load their own into the server, or run code where the data is.",
    remedy="Leave the tool's own check of tokens on, and hand the token out as a secret.",
    ops=("devops",),
    group=Group.PREVIEW,
)

OPEN = frozenset({"true", "none", "public", "allusers"})
"""What a setting says, in lower case, that lets everybody in."""

HERE = regex(r"(?:127\.|\[?::1\b|localhost\b)")
"""How a port begins that only this machine reaches."""


@RULE.config()
def in_settings(file: ConfigFile) -> Iterator[Finding]:
    """Report settings that switch the check of callers off, where no other check stands beside them."""
    for setting in file.values("open_access"):
        around = setting.route.rpartition(".")[0]
        beside = (value for value in file.values("authentication") if value.route.startswith(f"{around}."))
        if setting.text.lower() in OPEN and not any(value.text.lower() != "false" for value in beside):
            yield RULE.at(setting, "lets everybody in, without asking who it is")


@RULE.config()
def in_commands(file: ConfigFile) -> Iterator[Finding]:
    """Report commands that start a server without its check, on a port that others reach."""
    containers = list(file.values("container"))
    for command in file.commands:
        around = next((each for each in containers if command.route.startswith(f"{each.route}.")), None)
        if "admit" in command.roles and (around is None or not keeps_to_itself(file, around)):
            yield RULE.at(command.range, "starts a server that lets everybody in, without asking who it is")


def keeps_to_itself(file: ConfigFile, container: Value) -> bool:
    """Say whether a container's ports, where its kind opens them at all, are open to this machine alone."""
    ports = list(file.values("published", container))
    return bool(ports) and all(HERE.match(port.text) for port in ports)


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report deployments that switch the check of callers off, or whose tool has none unless it is asked for."""
    for call in file.calls("deploy", "serve"):
        value = call.value("authentication")
        if call.takes("authentication") and (value is False or value in ("public", "none")):
            given = call.argument("authentication")
            yield RULE.at(given or call.callee, "deploys a model for everybody, without asking who it is")
