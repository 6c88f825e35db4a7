"""What a check of data looks for, and what becomes of its outcome."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from xops_lint.call import Call
from xops_lint.code import PythonFile
from xops_lint.matching import regex

_PRINTING: Final = frozenset({"print", "display", "builtins.print", "pprint.pprint", "IPython.display.display"})
"""Functions that put on the screen what they are given."""

_ALERTING: Final = regex(r"(?:^|_)(?:alert|notify)")
"""What the name of somebody's own function tells that tells somebody."""

_SHIPPED: Final = frozenset({"local", "generated"})


def alerts(file: PythonFile) -> bool:
    """Say whether a file tells somebody when something is wrong, to judge its own functions by their names."""
    told = any(_ALERTING.search(call.name.rpartition(".")[2] or call.method) for call in file.all_calls)
    return told or next(file.calls("alert"), None) is not None


def rehearses(file: PythonFile, check: Call) -> bool:
    """Say whether a check looks at nothing but data that ships with a library or is made up."""
    loads = [load for given in check.arguments for load in file.sources(given.value, "load_data")]
    return bool(loads) and all(load.entry is not None and not _SHIPPED.isdisjoint(load.entry.traits) for load in loads)


def compares(file: PythonFile, check: Call) -> bool:
    """Say whether what runs looks for drift: of a report, its list of checks tells."""
    makers = [] if check.receiver is None else list(file.sources(check.receiver, "monitor", "expectation"))
    listing = [maker for maker in makers if maker.takes("checks")]
    checks = [checks for maker in listing if (checks := maker.argument("checks")) is not None]
    return not listing or any(next(file.sources(given.value, "drift"), None) is not None for given in checks)


def ignored(file: PythonFile, check: Call) -> bool:
    """Say whether a check's outcome is dropped for certain, or shown to people and nothing else.

    Code that has the outcome and does something nobody knows with it may look at it.
    """
    if check.receiver is not None and not check.receiver.sources:
        return False
    holders = _holders(file, check)
    looked_at = file.asked | file.returned.get(check.scope, frozenset())
    if any(index < 0 for index in holders) or not holders.isdisjoint(looked_at):
        return False
    uses = list(_uses(file, check, holders))
    return all(_shows(use) for use in uses) and (check.discarded or bool(uses))


def _holders(file: PythonFile, check: Call) -> frozenset[int]:
    """Return the calls whose results hold the outcome: the check, and what made its object, unless that is a client."""
    made = frozenset() if check.receiver is None else check.receiver.sources
    clients = {index for index in made if index >= 0 and "connect" in file.call(index).roles}
    return (made - clients) | {check.index}


def _uses(file: PythonFile, check: Call, holders: frozenset[int]) -> Iterator[Call]:
    """Yield the calls that are given the outcome; what surely runs before the check is given none."""
    for call in file.all_calls:
        before = call.scope == check.scope and call.index <= check.index and not check.loop
        if (
            not before
            and call.index not in holders
            and not holders.isdisjoint(call.flowing)
            and call.entry is not check.entry
        ):
            yield call


def _shows(use: Call) -> bool:
    return "report" in use.roles or use.name in _PRINTING
