"""A model is saved, and the step that its features went through is not."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, Expression, PythonFile
from xops_lint.rule import Confidence, Rule

RULE = Rule(
    code="XOP441",
    name="unpersisted-preprocessor",
    summary="A model is saved, and the step that its features went through is not.",
    harm="Whoever loads the model cannot make its features: fitted anew on other rows, the step gives other numbers.",
    remedy="Put both into one pipeline and save that, or save the fitted step beside the model.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    exploration=True,
)

KEEPING = ("save_model", "save_data", "log_model", "log_artifact", "register_model", "hand_over", "compose", "deploy")
LEARNED = frozenset({"statistics", "vocabulary"})
"""What a step has learned of its rows and cannot learn again. Categories may be those of the target."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report the fit of a step whose features train a model that is saved, where the step itself goes nowhere."""
    saves = list(saved_models(file))
    seen: set[int] = set()
    for fit in file.calls("preprocess") if saves else ():
        made = maker(file, fit)
        if made is None or made.index in seen or kept(file, made):
            continue
        pair = next(((save, train) for save, train in saves if feeds(fit, train)), None)
        if pair is not None:
            seen.add(made.index)
            related = (Related(pair[1].range, "trains on what it gives"), Related(pair[0].range, "saves the model"))
            yield RULE.at(fit, f"fits `{made.name.rpartition('.')[2]}`, which nothing saves", related=related)


def saved_models(file: PythonFile) -> Iterator[tuple[Call, Call]]:
    """Yield the calls that save a model, each with the trainings that shaped it."""
    for save in file.calls("save_model", "log_model"):
        model = save.argument("model")
        value = model.value if model is not None else save.receiver
        for train in file.sources(value, "train") if value is not None else ():
            yield save, train


def maker(file: PythonFile, fit: Call) -> Call | None:
    """Return what made the step, if it learns from its rows and is no part of an object."""
    if fit.entry is None or fit.receiver is None or not fit.receiver.type:
        return None
    made = [call for call in file.sources(fit.receiver, "transformer") if call.result.type == fit.receiver.type]
    inside = any(each.kind == "class" and fit.scope.startswith(f"{each.name}.") for each in file.definitions)
    if len(made) != 1 or inside or made[0].entry is None or made[0].entry.learns not in LEARNED:
        return None
    return made[0]


def feeds(fit: Call, train: Call) -> bool:
    """Say whether the features of a training went through a step."""
    rows = train.argument("data") or train.positional(0)
    return rows is not None and fit.index in rows.value.sources


def kept(file: PythonFile, made: Call) -> bool:
    """Say whether a step may be saved: by a call that gets it, by whoever a function returns it to, or in parts."""
    type = made.result.type
    if any(type in types(value) for value in file.results.values()):
        return True
    for call in file.all_calls:
        keeps = not call.roles.isdisjoint(KEEPING)
        for argument in call.arguments:
            whole = type in types(argument.value)
            if made.index in argument.value.sources and (keeps or (whole and not call.roles)):
                return True
    return False


def types(value: Expression) -> Iterator[str]:
    """Yield the types of a value and of its parts."""
    yield value.type
    for part in (*(value.elements or ()), *(value.entries or {}).values()):
        yield part.type
