"""A model's `forward` is called by name, past what the model does around it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.model import Call, PythonFile, Range
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP222",
    name="direct-forward-call",
    summary="A model's `forward` is called by name, past what the model does around it.",
    harm="Hooks do not run: profilers, pruning, spectral norms, quantisation and wrappers work on nothing.",
    remedy="Call the model itself: `model(x)`.",
    ops=("mlops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report calls of `forward` on models, other than on a class or on the very object whose method it is."""
    own = own_models(file)
    for call in file.all_calls:
        receiver = call.receiver
        if receiver is None or receiver.name or not (goes_past_hooks(call) or (call.name in own)):
            continue
        text = file.source(call.callee)
        model, dot, method = text.rpartition(".")
        if dot and model.strip() not in ("self", "cls") and not model.lstrip().startswith("super"):
            yield RULE.at(call.callee, f"skips the hooks of `{model}`", fix=called(call, f".{method}", text))


def goes_past_hooks(call: Call) -> bool:
    """Say whether a call does what an object's own call does, without what that does around it."""
    return call.entry is not None and "hookless" in call.entry.traits


def own_models(file: PythonFile) -> frozenset[str]:
    """Return the qualified `forward` of the models that this file defines."""
    models = {definition.name for definition in file.definitions if "estimator" in definition.roles}
    prefix = f"{file.module}." if file.module else ""
    return frozenset(
        prefix + definition.name
        for definition in file.definitions
        if definition.name.rpartition(".")[0] in models and definition.name.endswith(".forward")
    )


def called(call: Call, method: str, text: str) -> Fix | None:
    """Return the fix: the call of the object itself."""
    if not text.endswith(method) or "\n" in text:
        return None
    end = call.callee.end
    return Fix("Call the model itself", (Edit(Range(end - len(method), end), ""),), Safety.SAFE)
