"""Something is fitted on the test part of a split."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Argument, Call, PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP407",
    name="fit-on-test-data",
    summary="Something is fitted on the test part of a split.",
    harm="What is measured on that part afterwards is no measure of unseen data.",
    remedy="Fit on the training part and only transform, predict or score the test part.",
    ops=("mlops",),
    severity=Severity.ERROR,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report fits whose data comes from test parts and from no training part."""
    for fit in file.calls("train", "preprocess", "resample"):
        data = fit.argument("data") or fit.positional(0)
        if data is None or (fit.entry and "transductive" in fit.entry.traits) or transductive(file, fit):
            continue
        split = held_out_by(file, data)
        if split is not None and ("train" not in fit.roles or judged_on_test(file, fit, split)):
            related = (Related(split.range, "split here"),)
            yield RULE.at(fit, "is fitted on the test part of the split", related=related)


def held_out_by(file: PythonFile, data: Argument) -> Call | None:
    """Return the split whose test part the data is, if it is nothing else."""
    parts = data.value.parts
    if not parts or any(index < 0 or part != "test" for index, part in parts):
        return None
    return file.call(max(index for index, _ in parts))


def judged_on_test(file: PythonFile, fit: Call, split: Call) -> bool:
    """Say whether the fitted model is then used on the test part; if not, the parts were swapped."""
    uses = (call for call in file.calls("predict", "evaluate") if call.receiver is not None)
    return any(
        fit.index in use.receiver.sources and (split.index, "test") in use.data_parts for use in uses if use.receiver
    )


def transductive(file: PythonFile, fit: Call) -> bool:
    """Say whether the step has no other way to handle rows than to be fitted on them."""
    makers = file.sources(fit.receiver, "transformer", "estimator") if fit.receiver else ()
    return any(maker.entry is not None and "transductive" in maker.entry.traits for maker in makers)
