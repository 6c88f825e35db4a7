"""A rollout goes on whatever the new model does."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, ConfigFile, PythonFile
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP518",
    name="missing-auto-rollback",
    summary="A rollout goes on whatever the new model does.",
    harm="Errors of the first tenth of the requests stop nothing: the others follow as planned.",
    remedy="Name alarms on errors and latency that take the new model back while it is rolled out.",
    ops=("mlops",),
    group=Group.PRODUCTION,
)

MESSAGE = "names no alarm that takes the new model back"


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report rollouts that no alarm takes back."""
    for rollout in file.values("rollout"):
        alarms = list(file.values("rollback", rollout))
        filled_in = any(value.tag == "unknown" for value in rollout.walk())
        if rollout.key and rollout.items and not any(alarm.data for alarm in alarms) and not (filled_in and alarms):
            yield RULE.at(rollout.key, MESSAGE)


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report the same of rollouts whose settings stand in the code."""
    for call in file.calls("deploy"):
        rollout = call.argument("rollout")
        if rollout is not None and goes_on(call):
            yield RULE.at(rollout, MESSAGE)


def goes_on(call: Call) -> bool:
    """Say whether all settings of a rollout are known, and none of them names what takes it back."""
    rollout = call.argument("rollout")
    entries = rollout.value.entries if rollout is not None else None
    return bool(entries) and not any("rollback" in str(key).lower() or key == "**" for key in entries or ())
