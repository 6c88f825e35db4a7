"""Data is compared with itself to find drift."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Argument, Call, PythonFile
from xops_lint.outcomes import compares
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP723",
    name="self-referential-drift",
    summary="Data is compared with itself to find drift.",
    harm="The report says that nothing has changed, whatever happens to the data.",
    remedy="Pass the rows the model was trained on as the reference, and those it sees now as the current data.",
    ops=("aiops",),
    severity=Severity.ERROR,
    group=Group.PREVIEW,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report comparisons whose two sides are the same name, or are read from the same place."""
    for call in file.calls("drift", "validate_data"):
        data, reference = call.argument("data"), call.argument("reference")
        if data is None or reference is None or data.value.known or reference.value.known:
            continue
        related = (Related(data.range, "the data that is compared"),)
        if not compares(file, call):
            continue
        if same_name(file, data, reference):
            yield RULE.at(reference, "is both the reference and what is compared with it", related=related)
        elif same_file(file, data, reference):
            message = f"is read from the same place as `{file.source(data.range)}`, which is compared with it"
            yield RULE.at(reference, message, related=related)


def same_name(file: PythonFile, data: Argument, reference: Argument) -> bool:
    """Say whether both are the same name: a call may give other rows the second time."""
    text = file.source(data.range)
    return text == file.source(reference.range) and "(" not in text


def same_file(file: PythonFile, data: Argument, reference: Argument) -> bool:
    """Say whether both are tables as they were read, by the same words."""
    first, second = loaded(file, data), loaded(file, reference)
    return first is not None and second is not None and file.source(first.range) == file.source(second.range)


def loaded(file: PythonFile, argument: Argument) -> Call | None:
    """Return the call that read an argument from a path that is known, if nothing was done to it since."""
    calls = (call for call in file.sources(argument.value, "load_data") if call.result is argument.value)
    return next((call for call in calls if (path := call.argument("path")) and path.value.known), None)
