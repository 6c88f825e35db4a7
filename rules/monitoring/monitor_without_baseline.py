"""A monitor has nothing to compare with."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP714",
    name="monitor-without-baseline",
    summary="A monitor has nothing to compare with.",
    harm="It runs, costs money and can never find drift, or fails on its first run.",
    remedy="Compute statistics and constraints of the training data, and hand them to the monitor.",
    ops=("mlops",),
    group=Group.PREVIEW,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report named monitors without reference data, in a file that computes none."""
    computes = any(call.takes("reference") for call in file.calls("validate_data"))
    for call in file.calls("monitor"):
        lasting = call.takes("name") and call.takes("reference")
        if lasting and not computes and not call.argument("reference") and not call.unpacks and not own(file, call):
            yield RULE.at(call.callee, f"sets up a monitor without `{call.spelling('reference')}` to compare with")


def own(file: PythonFile, call: Call) -> bool:
    """Say whether a call belongs to a monitor whose image is somebody's own, and judges as it likes."""
    receiver = call.receiver
    return receiver is not None and any(monitor.argument("image") for monitor in file.sources(receiver, "monitor"))
