"""Training makes up for rare classes, and the only score is accuracy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from xops_lint.diagnostic import Finding, Related
from xops_lint.matching import regex
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP427",
    name="accuracy-on-imbalanced",
    summary="Training makes up for rare classes, and the only score is accuracy.",
    harm="A model that never finds the rare class scores almost as well, and nobody sees that it is useless.",
    remedy="Score the classes apart, by recall and precision or a confusion matrix.",
    ops=("mlops",),
    group=Group.OPTIONAL,
    exploration=True,
)

OTHER_SCORE: Final = regex(
    r"recall|precision|f1|f_?beta|auc|roc_|confus|classification_report|kappa|matthews|mcc|gmean|balanced_acc|crosstab"
    r"|sensitivity|specificity|log_?loss|brier|true_?pos|false_?pos|scoring|\b[tf][pn]\b",
    re.IGNORECASE,
)
"""Words of code that knows more of its classes than how many predictions are right."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the first accuracy of a file that has no other score, though it makes up for rare classes."""
    for file in project.python:
        scores = list(file.playing_anywhere("evaluate", "cross_validate"))
        if (
            file.context.test
            or not scores
            or not all(plain(file, score) for score in scores)
            or scores[0].home is not None
        ):
            continue
        made_up = next(((call, what) for call in file.calls if (what := makes_up(call))), None)
        # Words cover what is scored by hand or by what nobody knows; few files come so far.
        if made_up is None or OTHER_SCORE.search(file.words):
            continue
        call, what = made_up
        related = (Related(call.range, "makes up for rare classes here"),)
        message = f"is the only kind of score, though {what} makes up for rare classes"
        yield RULE.at(scores[0].callee, message, path=file.path, related=related)


def plain(file: Facts, score: Call) -> bool:
    """Say whether a score is accuracy and nothing else, by its own nature or by what its model was compiled with."""
    if score.entry is not None and "plain_accuracy" in score.entry.traits:
        return True
    model = score.receiver.sources if score.receiver is not None else frozenset()
    chosen = [call for call in file.playing("compile") if call.receiver and not model.isdisjoint(call.receiver.sources)]
    return bool(chosen) and all(names_accuracy(call) for call in chosen)


def names_accuracy(compiling: Call) -> bool:
    """Say whether a model is compiled with accuracy as its only score."""
    given = compiling.argument("metrics")
    elements = given.value.elements if given is not None else None
    return bool(elements) and all(element.constant in ("accuracy", "acc") for element in elements or ())


def makes_up(call: Call) -> str:
    """Return what of a call makes up for classes of different sizes; nothing if it does not for sure."""
    if call.entry is not None and "transformer" in call.roles and call.entry.learns == "rows":
        return f"`{call.name.rpartition('.')[2]}`"
    weights = call.argument("class_weights")
    given = weights is not None and weights.value.constant not in (None, False, 1) and not weights.value.origin
    return f"`{weights.name}`" if weights is not None and given and weights.name else ""
