"""The only score of a model is on the rows it was fitted on."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Argument, Call, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP405",
    name="evaluation-on-training-data",
    summary="The only score of a model is on the rows it was fitted on.",
    harm="A model that merely remembers its rows gets the best score of all.",
    remedy="Hold rows out with a split, or cross-validate, and score the model on those.",
    ops=("mlops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report the first score of each fit in a file whose scores all use the fitted rows."""
    if next(file.calls("cross_validate", "tune"), None) is not None:
        return
    scores = [(score, *scored(file, score)) for score in file.calls("evaluate")]
    if any(fit is None for _, fit, _ in scores):
        return
    for fit in file.calls("train"):
        own = [(score, rows) for score, scored_fit, rows in scores if scored_fit is fit]
        if own and all(rows is not None and same_rows(fit, rows) for _, rows in own):
            related = (Related(fit.range, "fitted here, on the same rows"),)
            yield RULE.at(
                own[0][0], "scores the model on the rows it was fitted on, and nothing else does", related=related
            )


def scored(file: PythonFile, score: Call) -> tuple[Call | None, Argument | None]:
    """Return the last fit of the model that a call scores, and the rows it scores it on."""
    if score.receiver is not None and score.method:
        fits = list(file.sources(score.receiver, "train"))
        if fits:
            return fits[-1], score.argument("data") or score.positional(0)
    for argument in score.arguments:
        for prediction in reversed(list(file.sources(argument.value, "predict"))):
            fits = list(file.sources(prediction.receiver, "train")) if prediction.receiver else []
            if fits:
                return fits[-1], prediction.argument("data") or prediction.positional(0)
    return None, None


def same_rows(fit: Call, rows: Argument) -> bool:
    """Say whether a fit surely learned from the very rows of an argument, with their target."""
    data = fit.argument("data") or fit.positional(0)
    target = fit.argument("target") or fit.positional(1)
    return data is not None and target is not None and bool(data.value.sources) and data.value is rows.value
