"""A metric keeps only the last request's duration or prediction, and forgets all the others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.matching import regex
from xops_lint.model import Argument, Call, PythonFile, Range
from xops_lint.rule import Group, Rule
from xops_lint.serving import handlers, predicts
from xops_lint.tasks import mentioned_by

RULE = Rule(
    code="XOP725",
    name="latency-not-histogram",
    summary="A metric keeps only the last request's duration or prediction, and forgets all the others.",
    harm="Of all requests between two looks one is seen: there are no percentiles, and slow ones go unnoticed.",
    remedy="Observe the value in a histogram, with buckets that fit its range.",
    ops=("aiops",),
    group=Group.PREVIEW,
)

LATEST, SPREAD = "Gauge", "Histogram"
"""What clients call the metric that keeps one value, and the one that counts values by size."""

NAMED = regex(
    r"latency|duration|(?:response|inference|processing|prediction)_time|confidence|probability", re.IGNORECASE
)
"""Words in the names of metrics of which every request has a value of its own."""

SUMMED = regex(r"(?:^|_)(?:avg|average|mean|median|max|min|last|p\d\d?|threshold|timestamp)(?:_|$)", re.IGNORECASE)
"""Words in the names of metrics that are made of several values, or meant to be the last one."""

JUDGING = ("evaluate", "drift", "validate_data")
"""Roles of what tells how well a model does, of which the latest figure is what people look at."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report values that a request puts in the place of those of the requests before it."""
    setting = [call for call in file.calls("metric") if has(call, "overwrites")]
    around = [each.name for each in file.definitions if "around_requests" in each.traits] if setting else []
    run = mentioned_by(file, *around, *(handler.name for handler in handlers(file))) if setting else frozenset()
    for call in setting:
        value = call.argument("metrics")
        if value is None or call.scope not in run:
            continue
        name = named(file, call)
        if SUMMED.search(name):
            continue
        if measures(file, call, value):
            yield RULE.at(value, "is a duration of which only the last request's is kept", fix=spread(file, call))
        elif predicted(file, value):
            yield RULE.at(value, "comes of a prediction of which only the last one is kept", fix=spread(file, call))
        elif NAMED.search(name) and not value.value.known and not judged(file, value):
            yield RULE.at(value, f"is kept as `{name}` until the next request overwrites it", fix=spread(file, call))


def named(file: PythonFile, call: Call) -> str:
    """Return the name of the metric that a call sets, as far as it is known."""
    makers = file.sources(call.receiver, "metric") if call.receiver is not None else ()
    return next((name for each in (call, *makers) if isinstance(name := each.value("name"), str)), "")


def measures(file: PythonFile, call: Call, value: Argument) -> bool:
    """Say whether a value is the time between two looks at a clock within the function that sets it."""
    looks = [clock for clock in file.sources(value.value, "clock") if clock.scope == call.scope]
    return len(looks) > 1


def predicted(file: PythonFile, value: Argument) -> bool:
    """Say whether a value is what a model said of one request, and no figure of how well it does."""
    return any(map(predicts, file.behind(value.value))) and not judged(file, value)


def judged(file: PythonFile, value: Argument) -> bool:
    """Say whether a value tells how many there are of something, or how well a model does."""
    return any(call.roles & {*JUDGING} or call.name == "len" for call in file.behind(value.value))


def spread(file: PythonFile, call: Call) -> Fix | None:
    """Return the fix that makes the metric a histogram, where the file defines it and does nothing else with it."""
    makers = file.sources(call.receiver, "metric") if call.receiver is not None else ()
    made = next((each for each in makers if each.takes("name")), None)
    if made is None or not can_be_spread(file, made):
        return None
    edits = [Edit(Range(made.callee.end - len(LATEST), made.callee.end), SPREAD)]
    for use in uses(file, made):
        if not has(use, "overwrites") or not file.source(use.callee).endswith(".set"):
            return None
        edits.append(Edit(Range(use.callee.end - len("set"), use.callee.end), "observe"))
    return Fix("Observe it in a histogram", tuple(edits), Safety.UNSAFE)


def can_be_spread(file: PythonFile, made: Call) -> bool:
    """Say whether a histogram is at hand where a metric is made."""
    name = file.source(made.callee)
    imported = name != LATEST or any(each.name == SPREAD and not each.star for each in file.imports)
    return imported and re.fullmatch(rf"(?:\w+\.)*{LATEST}", name) is not None


def uses(file: PythonFile, made: Call) -> Iterator[Call]:
    """Yield the calls that do something with a metric, after its series is picked."""
    for call in file.calls("metric"):
        if call.receiver is not None and made.index in call.receiver.sources and not has(call, "picks_series"):
            yield call


def has(call: Call, trait: str) -> bool:
    """Say whether the catalog gives a call a trait."""
    return call.entry is not None and trait in call.entry.traits
