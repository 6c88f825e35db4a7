"""A loss is given predictions on another scale than it takes."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.model import Argument, Call, PythonFile
from xops_lint.rule import Rule
from xops_lint.scales import conflict, spoken, taken

RULE = Rule(
    code="XOP429",
    name="softmax-before-cross-entropy",
    summary="A loss is given predictions on another scale than it takes.",
    harm="The loss runs without an error and teaches slowly or wrongly: two softmaxes leave little gradient.",
    remedy="Give the loss what it takes, or choose the loss that takes what the model gives.",
    ops=("mlops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report losses whose predictions are known to be on a scale that does not go with them."""
    for loss in file.calls("loss"):
        given = loss.argument("predictions")
        if given is not None and conflict(given.value.scale, taken(loss)):
            holds, wants = spoken(given.value.scale), spoken(taken(loss))
            yield RULE.at(given, f"holds {holds}, where the loss takes {wants}", fix=bare(file, loss, given))


def bare(file: PythonFile, loss: Call, given: Argument) -> Fix | None:
    """Return the fix where the loss wants scores and they are made probabilities in the call itself."""
    if taken(loss) != "scores" or given.value.scale != "probabilities":
        return None
    squash = next((call for call in file.all_calls if call.range == given.range), None)
    if squash is None or squash.entry is None or "probabilities" not in squash.entry.traits:
        return None
    # A method's scores are its object, and its first argument is something else.
    scores = squash.positional(0) if squash.receiver is None or squash.receiver.name else None
    if scores is None:
        return None
    edit = Edit(given.range, file.source(scores.range))
    return Fix(f"Pass what goes into `{file.source(squash.callee)}`", (edit,), Safety.UNSAFE)
