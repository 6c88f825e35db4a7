"""Debugging of gradients is switched on for every run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.matching import regex
from xops_lint.model import PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP727",
    name="anomaly-detection-left-on",
    summary="Debugging of gradients is switched on for every run.",
    harm="Every backward pass is traced and checked, which slows training down a good deal.",
    remedy="Remove the switch, or let an option turn it on.",
    ops=("mlops",),
)

SWITCH = regex(r"anomal|debug", re.IGNORECASE)
"""What the name of a class, a function or a file tells that is itself the switch, for those who want it."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report anomaly detection that a constant switches on, under no condition."""
    for call in file.calls("watch_gradient"):
        if call.value("state") is True and not call.conditional and not SWITCH.search(f"{file.path} {call.scope}"):
            given = call.argument("state")
            fix = Fix("Switch it off", (Edit(given.range, "False"),), Safety.UNSAFE) if given is not None else None
            where = given if given is not None and given.name else call
            yield RULE.at(where, "watches every gradient in every run", fix=fix)
