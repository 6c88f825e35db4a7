"""The whole environment goes into the record of a run."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Argument, Call, Expression, PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP108",
    name="environment-logged",
    summary="The whole environment goes into the record of a run.",
    harm="Tokens and passwords stand among the variables, and everyone who may see the run may use them.",
    remedy="Log the variables you mean, by name.",
    ops=("mlops",),
    severity=Severity.ERROR,
    exploration=True,
)

TRACKING = ("track", "log_parameters", "log_metrics", "log_artifact", "start_run")


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report what records the environment as a whole, itself or in a copy."""
    for call in file.calls(*TRACKING):
        whole = next((argument for argument in call.arguments if is_environment(file, argument)), None)
        if whole is not None:
            yield RULE.at(whole, "records every variable of the environment, secrets included")


def is_environment(file: PythonFile, argument: Argument) -> bool:
    """Say whether an argument is the environment, or made of nothing else than a copy of it."""
    value = argument.value
    if value.origin != "environment":
        return False
    unpacked = value.entries is not None and value.entries.keys() <= {"**"}
    return bool(value.name) or unpacked or any(other.result is value for other in file.all_calls if copies(other))


def copies(call: Call) -> bool:
    """Say whether a call copies the environment as a whole."""
    if call.method == "copy":
        return call.receiver is not None and is_whole(call.receiver)
    return call.name == "dict" and any(is_whole(argument.value) for argument in call.arguments)


def is_whole(value: Expression) -> bool:
    """Say whether a value is the environment itself."""
    return value.origin == "environment" and bool(value.name)
