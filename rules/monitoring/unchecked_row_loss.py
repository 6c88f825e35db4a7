"""Rows are dropped on their way to a model in service, and nobody counts them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Confidence, Group, Rule
from xops_lint.serving import predicts

RULE = Rule(
    code="XOP729",
    name="unchecked-row-loss",
    summary="Rows are dropped on their way to a model in service, and nobody counts them.",
    harm="A field that is suddenly empty, or a key without a partner, leaves rows without a prediction in silence.",
    remedy="Compare the number of rows before and after, and log, export or assert what was lost.",
    ops=("dataops",),
    confidence=Confidence.MEDIUM,
    group=Group.OPTIONAL,
)

LEARNING: Final = ("train", "tune", "cross_validate", "preprocess", "evaluate", "drift", "explain")
"""Roles of calls of code that does more than apply a model: rows may well be picked for that."""

COUNTING: Final = ("write_log", "metric", "track", "log_metrics", "validate_data", "assertion")
"""Roles of calls that tell somebody of what they are given."""

WINDOWS: Final = frozenset({"rolling", "shift", "diff", "pct_change", "ewm", "expanding"})
"""Methods that leave the first rows of a series empty, which are to be dropped."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report what drops rows of a table that a loaded model is then asked about."""
    if next(file.calls_anywhere("load_model"), None) is None or next(file.calls_anywhere(*LEARNING), None) is not None:
        return
    asking = [call for call in file.every_call if predicts(call)]
    for call in file.all_calls if asking else ():
        asked = next((each for each in asking if call.index in each.data), None)
        if asked is None or not loses_rows(call) or windowed(file, call) or counted(file, call):
            continue
        related = (Related(asked.range, "the model is asked here"),) if asked.home is None else ()
        yield RULE.at(call.callee, "loses rows to predict, and nobody counts them", related=related)


def loses_rows(call: Call) -> bool:
    """Say whether a call leaves out incomplete rows, or those without a partner in another table."""
    if call.entry is None or call.unpacks:
        return False
    if "drops_rows" in call.entry.traits:
        return not call.takes("axis") or call.value("axis") in (0, "index", "rows")
    return "joins" in call.entry.traits and call.value("how") == "inner"


def windowed(file: PythonFile, call: Call) -> bool:
    """Say whether the function around looks back along the rows, so that the first ones have to go."""
    return any(each.method in WINDOWS and each.scope == call.scope for each in file.all_calls)


def counted(file: PythonFile, call: Call) -> bool:
    """Say whether what is left of the rows is counted, shown or compared anywhere."""
    compared = (each.sources for each in file.comparisons)
    asserted = (each.sources for each in file.assertions)
    if any(call.index in sources for sources in (*compared, *asserted)):
        return True
    telling = (each for each in file.all_calls if each.name == "len" or each.roles & {*COUNTING})
    return any(call.index in each.flowing for each in telling)
