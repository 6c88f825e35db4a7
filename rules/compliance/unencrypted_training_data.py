"""What a training job stores or sends is left unencrypted, though its platform would encrypt it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.edits import passed
from xops_lint.model import Argument, ConfigFile, Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP112",
    name="unencrypted-training-data",
    summary="What a training job stores or sends is left unencrypted, though its platform would encrypt it.",
    harm="Whoever gets at a copy of the disk, or at the network between the machines, reads rows and weights.",
    remedy="Switch the encryption of volumes and of traffic between machines on.",
    ops=("dataops",),
    group=Group.PRODUCTION,
)


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report volumes and databases whose encryption is switched off."""
    for value in file.values("encryption"):
        if value.tag != "unknown" and value.text.lower() == "false":
            yield RULE.at(value, "keeps what is stored unencrypted")


@RULE.project
def in_code(project: Project) -> Iterator[Finding]:
    """Report jobs of several machines that send each other what they compute without encryption."""
    if next(project.values("encrypted_traffic"), None) is not None:
        return
    for file, call in project.shown.calls("estimator", "train"):
        if not call.takes("encrypted_traffic") or call.unpacks or call.local:
            continue
        given, machines = call.argument("encrypted_traffic"), call.argument("machines")
        if machines is not None and several(machines):
            if given is None:
                message = f"sends between machines without `{call.spelling('encrypted_traffic')}`"
                yield RULE.at(
                    machines,
                    message,
                    path=file.path,
                    fix=passed(call, "encrypted_traffic", "True", "Encrypt the traffic"),
                )
            elif given.value.constant is False:
                yield RULE.at(given, "lets the machines of this job send unencrypted", path=file.path)


def several(machines: Argument) -> bool:
    """Say whether a job surely runs on more than one machine, by its count or the settings that hold it."""
    entries = machines.value.entries or {}
    counts = [
        machines.value.constant,
        *(value.constant for key, value in entries.items() if "count" in str(key).lower()),
    ]
    return any(isinstance(count, int) and count > 1 for count in counts)
