"""The target column stays among the features that a model is fitted on."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP410",
    name="target-in-features",
    summary="The target column stays among the features that a model is fitted on.",
    harm="The model copies the answer, scores perfectly, and fails where the answer is not known yet.",
    remedy="Drop the target column from the features.",
    ops=("mlops",),
    group=Group.PREVIEW,
    severity=Severity.ERROR,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report fits whose features surely hold the very column that is the target."""
    for fit in file.calls("train", "cross_validate"):
        data, target = fit.argument("data"), fit.argument("target")
        features = data.value.columns if data else None
        column = target.value.columns if target else None
        name = column.single if column else None
        if data is None or features is None or column is None or name is None or features.table != column.table:
            continue
        if features.hold(name) and not composed(file, fit):
            yield RULE.at(data, f"still holds the target column `{name}`")


def composed(file: PythonFile, fit: Call) -> bool:
    """Say whether the model is made of steps, of which the first may pick its own columns."""
    given = fit.argument("model")
    models = [given.value] if given is not None else []
    models += [fit.receiver] if fit.receiver is not None else []
    return any(next(file.sources(model, "compose"), None) is not None for model in models)
