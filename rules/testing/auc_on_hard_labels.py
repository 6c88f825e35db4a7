"""A metric that wants scores is given predicted classes."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Related, Safety
from xops_lint.model import Argument, Call, PythonFile, Range
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP425",
    name="auc-on-hard-labels",
    summary="A metric that wants scores is given predicted classes.",
    harm="A curve with a single point hides how well the model ranks, and its area is another figure than it seems.",
    remedy="Pass the probability of the positive class, or the decision function.",
    ops=("mlops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report rank metrics whose predictions are a classifier's classes as they are."""
    for metric in file.calls("evaluate"):
        given = metric.argument("predictions")
        if given is None or metric.entry is None or "ranks" not in metric.entry.traits:
            continue
        for prediction in file.sources(given.value, "predict"):
            if prediction.result is given.value and predicts_classes(file, prediction) and not compared(file, metric):
                related = (Related(prediction.range, "predicts classes"),)
                message, fix = "holds predicted classes, where the metric wants scores", scored(file, given, prediction)
                yield RULE.at(given, message, related=related, fix=fix)


def predicts_classes(file: PythonFile, prediction: Call) -> bool:
    """Say whether a call gives classes: the plain prediction of what surely is a classifier."""
    if prediction.entry is None or "hard_labels" not in prediction.entry.traits or prediction.receiver is None:
        return False
    makers = [maker.entry.traits for maker in file.sources(prediction.receiver, "estimator") if maker.entry]
    return any("classifier" in traits for traits in makers)


def scored(file: PythonFile, given: Argument, prediction: Call) -> Fix | None:
    """Return the fix where the prediction stands in the call itself: the probability of the second class."""
    makers = file.sources(prediction.receiver, "estimator") if prediction.receiver is not None else ()
    known = all(maker.entry is not None and "gives_probabilities" in maker.entry.traits for maker in makers)
    if not known or prediction.range != given.range or not file.source(prediction.callee).endswith(".predict"):
        return None
    name, end = Range(prediction.callee.end - len("predict"), prediction.callee.end), prediction.range.end
    edits = (Edit(name, "predict_proba"), Edit(Range(end, end), "[:, 1]"))
    return Fix("Pass the probability of the positive class", edits, Safety.UNSAFE)


def compared(file: PythonFile, metric: Call) -> bool:
    """Say whether the file takes the same metric of scores as well: then the difference is what it shows."""
    for other in file.calls("evaluate"):
        given = other.argument("predictions") if other.name == metric.name else None
        if given is not None and any(
            prediction.entry and "hard_labels" not in prediction.entry.traits
            for prediction in file.sources(given.value, "predict")
        ):
            return True
    return False
