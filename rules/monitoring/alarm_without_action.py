"""An alarm goes off and tells nobody."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import ConfigFile, Facts, Project, PythonFile, Value
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP708",
    name="alarm-without-action",
    summary="An alarm goes off and tells nobody.",
    harm="The alarm is red on a page that nobody looks at.",
    remedy="Give the alarm an action: a topic, a receiver, a function that somebody is at the end of.",
    ops=("aiops",),
)

VARIABLE = regex(r"!\w+|\$\{[^}]*\}|[\s\"']+")
"""What a template puts around the part of a name that is known."""


@RULE.project
def in_config(project: Project) -> Iterator[Finding]:
    """Report alarms without an action that no config of the project refers to."""
    for file, alarm in project.shown.values("alarm"):
        acts = next(file.values("notification", alarm), None) is not None
        if alarm.key is not None and not acts and not referred(project, file, alarm):
            yield RULE.at(alarm.key, "has no action, so nobody is told", path=file.path)


def referred(project: Project, file: Facts, alarm: Value) -> bool:
    """Say whether anything refers to an alarm: another alarm, a rollback, a rule on its state."""
    own = alarm.route.partition(".")[2]
    if any(own in text for text in texts(file)):
        return True
    names = [max(VARIABLE.split(source(file, name)), key=len) for name in file.values("alarm_name", alarm)]
    # The alarm itself says its name once.
    return any(sum(text.count(name) for other in project.facts for text in texts(other)) > 1 for name in names if name)


def texts(file: Facts) -> Iterator[str]:
    """Yield the scalars of a config, and the source of those that are filled in."""
    yield from (value.text for tree in file.documents for value in tree.walk() if value.text)
    yield from file.filled.values()


def source(file: Facts, value: Value) -> str:
    """Return a value's text, or the source of one that is filled in."""
    return value.text or file.filled.get(value.route, "")


@RULE.config()
def in_routes(file: ConfigFile) -> Iterator[Finding]:
    """Report the receivers of alerts if not one of them receives anything."""
    receivers = list(file.values("receiver"))
    if receivers and not any(receiver.items.keys() - {"name"} for receiver in receivers):
        where = receivers[0].items.get("name", receivers[0])
        yield RULE.at(where, "receives nothing, and neither does any other receiver: alerts reach nobody")


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report alarms that code sets without an action, in a file where no rollout waits for alarms."""
    if any(call.argument("rollout") for call in file.calls("deploy")):
        return
    for call in file.calls("alert"):
        actions = call.argument("actions")
        empty = actions is not None and actions.value.constant == [] and actions.value.elements == ()
        if call.takes("actions") and call.takes("name") and not call.unpacks and (actions is None or empty):
            yield RULE.at(call.callee, "sets an alarm without an action, so nobody is told")
