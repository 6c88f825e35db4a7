"""Data of persons is written to a log or to the record of a run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Call, PythonFile
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

BY_HAND = regex(r"(?:^|[/_])(?:scripts?|tools?|bin|cli|examples?|commands|manage|management)(?=$|[/_.])")
"""Words of the paths of programs that a person starts and reads; their terminal is no log."""

OF_PROGRAMS = regex(r"service.?account|mailbox|(?:to|from) address|smtp", re.IGNORECASE)
"""What a message says whose address belongs to a program."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report what is logged or tracked as it is and is called as data of persons is."""
    by_hand = BY_HAND.search(file.path) is not None
    for call in file.calls(*PUBLISHING):
        if OF_PROGRAMS.search(said(call)) or (by_hand and call.entry and "terminal" in call.entry.traits):
            continue
        for argument in call.arguments:
            name = next((word for word in sorted(argument.shown) if names_personal(word)), None)
            if name is not None:
                yield RULE.at(argument, f"writes `{name}` where others may read it")
                break


def said(call: Call) -> str:
    """Return what is known of the words of a message."""
    return " ".join(argument.value.string or "" for argument in call.arguments)
