"""A model is trained with settings that nobody chose."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Argument, Call, PythonFile
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP210",
    name="implicit-hyperparameters",
    summary="A model is trained with settings that nobody chose.",
    harm="Defaults fit no data in particular, and change with the library: the same code gives another model.",
    remedy="Write down the settings that matter for this model, or search for them.",
    ops=("mlops",),
    severity=Severity.INFO,
    group=Group.OPTIONAL,
)

BESIDES = regex(
    r"random_state|random_seed|seed|n_jobs|nthread|n_threads|thread_count|verbos\w+|silent|logging_level|device|task_type"
    r"|use_label_encoder|enable_categorical|probability|allow_writing_files|copy_X",
)
"""What decides how a model is computed or shown, and not what it learns."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report models that are made without any setting, are fitted, and are neither searched for nor set later."""
    chosen = frozenset().union(*(call.flowing for call in file.all_calls if settles(call)))
    fitted = frozenset().union(*(call.flowing for call in file.calls("train", "cross_validate")))
    for call in file.calls("estimator"):
        if call.index in fitted and call.index not in chosen and unset(call):
            name = call.name.rpartition(".")[2]
            yield RULE.at(call, f"leaves every setting of `{name}` to the library")


def unset(call: Call) -> bool:
    """Say whether a model that has settings is made without any of them."""
    traits = call.entry.traits if call.entry is not None else frozenset[str]()
    return "all_defaults" in traits and not call.unpacks and all(map(is_beside, call.arguments))


def is_beside(argument: Argument) -> bool:
    """Say whether an argument has no part in what a model learns."""
    return argument.name is not None and BESIDES.fullmatch(argument.name) is not None


def settles(call: Call) -> bool:
    """Say whether a call sets the model that it gets, or tries settings for it."""
    return "tune" in call.roles or call.method.startswith("set_param")
