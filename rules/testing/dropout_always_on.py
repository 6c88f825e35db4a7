"""A layer drops values at random in training and in prediction alike."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.model import Call, PythonFile, Range
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP428",
    name="dropout-always-on",
    summary="A layer drops values at random in training and in prediction alike.",
    harm="Scores are too low, and predictions differ from call to call: `eval()` does not reach this one.",
    remedy="Pass the mode of the module: `training=self.training`.",
    ops=("mlops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report dropout in a model's own methods that is not told whether the model is in training."""
    models = {definition.name for definition in file.definitions if "estimator" in definition.roles}
    for call in file.calls("dropout"):
        owner, _, method = call.scope.rpartition(".")
        if owner in models and method == "forward" and always_on(call):
            yield RULE.at(call, "drops values in prediction too", fix=told(file, call))


def always_on(call: Call) -> bool:
    """Say whether a call drops values whatever the mode, and nobody said that it shall."""
    return call.value("state") is True and call.argument("state") is None and not call.conditional


def told(file: PythonFile, call: Call) -> Fix | None:
    """Return the fix: the mode of the module as one more argument."""
    last = max((argument.range.end for argument in call.arguments), default=0)
    if file.text[last : call.range.end - 1].strip(" \r\n\t") not in ("", ","):
        return None  # Something else follows the last value, such as its own parenthesis.
    edit = Edit(Range(last, last), f", {call.spelling('state')}=self.training")
    return Fix("Drop values in training alone", (edit,), Safety.SAFE)
