"""Noise is added for privacy, and nobody says or asks how much privacy is lost."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Argument, Call, PythonFile
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP114",
    name="unbounded-privacy-loss",
    summary="Noise is added for privacy, and nobody says or asks how much privacy is lost.",
    harm="The results are called private, and the promise behind that word may mean nothing.",
    remedy="Set the budget yourself, as `epsilon`, or ask for what was spent and stop at your limit.",
    ops=("dataops",),
    group=Group.PREVIEW,
)

SPENT = regex(r"epsilon|privacy_spent|privacy_statement|budget", re.IGNORECASE)
"""What the name of a function tells that asks how much was spent."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report private calls that leave the budget to a default, and noise whose cost no code asks for."""
    asked = any(accounts(call) for call in file.calls())
    for call in file.calls("privacy"):
        noise = call.argument("noise")
        if noise is not None and noise.value.constant in (0, None):
            yield RULE.at(noise, "adds no noise at all")
        elif call.takes("budget") and not given(call) and call.value("budget") != math.inf:
            yield RULE.at(call.callee, f"spends a budget that nobody set: no `{call.spelling('budget')}` is given")
        elif (
            noise is not None and not asked and not told(call) and not measured(file, noise) and not handed(file, call)
        ):
            yield RULE.at(call.callee, "adds noise, and no code asks how much privacy is lost")


def given(call: Call) -> bool:
    """Say whether a call may set its budget itself."""
    return call.argument("budget") is not None or call.unpacks


def told(call: Call) -> bool:
    """Say whether a call itself tells or bounds what is spent."""
    return call.takes("budget") or (call.entry is not None and "accounts" in call.entry.traits)


def measured(file: PythonFile, noise: Argument) -> bool:
    """Say whether the strength of the noise was worked out from a budget."""
    return any(source.takes("budget") for source in file.sources(noise.value, "privacy"))


def handed(file: PythonFile, call: Call) -> bool:
    """Say whether what adds the noise goes to code that is not seen and may ask it."""
    engine = call.receiver.sources if call.receiver is not None else frozenset({call.index})
    passed = any(other.entry is None and not engine.isdisjoint(other.data) for other in file.all_calls)
    return passed or not engine.isdisjoint(file.returned.get(call.scope, frozenset()))


def accounts(call: Call) -> bool:
    """Say whether a call asks how much privacy was spent, to judge an unknown one by its name."""
    if call.entry is not None:
        return "accounts" in call.entry.traits
    return bool(SPENT.search(call.name.rpartition(".")[2] or call.method))
