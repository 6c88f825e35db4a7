"""A model is registered as approved without anybody looking at it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import ConfigFile, Facts, Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP507",
    name="auto-approved-model",
    summary="A model is registered as approved without anybody looking at it.",
    harm="Whatever comes out of training may be deployed at once: approval is the gate, and it stands open.",
    remedy="Register the model as pending, and approve it after a review or behind a condition on its metrics.",
    ops=("mlops",),
)

APPROVED = "approved"


@RULE.project
def in_code(project: Project) -> Iterator[Finding]:
    """Report registrations that approve themselves, unless a condition decides on them."""
    for file, call in project.shown.calls("register_model"):
        approval = call.argument("approval")
        text = approval.value.constant if approval is not None else None
        if approval is None or not isinstance(text, str) or text.lower() != APPROVED or call.conditional:
            continue
        if call.scope not in file.guarded and not gated(file):
            yield RULE.at(approval, "approves the model as it is registered", path=file.path)


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report models that a config declares approved."""
    for value in file.values("model_approval"):
        if value.text.lower() == APPROVED and "Condition" not in kinds_of_steps(file):
            yield RULE.at(value, "approves the model as it is registered")


def gated(file: Facts) -> bool:
    """Say whether a file has a step that lets a pipeline go on only under a condition."""
    return next(file.playing("gate"), None) is not None


def kinds_of_steps(file: ConfigFile) -> set[str]:
    """Return the types of a pipeline's steps."""
    return {kind.text for stage in file.values("stage") if (kind := stage.items.get("Type")) is not None}
