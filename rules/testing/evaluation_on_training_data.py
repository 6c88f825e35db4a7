"""The only score of a model is on the rows it was fitted on."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.leakage import steps, told_there
from xops_lint.model import Argument, Call, Facts, Project
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


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the first score of each fit in files whose scores all use the fitted rows."""
    for file in project.shown.python:
        if not file.context.test and not (project.evaluates_saved_models and keeps_model(file)):
            yield from in_file(file)


def in_file(file: Facts) -> Iterator[Finding]:
    """Report one file's scores, unless any of them may be on other rows."""
    if next(file.playing_anywhere("cross_validate", "tune"), None) is not None:
        return
    scores = [(score, *scored(file, score)) for score in file.playing_anywhere("evaluate")]
    if any(fit is None or rows is None or not same_rows(file, fit, rows) for _, fit, rows in scores):
        return
    reported: set[int] = set()
    for score, fit, _ in scores:
        if fit is not None and fit.index not in reported and not told_there(score, fit.range):
            reported.add(fit.index)
            related = (*steps((score, "scored here")), Related(fit.range, "fitted here, on the same rows"))
            message = "scores the model on the rows it was fitted on, and nothing else does"
            yield RULE.at(score, message, path=file.path, related=related)


def keeps_model(file: Facts) -> bool:
    """Say whether a file hands its model on, so that another program may score it."""
    return next(file.playing("save_model", "log_model", "register_model"), None) is not None


def scored(file: Facts, score: Call) -> tuple[Call | None, Argument | None]:
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


def same_rows(file: Facts, fit: Call, rows: Argument) -> bool:
    """Say whether a fit surely learned from the very rows of an argument, with their target."""
    data = fit.argument("data") or fit.positional(0)
    target = fit.argument("target") or fit.positional(1)
    if data is None or target is None or not data.value.sources or data.value is not rows.value:
        return False
    # What brings the target along may be a module that has other rows for each purpose; a loader has its own alone.
    return target is not data or next(file.sources(data.value, "data_loader"), None) is not None
