"""Data of persons is written to a log or to the record of a run."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import PythonFile
from xops_lint.personal_data import names_personal
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP106",
    name="personal-data-logged",
    summary="Data of persons is written to a log or to the record of a run.",
    harm="Logs are copied to places where other people read them and kept for long, and nobody finds a person's lines.",
    remedy="Write an internal number, a count or a masked value.",
    ops=("dataops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
)

PUBLISHING = ("write_log", "track", "log_parameters", "log_metrics")


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report what is logged or tracked as it is and is called as data of persons is."""
    for call in file.calls(*PUBLISHING):
        for argument in call.arguments:
            name = next((word for word in sorted(argument.shown) if names_personal(word)), None)
            if name is not None:
                yield RULE.at(argument, f"writes `{name}` where others may read it")
                break
