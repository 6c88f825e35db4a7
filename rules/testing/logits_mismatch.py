"""A model is compiled with a loss that takes other predictions than it gives."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Fix
from xops_lint.edits import passed
from xops_lint.model import Argument, PythonFile
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
            message = f"takes {spoken(wanted)}, where the model gives {spoken(given)}"
            yield RULE.at(loss, message, fix=told(file, loss, given))


def told(file: PythonFile, loss: Argument, given: str) -> Fix | None:
    """Return the fix where the loss is made in the call itself: the word for what the model gives."""
    made = next((call for call in file.calls("loss") if call.range == loss.range and call.takes("logits")), None)
    if made is None or made.unpacks or given not in ("scores", "probabilities"):
        return None
    value = str(given == "scores")
    return passed(made, "logits", value, f"Pass `{made.spelling('logits')}={value}`")
