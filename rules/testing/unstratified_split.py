"""A classifier learns from a random split that does not keep the shares of the classes."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Fix, Related
from xops_lint.edits import passed
from xops_lint.matching import regex
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP413",
    name="unstratified-split",
    summary="A classifier learns from a random split that does not keep the shares of the classes.",
    harm="Rare classes may be missing from the test rows, and scores move with the seed.",
    remedy="Pass the labels as `stratify`, or use the stratified splitter.",
    ops=("mlops",),
    severity=Severity.INFO,
    group=Group.OPTIONAL,
    exploration=True,
)

LABELS = regex(r"(?![xX](?![a-z]))\w+(?:\.\w+|\[[\"'][^\"'\n]*[\"']\])*")
"""What labels are written as, if they stand in the call: a name, or what is taken out of one; nothing named X."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report splits that could be stratified, are not, and feed a classifier."""
    for split in file.calls("split_data"):
        if not split.takes("stratify") or split.value("stratify") is not None or split.value("shuffle") is False:
            continue
        fit = next((fit for fit in file.calls("train") if learns_from(fit, split) and classifies(file, fit)), None)
        if fit is not None:
            related = (Related(fit.range, "the classifier is fitted here"),)
            yield RULE.at(
                split.callee, "leaves the shares of the classes to chance", related=related, fix=kept(file, split)
            )


def kept(file: PythonFile, split: Call) -> Fix | None:
    """Return the fix where the split is given rows and labels, and nothing else: the labels decide the shares."""
    labels = split.positional(1)
    rows = [argument for argument in split.arguments if argument.name is None]
    text = file.source(labels.range) if labels is not None else ""
    if len(rows) != 2 or split.unpacks or not LABELS.fullmatch(text):
        return None
    return passed(split, "stratify", text, f"Pass the labels as `{split.spelling('stratify')}`")


def learns_from(fit: Call, split: Call) -> bool:
    """Say whether a fit takes a part of a split."""
    data = fit.argument("data") or fit.positional(0)
    return data is not None and any(index == split.index for index, _ in data.value.parts)


def classifies(file: PythonFile, fit: Call) -> bool:
    """Say whether what is fitted surely predicts classes."""
    if fit.receiver is None:
        return False
    makers = [maker.entry.traits for maker in file.sources(fit.receiver, "estimator") if maker.entry]
    return bool(makers) and all("classifier" in traits for traits in makers)
