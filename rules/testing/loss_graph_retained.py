"""A loop adds up losses together with the graphs that their gradients were computed through."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.model import PythonFile, Range
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP435",
    name="loss-graph-retained",
    summary="A loop adds up losses together with the graphs that their gradients were computed through.",
    harm="Memory grows with every batch, until a long epoch ends in an out-of-memory error.",
    remedy="Add the number alone: `loss.item()`, or `loss.detach()` to stay on the device.",
    ops=("mlops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report sums that outlive the turns of a loop, to which a loss is added as it is."""
    for sum in file.accumulations:
        end = Range(sum.range.end, sum.range.end)
        fix = Fix("Detach the loss from its graph", (Edit(end, ".detach()"),), Safety.SAFE)
        message = f"goes into `{sum.target}` with its graph, which is then kept for every batch"
        yield RULE.at(sum, message, fix=fix)
