"""A service asks its model about requests whose fields nothing checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xops_lint.diagnostic import Finding
from xops_lint.leakage import arguments_behind
from xops_lint.matching import regex
from xops_lint.model import Call, Definition, Expression, PythonFile
from xops_lint.rule import Confidence, Group, Rule
from xops_lint.serving import handlers, predicts
from xops_lint.tasks import mentioned_by

RULE = Rule(
    code="XOP512",
    name="unschemaed-endpoint",
    summary="A service asks its model about requests whose fields nothing checks.",
    harm="A field that is misspelt, missing or of another type gives a wrong prediction or an error that says nothing.",
    remedy="Describe the fields and their types in a model of the request, and let the framework refuse others.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
)

CHECKS = regex(r"valid|schema|parse_obj|check|verif|expect|isinstance|use_args|^(?:float|int)$", re.IGNORECASE)
"""What functions and decorators are called that look at what came in."""

MADE = regex(r"(?:^|\.)[A-Z]\w*[a-z]\w*$")
"""Names of classes: what is made of a request by its fields."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report handlers of requests that hand what came in to a model, and nothing that looks at it."""
    for handler in handlers(file):
        run = mentioned_by(file, handler.name)
        inside = [call for call in file.all_calls if call.scope in run]
        came = received(file, handler, inside)
        asked = [call for call in inside if predicts(call) and any(raw(file, each, came) for each in values(call))]
        if asked and not looked_at(file, handler, inside, came):
            yield RULE.at(handler, "asks the model about a request whose fields and types nothing checks")


def values(call: Call) -> Iterator[Expression]:
    """Yield the values that a call is given."""
    return (argument.value for argument in call.arguments)


def received(file: PythonFile, handler: Definition, inside: Sequence[Call]) -> frozenset[int]:
    """Return the sources that stand for what a client sent: calls, and parameters of the handler that take anything."""
    calls = {call.index for call in inside if "receive" in call.roles}
    by_annotation = any("by_annotation" in entry.traits for entry in handler.entries)
    loose = handler.loose if by_annotation else frozenset[str]()
    return frozenset(calls).union(
        label for label, (function, name) in file.labels.items() if function == handler.name and name in loose
    )


def raw(file: PythonFile, value: Expression, came: frozenset[int]) -> bool:
    """Say whether a value is made of what a client sent, in the handler or in a function that it calls."""
    behind = frozenset().union(
        *(argument.value.sources for index in value.sources if index < 0 for argument in arguments_behind(file, index))
    )
    return not came.isdisjoint(value.sources | behind)


def looked_at(file: PythonFile, handler: Definition, inside: Sequence[Call], came: frozenset[int]) -> bool:
    """Say whether anything on the way looks at what came in, or may: a function, a class, a condition, a decorator."""
    if any(CHECKS.search(decorator) for decorator in handler.decorators):
        return True
    asked = [call for call in inside if predicts(call)]
    # What a condition asks of the prediction is made of the request as well.
    if not came.isdisjoint(file.asked) and file.asked.isdisjoint(call.index for call in asked):
        return True
    before = (call for call in inside if call.index < max(call.index for call in asked))
    return any(looks(call) and any(raw(file, each, came) for each in values(call)) for call in before)


def looks(call: Call) -> bool:
    """Say whether a call checks fields, or makes an object that has them."""
    if call.roles & {"validate_data", "expectation"} or CHECKS.search(call.name) or CHECKS.search(call.method):
        return True
    return call.entry is None and call.unpacks and MADE.search(call.name) is not None
