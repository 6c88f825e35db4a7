"""A command-line option turns its text into a truth value with `bool`."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP229",
    name="boolean-option-parsed-as-text",
    summary="A command-line option turns its text into a truth value with `bool`.",
    harm="Every text but the empty one is true: a run that was told `False` does the opposite, without a word.",
    remedy="Make it a switch without a value, or read the text with a function that knows `true` from `false`.",
    ops=("mlops",),
    severity=Severity.ERROR,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report options that are parsed with the truth of their text."""
    for option in file.calls("option"):
        parser = option.argument("parser")
        if parser is not None and parser.value.name == "bool":
            yield RULE.at(parser, f"makes True of every text, so that `{spelled(option.value('name'))} False` is True")


def spelled(name: object) -> str:
    """Return an option as one writes it on the command line."""
    return name if isinstance(name, str) and name.startswith("-") else "--option"
