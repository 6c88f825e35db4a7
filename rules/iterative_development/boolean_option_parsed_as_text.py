"""A command-line option turns its text into a truth value with `bool`."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.matching import regex
from xops_lint.model import Argument, Call, PythonFile, Range
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

SWITCHED = frozenset({"type", "default", "help", "dest", "required"})
"""What an option may be told and become a switch."""

TYPED = regex(r"\btype\s*=\s*\Z")


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report options that are parsed with the truth of their text."""
    for option in file.calls("option"):
        parser = option.argument("parser")
        if parser is not None and parser.value.name == "bool":
            message = f"makes True of every text, so that `{spelled(option.value('name'))} False` is True"
            yield RULE.at(parser, message, fix=switch(file, option, parser))


def switch(file: PythonFile, option: Call, parser: Argument) -> Fix | None:
    """Return the fix where Python's own parser can make a switch of the option, and of its negation."""
    module = next((each.name for each in file.imports if each.target == "argparse" and not each.scope), None)
    typed = TYPED.search(file.text, option.callee.end, parser.range.start)
    if module is None or typed is None or not switchable(option):
        return None
    where, action = Range(typed.start(), parser.range.end), f"action={module}.BooleanOptionalAction"
    return Fix("Make the option a switch", (Edit(where, action),), Safety.UNSAFE)


def switchable(option: Call) -> bool:
    """Say whether an option is a flag that is told nothing which a switch does not take."""
    flags = [argument.value.constant for argument in option.arguments if argument.name is None]
    words = [flag for flag in flags if isinstance(flag, str) and flag.startswith("-") and not flag.startswith("--no-")]
    default = option.argument("default")
    plain = default is None or default.value.constant in (True, False, None)
    named = {argument.name for argument in option.arguments if argument.name is not None}
    long = any(word.startswith("--") for word in words)
    return plain and long and len(words) == len(flags) and option.method == "add_argument" and named <= SWITCHED


def spelled(name: object) -> str:
    """Return an option as one writes it on the command line."""
    return name if isinstance(name, str) and name.startswith("-") else "--option"
