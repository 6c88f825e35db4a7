"""One piece of code loads and divides data, trains, judges and saves a model."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP224",
    name="monolithic-training",
    summary="One piece of code loads and divides data, trains, judges and saves a model.",
    harm="Nothing of it can be run again, tested or replaced by itself: a new figure means training anew.",
    remedy="Give loading, training and evaluation functions or stages of their own, which hand files to one another.",
    ops=("mlops",),
    severity=Severity.INFO,
    group=Group.OPTIONAL,
    exploration=True,
)

STAGES = (
    ("load_data",),
    ("split_data",),
    ("train", "tune"),
    ("evaluate",),
    ("save_model", "log_model", "register_model"),
)
"""What each stage of training does, by the roles of its calls."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report the functions, scripts and notebooks whose own code goes through all stages, each once."""
    names = {definition.name: definition.range for definition in file.definitions}
    # A step is one stage of a pipeline, which gets its data from another.
    steps = {definition.name for definition in file.definitions if "step" in definition.roles}
    for scope in dict.fromkeys(call.scope for call in file.calls("train", "tune") if call.scope not in steps):
        stages = [first_in(file, scope, roles) for roles in STAGES]
        if all(stages):
            train = stages[2]
            where = names.get(scope) or (train.range if train else None)
            if where is not None:
                what = f"`{scope.rpartition('.')[2]}`" if scope else "the notebook" if file.notebook else "the script"
                yield RULE.at(
                    where, f"{what} goes from the data to the saved model without a stage of its own for any part"
                )


def first_in(file: PythonFile, scope: str, roles: tuple[str, ...]) -> Call | None:
    """Return the first call of these roles that stands in a function itself; data that ships with a library is none."""
    own = (call for call in file.calls(*roles) if call.scope == scope and call.entry is not None)
    return next((call for call in own if not call.entry or not call.entry.traits & {"local", "generated"}), None)
