"""The free text of a language model is read as data, and nothing is ready for another form."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Argument, Call, PythonFile
from xops_lint.questions import asks_for_text, setting
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP732",
    name="unvalidated-llm-output",
    summary="The free text of a language model is read as data, and nothing is ready for another form.",
    harm="Now and then the model adds a sentence or leaves a quote out, and the whole run ends there.",
    remedy="Ask for a schema, in the call or with a tool, and catch what does not fit it.",
    ops=("aiops",),
    group=Group.PREVIEW,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report what reads a model's text as data or runs it, where no schema was asked for and no failure is caught."""
    for call in file.calls("configuration", "evaluate_code"):
        text = call.argument("path") or call.argument("data")
        if text is None or ready(file, call, frozenset()):
            continue
        question = free_text(file, text)
        if question is not None:
            yield RULE.at(
                text,
                "is free text of a language model, which nothing keeps to this form",
                related=(Related(question.callee, "is asked here"),),
            )


def free_text(file: PythonFile, text: Argument) -> Call | None:
    """Return the question whose answer a text is, if it surely asks for no form."""
    asked = [call for call in file.sources(text.value, "generate") if asks_for_text(file, call)]
    if not asked or any(setting(file, call, "schema") is not None for call in asked):
        return None
    return asked[0]


def ready(file: PythonFile, call: Call, seen: frozenset[str]) -> bool:
    """Say whether a failure of a call is caught, in its function or wherever that is called."""
    if call.caught:
        return True
    callers = file.callers(call.scope) if call.scope not in seen else []
    return bool(callers) and all(ready(file, caller, seen | {call.scope}) for caller in callers)
