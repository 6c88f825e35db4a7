"""A training loop never clears its gradients."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP220",
    name="gradient-accumulates",
    summary="A training loop never clears its gradients.",
    harm="Every step follows the sum of all gradients so far, and training drifts or blows up.",
    remedy="Clear the optimiser's gradients in each turn, before the backward pass.",
    ops=("mlops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report steps in a loop after a backward pass in the same loop, where nothing in the file clears gradients."""
    if clears(file):
        return
    for step in file.calls("optimise"):
        if not step.loop or step.receiver is None or step.receiver.name:
            continue
        backward = next((call for call in file.all_calls if passes_back(call, step)), None)
        if backward is not None:
            related = (Related(backward.range, "adds to the gradients"),) if backward.range.end else ()
            yield RULE.at(step, "follows gradients that nothing clears", related=related)


def clears(file: PythonFile) -> bool:
    """Say whether anything in the file may clear gradients, by a call or by hand."""
    # Gradients set to nothing by hand are assignments, of which the model keeps no record.
    by_hand = ".grad" in file.text
    return by_hand or any("reset_gradient" in call.roles or starts_anew(call) for call in file.all_calls)


def starts_anew(call: Call) -> bool:
    """Say whether a method clears gradients by its name; where steps may be virtual, true ones write them anew."""
    return "zero" in call.method or call.method == "virtual_step"


def passes_back(call: Call, step: Call) -> bool:
    """Say whether a call computes gradients in the loop of a step; a loss is often of no known type."""
    back = "gradient" in call.roles or (call.entry is None and call.method == "backward")
    return back and call.scope == step.scope and 0 < call.loop <= step.loop and call.index < step.index
