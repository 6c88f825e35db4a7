"""A model is compiled with a loss that takes other predictions than it gives."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import PythonFile
from xops_lint.rule import Rule
from xops_lint.scales import conflict, spoken

RULE = Rule(
    code="XOP430",
    name="logits-mismatch",
    summary="A model is compiled with a loss that takes other predictions than it gives.",
    harm="Training runs without an error, but towards another loss than the one that is meant.",
    remedy="Let the last layer and `from_logits` agree.",
    ops=("mlops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report losses that do not go with what the last layer of their model gives."""
    for call in file.calls("compile"):
        loss = call.argument("loss")
        if loss is None or call.receiver is None:
            continue
        given, wanted = call.receiver.scale, loss.value.scale
        if conflict(given, wanted):
            yield RULE.at(loss, f"takes {spoken(wanted)}, where the model gives {spoken(given)}")
