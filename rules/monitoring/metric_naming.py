"""A metric's name breaks the conventions that queries and dashboards rely on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from xops_lint.diagnostic import Finding
from xops_lint.model import PythonFile
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP711",
    name="metric-naming",
    summary="A metric's name breaks the conventions that queries and dashboards rely on.",
    harm="Readers divide by the wrong unit or take a rate of what is no counter, and shared dashboards find nothing.",
    remedy="Write it in snake case, end it in its base unit, and leave `_total` to counters.",
    ops=("aiops",),
    severity=Severity.INFO,
    group=Group.PREVIEW,
)

BASE_UNITS: Final = {
    "seconds": "ms|msec|msecs|millis|milliseconds?|us|usec|microseconds?|ns|nanoseconds?|sec|secs",
    "bytes": "kb|mb|gb|tb|kib|mib|gib|kilobytes?|megabytes?|gigabytes?|terabytes?",
}
"""Base units, and what stands in their place at the end of a name."""

KINDS = {"counts_up": "counter", "latest_value": "gauge", "distribution": "histogram"}


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report names of metrics that are known, each for the first convention it breaks."""
    for call in file.calls("metric"):
        given = call.argument("name")
        kind = next((word for trait, word in KINDS.items() if call.entry and trait in call.entry.traits), None)
        name = given.value.constant if given is not None else None
        if given is not None and kind is not None and isinstance(name, str):
            wrong = misspelt(name, kind)
            if wrong is not None:
                yield RULE.at(given, wrong)


def misspelt(name: str, kind: str) -> str | None:
    """Return what is wrong with the name of a metric of this kind, if anything is."""
    words = name.lower().removesuffix("_total").split("_")
    if re.search(r"[a-z][A-Z]", name):
        return "is written in camel case"
    if name.endswith("_total") and kind != "counter":
        return f"ends in `_total` as counters do, and is a {kind}"
    if words[-1] in KINDS.values() and words[-1] == kind:
        return f"says that it is a {kind}, which its type does"
    for unit, others in BASE_UNITS.items():
        if re.fullmatch(others, words[-1]) and len(words) > 1:
            return f"is measured in `{words[-1]}`, where the base unit is `{unit}`"
    return None
