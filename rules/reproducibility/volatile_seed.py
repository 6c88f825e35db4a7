"""A seed differs on every run."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Argument, Call, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP309",
    name="volatile-seed",
    summary="A seed differs on every run.",
    harm="The run looks seeded and still cannot be repeated.",
    remedy="Take the seed from your parameters, or record the value that was drawn.",
    ops=("mlops",),
    exploration=True,
)

RECORDING = ("track", "log_parameters", "start_run", "save_data", "configuration")
"""Roles of calls that keep the value, so that the run can be repeated after all."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report seeds that come from a clock, from entropy, or from another draw."""
    for call in file.calls():
        seed = call.argument("seed")
        if seed is None:
            if "seed" in call.roles and call.takes("seed") and not call.arguments:
                yield RULE.at(call, "is called without a value and seeds from the system's entropy")
            continue
        for source in file.sources(seed.value, "clock", "draw"):
            if not recorded(file, seed, source):
                related = (Related(source.range, "this differs on every run"),)
                yield RULE.at(seed, "is a seed that differs on every run", related=related)
                break


def recorded(file: PythonFile, seed: Argument, source: Call) -> bool:
    """Say whether the drawn value is printed or tracked as well."""
    for call in file.calls():
        if source.index in call.data and (call.roles & frozenset(RECORDING) or call.name == "print"):
            return True
    return False
