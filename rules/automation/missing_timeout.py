"""A request waits for its answer without end."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.model import Call, PythonFile, Range
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP608",
    name="missing-timeout",
    summary="A request waits for its answer without end.",
    harm="A service that hangs holds up the step that asks it, and the slots and machines that this step keeps.",
    remedy="Say how long an answer may take, such as `timeout=30`, and let the step fail and be tried again.",
    ops=("devops",),
    group=Group.OPTIONAL,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report requests that set no limit where their tool has none of its own."""
    for call in file.calls("download", "connect"):
        if call.entry is None or "network" not in call.entry.traits or not call.takes("timeout") or held(call):
            continue
        if call.value("timeout") is None:
            given = call.argument("timeout") is not None
            yield RULE.at(call.callee, "waits without end for an answer", fix=None if given else limited(file, call))


def held(call: Call) -> bool:
    """Say whether a request is made by an object, such as a session, that may bring a limit of its own."""
    return call.receiver is not None and not call.receiver.name


def limited(file: PythonFile, call: Call) -> Fix | None:
    """Return the fix: a limit as one more argument."""
    last = max((argument.range.end for argument in call.arguments), default=0)
    if not last or file.text[last : call.range.end - 1].strip(" \r\n\t") not in ("", ","):
        return None  # Something else follows the last value, such as its own parenthesis.
    return Fix("Wait for 30 seconds", (Edit(Range(last, last), f", {call.spelling('timeout')}=30"),), Safety.UNSAFE)
