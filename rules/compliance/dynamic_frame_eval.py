"""A value from outside is pasted into code that runs over a table."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Expression, PythonFile
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP123",
    name="dynamic-frame-eval",
    summary="A value from outside is pasted into code that runs over a table.",
    harm="A quote in a name breaks the query; written on purpose it picks other rows, or runs code of its own.",
    remedy="Name the value in the text, as in `country == @country`, or compare columns in plain Python.",
    ops=("dataops",),
    group=Group.PREVIEW,
    exploration=True,
)

QUOTED = regex(r"""(['"])\{\}\1""")
"""A piece that is not known, between quotes."""

OUTSIDE = ("option", "configuration", "environment_value", "receive")
ORIGINS = frozenset({"cli", "config", "environment", "request"})


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report texts for code over columns with a piece from outside, or one that stands between quotes."""
    for call in file.all_calls:
        text = call.argument("command") if call.entry and "runs_text" in call.entry.traits else None
        if text is None or text.value.known:
            continue
        if from_outside(file, text.value):
            yield RULE.at(text, "runs as code, with a value from outside in it")
        elif text.value.pattern is not None and QUOTED.search(text.value.pattern):
            yield RULE.at(text, "runs as code, and a quote in the value that is pasted into it ends its text")


def from_outside(file: PythonFile, value: Expression) -> bool:
    """Say whether somebody else has written a text or a piece of it."""
    return value.origin in ORIGINS or next(file.sources(value, *OUTSIDE), None) is not None
