"""An endpoint does not keep what it is asked and what it answers."""

from __future__ import annotations

from collections.abc import Iterator, Set

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, ConfigFile, Expression, Facts, Project, Value
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP702",
    name="missing-data-capture",
    summary="An endpoint does not keep what it is asked and what it answers.",
    harm="Drift cannot be measured, no incident can be replayed, and there is nothing to label for the next training.",
    remedy="Switch the platform's data capture on, for a sample of the requests if they are many.",
    ops=("mlops",),
    group=Group.PRODUCTION,
)


SWITCHES = ("EnableCapture", "enable_capture", "enabled")
"""The keys by which settings of data capture are switched on or off."""


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report deployments of platforms that can capture requests and are not told to."""
    for kind, document in zip(file.kinds, file.documents):
        roles = file.routes.get(kind, {})
        for route in roles.get("deployment", ()) if "capture" in roles else ():
            for deployment in document.at(route):
                captured = list(file.values("capture", deployment))
                apart = next(file.values("invocation", deployment), None) is not None or filled_in(deployment)
                if not apart and not any(switched_on(value) for value in captured):
                    where = captured[0] if captured else deployment.key or first_key(deployment)
                    yield RULE.at(where, "serves without data capture")


@RULE.project
def in_code(project: Project) -> Iterator[Finding]:
    """Report calls that deploy and could switch data capture on, where nothing else in the file does."""
    for file, call in project.shown.calls("deploy"):
        if not call.takes("capture") or call.unpacks or call.local or invoked_apart(call) or captures(file):
            continue
        given = call.argument("capture")
        if given is None or given.value.constant in (None, False):
            yield RULE.at(call.callee, f"deploys without `{call.spelling('capture')}`", path=file.path)


def filled_in(deployment: Value) -> bool:
    """Say whether a tag decides on a part of a deployment, which is then not known."""
    return any(entry.tag == "unknown" for entry in deployment.items.values())


def switched_on(value: Value) -> bool:
    """Say whether a setting of data capture is on, or may be."""
    enabled = next((value.items[name] for name in SWITCHES if name in value.items), value)
    return enabled.text.lower() != "false"


def invoked_apart(call: Call) -> bool:
    """Say whether a call makes a service whose answers are stored anyway, or that cannot capture."""
    names = set(call.entry.parameters["invocation"].names) if call.entry and call.takes("invocation") else set()
    return any(argument.name in names or mentions(argument.value, names) for argument in call.arguments)


def mentions(value: Expression, names: Set[str]) -> bool:
    """Say whether a literal has an entry of one of these names, at any depth."""
    entries = value.entries or {}
    inside = (*entries.values(), *(value.elements or ()))
    return not names.isdisjoint(entries) or any(mentions(each, names) for each in inside)


def captures(file: Facts) -> bool:
    """Say whether a file switches capture on by another call."""
    return next(file.playing("capture_data"), None) is not None


def first_key(deployment: Value) -> Value:
    """Return what stands first in a deployment that is a whole document."""
    return next(iter(deployment.items.values()), deployment)
