"""A loss takes the logarithm of probabilities as they are, and nothing looks for infinite values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Call, Expression, PythonFile
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP726",
    name="unguarded-loss",
    summary="A loss takes the logarithm of probabilities as they are, and nothing looks for infinite values.",
    harm="A probability that is rounded to zero makes the loss infinite, and then all weights are NaN.",
    remedy="Use a function that gives logarithms from scores at once, or keep probabilities away from zero.",
    ops=("mlops",),
    group=Group.OPTIONAL,
    exploration=True,
)

LOSS: Final = regex(r"loss|criterion|objective|likelihood", re.IGNORECASE)
"""Words in the names of functions and classes that compute what training makes small."""

LOOKING: Final = frozenset({"isfinite", "isnan", "isinf", "nan_to_num", "check_numerics"})
"""What looks for values that are infinite or none, whatever library it is from."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report logarithms of what surely is a probability, in a loss."""
    logarithms = [call for call in file.all_calls if call.entry is not None and "logarithm" in call.entry.traits]
    if not logarithms or looked_for(file):
        return
    gradients = frozenset().union(*(call.flowing for call in file.calls("gradient")))
    for call in logarithms:
        value = taken(call)
        if value.scale == "probabilities" and (LOSS.search(call.scope) or call.index in gradients):
            yield RULE.at(call, "is infinite where a probability is rounded to zero")


def taken(call: Call) -> Expression:
    """Return what a call takes the logarithm of: its argument, or its object."""
    given = call.positional(0)
    return given.value if given is not None else call.receiver or Expression()


def looked_for(file: PythonFile) -> bool:
    """Say whether anything in a file looks for values that are not finite."""
    if next(file.calls("watch_gradient"), None) is not None:
        return True
    return any((call.method or call.name.rpartition(".")[2]) in LOOKING for call in file.all_calls)
