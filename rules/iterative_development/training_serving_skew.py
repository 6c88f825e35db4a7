"""A service fits a preprocessing step anew on the rows that it predicts for."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.leakage import is_part, learns_nothing, lessons, same_rows, steps, transductive
from xops_lint.model import Call, Expression, PythonFile
from xops_lint.rule import Group, Rule, Severity
from xops_lint.serving import asks_stored, predicts

RULE = Rule(
    code="XOP213",
    name="training-serving-skew",
    summary="A service fits a preprocessing step anew on the rows that it predicts for.",
    harm="The model gets numbers that mean something else than in training: the same customer gets another answer.",
    remedy="Save the step that was fitted in training, best in one pipeline with the model, and only apply it here.",
    ops=("mlops",),
    severity=Severity.ERROR,
    group=Group.PREVIEW,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report what a file fits that trains no model: stored steps, and steps for rows that a stored model gets."""
    loads = next(file.calls_anywhere("load_model"), None) is not None
    if loads and not any(trains(call) for call in file.all_calls):
        yield from fitted_again(file)
        yield from fitted_on_requests(file)


def trains(call: Call) -> bool:
    """Say whether a call trains a model, or may do so."""
    return bool(call.roles & {"train", "tune"}) or (call.entry is None and call.method in ("fit", "partial_fit"))


def fitted_again(file: PythonFile) -> Iterator[Finding]:
    """Yield the fits of steps that come out of a file, and surely from nowhere else."""
    for fit in file.all_calls:
        if fit.method != "fit_transform" or fit.receiver is None:
            continue
        made = list(file.sources(fit.receiver, "load_model", "transformer"))
        if made and all("load_model" in call.roles for call in made):
            related = (Related(made[0].range, "the fitted step is loaded here"),)
            yield RULE.at(fit.callee, "fits a stored step anew, which forgets what it has learned", related=related)


def fitted_on_requests(file: PythonFile) -> Iterator[Finding]:
    """Yield the fits of new steps whose rows go on to a stored model."""
    reported: set[int] = set()
    for predict in file.all_calls:
        loading = asks_stored(file, predict) if predicts(predict) else None
        rows = predict.argument("data") or predict.positional(0)
        if loading is None or rows is None or is_part(file, rows.value) or judged(file, loading):
            continue
        for index in sorted(lessons(file, rows.value) - reported):
            fit = file.call(index)
            wrong = fits_step(file, fit) and not is_part(file, fit.rows) and asked_about(file, fit, rows.value)
            if wrong and not undone(file, fit, predict):
                reported.add(index)
                related = (
                    *steps((fit, "fitted here")),
                    Related(loading.range, "the model is loaded here"),
                    Related(predict.range, "asked here"),
                )
                yield RULE.at(
                    fit.callee, "learns from the very rows that a stored model is asked about", related=related
                )


def fits_step(file: PythonFile, fit: Call) -> bool:
    """Say whether a call surely fits a step that takes something from its rows and could be fitted on others."""
    # A function of another module may fit in training alone.
    certain = "preprocess" in fit.roles and not (fit.home is not None and fit.conditional)
    return certain and not learns_nothing(file, fit) and not transductive(file, fit)


def asked_about(file: PythonFile, fit: Call, rows: Expression) -> bool:
    """Say whether the rows that a step was fitted on are those that a model gets: by itself, or from one source."""
    applied = (call for call in file.calls("transform") if call.index != fit.index and call.receiver is not None)
    again = any(call.index in rows.sources and fit.index in call.receiver.sources for call in applied if call.receiver)
    return same_rows(file, fit.rows, rows) or ("transform" in fit.roles and fit.index in rows.sources and not again)


def undone(file: PythonFile, fit: Call, predict: Call) -> bool:
    """Say whether answers are brought back by the step that was fitted: each series is scaled by itself."""
    return any(
        call.method == "inverse_transform"
        and call.receiver is not None
        and fit.index in call.receiver.sources
        and predict.index in call.data
        for call in file.all_calls
    )


def judged(file: PythonFile, loading: Call) -> bool:
    """Say whether answers of a model are compared with what is known: then the rows may be those of training."""
    return any(loading.index in call.flowing for call in file.calls("evaluate"))
