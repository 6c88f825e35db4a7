"""A seed differs on every run."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.chance import sounds_like_seeding
from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, PythonFile
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

SHOWING = frozenset({"print", "debug", "info", "warning", "log"})
"""Names of functions and methods that write a value where people read."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report seeds that come from a clock, from entropy, or from a draw that nothing seeds."""
    for call in file.calls():
        if "seed" in call.roles and call.takes("seed") and call.value("seed") is None:
            yield RULE.at(call, "is called without a value and seeds from the system's entropy")
            continue
        seed = call.argument("seed")
        if seed is None or seed.value.known:
            continue
        for source in file.sources(seed.value, "clock", "draw"):
            if not pinned(file, source) and not recorded(file, source):
                related = (Related(source.range, "this differs on every run"),)
                yield RULE.at(seed, "is a seed that differs on every run", related=related)
                break


def pinned(file: PythonFile, source: Call) -> bool:
    """Say whether the generator that a seed is drawn from is seeded itself."""
    family = source.entry.draws if source.entry else None
    return family is not None and any(
        family in call.entry.seeds if call.entry else sounds_like_seeding(call) for call in file.calls()
    )


def recorded(file: PythonFile, source: Call) -> bool:
    """Say whether the drawn value is shown, tracked or stored as well."""
    return any(
        source.index in call.data and (call.roles & frozenset(RECORDING) or (call.method or call.name) in SHOWING)
        for call in file.calls()
    )
