"""A trained model is evaluated without being switched to prediction."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP221",
    name="evaluates-in-train-mode",
    summary="A trained model is evaluated without being switched to prediction.",
    harm="Dropout still drops values and batch norm uses each batch's own figures: scores are wrong.",
    remedy="Call `model.eval()` before the evaluation, and `model.train()` before training goes on.",
    ops=("mlops",),
    severity=Severity.ERROR,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report, once a function, predictions without gradients by models of this file that nothing ever switches."""
    trained = next(file.calls("gradient"), None)
    if trained is None or switches(file):
        return
    models = own_models(file)
    layers, seen = layers_by_mode(file, models), set[str]()
    for call in file.calls("predict"):
        layer = layers.get(call.receiver.type) if call.receiver is not None else None
        if owner(models, call) is not None:
            continue  # Parts of a model follow the model's own mode.
        if layer is not None and call.scope not in seen and without_gradients(file, call):
            seen.add(call.scope)
            related = (Related(layer.range, "does something else in training"),)
            yield RULE.at(call, "predicts in training mode", related=related)


def switches(file: PythonFile) -> bool:
    """Say whether anything in a file may switch a model to prediction."""
    if any(call.receiver is not None and not call.receiver.name for call in file.calls("evaluation_mode")):
        return True
    if any(call.value("state") is not True for call in file.calls("training_mode")):
        return True
    # On objects of unknown type the method's name has to do.
    unknown = (call for call in file.all_calls if call.entry is None)
    return any(call.method == "eval" or (call.method == "train" and call.arguments) for call in unknown)


def without_gradients(file: PythonFile, call: Call) -> bool:
    """Say whether a prediction is made where gradients are off, and no step of training follows in its function."""
    if any(step.scope == call.scope and step.index > call.index for step in file.calls("gradient")):
        return False
    if any(each.name == call.scope and "evaluation_mode" in each.roles for each in file.definitions):
        return True
    off = file.calls("evaluation_mode")
    return any(each.managed and each.scope == call.scope and each.index < call.index for each in off)


def own_models(file: PythonFile) -> dict[str, str]:
    """Return the models that this file defines, by their names within the module, with their qualified names."""
    prefix = f"{file.module}." if file.module else ""
    models = (each.name for each in file.definitions if each.kind == "class" and "estimator" in each.roles)
    return {name: prefix + name for name in models}


def owner(models: dict[str, str], call: Call) -> str | None:
    """Return the model in one of whose methods a call stands."""
    return next((name for model, name in models.items() if call.scope.startswith(f"{model}.")), None)


def layers_by_mode(file: PythonFile, models: dict[str, str]) -> dict[str, Call]:
    """Return, for models of this file, a layer in them or in their parts that does something else in training."""
    inside = [(name, call) for call in file.all_calls if (name := owner(models, call)) is not None]
    found: dict[str, Call] = {}
    for _ in models:
        before = len(found)
        for name, call in inside:
            own = call.entry is not None and ("by_mode" in call.entry.traits or "dropout" in call.roles)
            layer = call if own else found.get(call.name)
            if layer is not None:
                found.setdefault(name, layer)
        if len(found) == before:
            break
    return found
