"""A label of a metric takes another value for every request, user or moment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Argument, Call, ConfigFile, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP710",
    name="high-cardinality-label",
    summary="A label of a metric takes another value for every request, user or moment.",
    harm="Every value is a time series of its own: memory grows until the metrics server dies, and sums become slow.",
    remedy="Label by what has few values, such as route, status or tier, and write the id to logs or traces.",
    ops=("devops",),
)

UNBOUNDED = regex(
    r"(?:user|customer|visitor|patient|request|req|session|conversation|thread|message|prompt|trace|span|correlation|transaction"
    r"|order|invoice|event|prediction|inference|sample|row)_?(?:id|uuid|guid)"
    r"|(?:user|customer|client|from|to)?_?e?mail(?:_address)?|uuid|guid|phone(?:_number)?|user_?name"
    r"|(?:current_?|unix_?)?timestamp|datetime|(?:client|remote|source|user)?_?ip(?:_?addr(?:ess)?)?|user_?agent"
    r"|(?:full|raw|request)_?(?:url|uri|path)|query_?string|prompt|stack_?trace|error_?message|exception_?message",
    re.IGNORECASE,
)
"""Names of labels whose values have no end, whatever a service does."""

ASKED = regex(
    r"(?:str\()?(?:self\.)?(?:request|req)\."
    r"(?:url(?:\.path)?|path|path_info|full_path|base_url|remote_addr|remote|client\.host)\)?"
)
"""What a client asked for, as it asked for it, and the address it asked from."""

VALUE = regex(r"\{\{.*(?:\$value|\.Value)\b")
"""The value of an alert's expression, in a template."""


@RULE.python
def names(file: PythonFile) -> Iterator[Finding]:
    """Report labels of metrics whose names say that they identify one thing of many."""
    for metric in file.calls("metric"):
        given = metric.argument("labels")
        for element in (given.value.elements or ()) if given else ():
            if isinstance(element.constant, str) and UNBOUNDED.fullmatch(element.constant):
                yield RULE.at(given or metric, f"holds `{element.constant}`, of which there is no end")


@RULE.python
def values(file: PythonFile) -> Iterator[Finding]:
    """Report values of labels that are a client's address, the time or a new id."""
    for series in file.all_calls:
        if not picks_series(series):
            continue
        for value in series.arguments:
            if ASKED.fullmatch(file.source(value.range)) or anew(file, value):
                yield RULE.at(value, "makes a time series of its own for every value that comes")


def picks_series(call: Call) -> bool:
    """Say whether a call picks a series of a metric by its labels, to judge one of another module by its name."""
    return call.method == "labels" if call.entry is None else "picks_series" in call.entry.traits


def anew(file: PythonFile, value: Argument) -> bool:
    """Say whether a value is a clock's or a new id, as it is or in a text."""
    return any(call.result is value.value for call in file.sources(value.value, "clock"))


@RULE.config()
def alerts(file: ConfigFile) -> Iterator[Finding]:
    """Report labels of alerts that hold the value that set them off."""
    for label in file.values("alert_label"):
        if VALUE.search(label.text):
            yield RULE.at(label, "makes another alert of every value, which starts to wait anew")
