"""A suite of data checks passes on any data."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Argument, Call, ConfigFile, PythonFile, Value
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP418",
    name="empty-expectations",
    summary="A suite of data checks passes on any data.",
    harm="Every run reports success, and bad rows reach training behind a green mark.",
    remedy="State what the data must satisfy, with bounds that bad data would cross, or remove the suite.",
    ops=("dataops",),
    group=Group.PREVIEW,
)

MOST_RELATED = 4


@RULE.config()
def in_suites(file: ConfigFile) -> Iterator[Finding]:
    """Report suites without checks, and checks that cannot fail."""
    for checks in file.values("data_checks"):
        if checks.data == []:
            yield RULE.at(checks, "holds no check, so it passes on any data")
    unbounded = [check for check in file.values("data_check") if is_open(file, check)]
    if unbounded:
        related = tuple(Related(other.range, "and so has this one") for other in unbounded[1 : 1 + MOST_RELATED])
        yield RULE.at(unbounded[0], "has no bound, so it passes on any data", related=related)
    for tolerance in file.values("tolerance"):
        if is_zero(tolerance):
            yield RULE.at(tolerance, "asks this of none of the rows, so it passes on any data")


def is_open(file: ConfigFile, check: Value) -> bool:
    """Say whether all bounds of a check are left empty."""
    bounds = list(file.values("bound", check))
    return bool(bounds) and all(bound.tag == "null" for bound in bounds)


def is_zero(value: Value) -> bool:
    """Say whether a value is the number zero."""
    try:
        return value.tag in ("int", "float") and float(value.text) == 0
    except ValueError:
        return False


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report checks made of an empty list to which nothing in the file adds."""
    for call in file.calls("expectation"):
        given = call.argument("checks")
        if given is not None and is_empty(file, given) and alone(call) and not added_to(file, call):
            yield RULE.at(given, "holds no check, so it passes on any data")


def is_empty(file: PythonFile, given: Argument) -> bool:
    """Say whether an argument is an empty list or mapping in the call itself, which nobody can have filled."""
    return file.text[given.range.start : given.range.end] in ("[]", "{}")


def alone(call: Call) -> bool:
    """Say whether a call is given nothing but its checks and a name."""
    return all(each in (call.argument("checks"), call.argument("name")) for each in call.arguments)


def added_to(file: PythonFile, call: Call) -> bool:
    """Say whether a method of a suite is called before or after, which may add to it, or code hands it on."""
    for other in file.all_calls:
        if other.receiver is not None and call.index in other.receiver.sources and "validate_data" not in other.roles:
            return True
        if call.index in other.data and other.entry is None:
            return True
    return False
