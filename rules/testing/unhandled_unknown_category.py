"""A saved model fails on the first category that it was not trained with."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.edits import passed
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP439",
    name="unhandled-unknown-category",
    summary="A saved model fails on the first category that it was not trained with.",
    harm="A new country or product turns predictions into errors, on a day when nobody has changed anything.",
    remedy='Say what is to be done with new categories, such as `handle_unknown="ignore"`, and test it.',
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report encoders of categories that are saved with a model and left to their default, which is to fail."""
    saves = list(file.calls("save_model", "log_model"))
    for encoder in file.calls("transformer") if saves else ():
        if not encoder.takes("unknown") or encoder.argument("unknown") or encoder.unpacks:
            continue
        save = next((save for save in saves if holds(file, save, encoder)), None)
        if save is not None and encoder.value("unknown") == "error":
            related = (Related(save.range, "is saved here"),)
            written = encoder.entry.parameters["unknown"].written if encoder.entry is not None else ""
            fix = passed(encoder, "unknown", written, "Say what becomes of new categories")
            yield RULE.at(encoder, "fails on categories that it has not seen", related=related, fix=fix)


def holds(file: PythonFile, save: Call, encoder: Call) -> bool:
    """Say whether what is saved is an encoder, or a model that has it as a step."""
    model = save.argument("model")
    value = model.value if model is not None else save.receiver
    if value is None or encoder.index not in value.sources:
        return False
    return value.type == encoder.result.type or next(file.sources(value, "compose", "train"), None) is not None
