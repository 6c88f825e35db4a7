"""A seeded training lets its kernels differ from run to run."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.chance import NETWORKS
from xops_lint.diagnostic import Finding
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Confidence, Group, Rule, Severity

RULE = Rule(
    code="XOP308",
    name="nondeterministic-kernels",
    summary="A seeded training lets its kernels differ from run to run.",
    harm="The seeds are the same, the sums are added in another order, and the model differs.",
    remedy="Turn the deterministic mode on, or say in the code that speed goes first.",
    ops=("mlops",),
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
    exploration=True,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report what makes kernels less repeatable in programs that train, seed, and nowhere ask for the contrary."""
    for file, call in project.shown.calls("deterministic_mode"):
        if call.conditional or lets_differ(call) is not True:
            continue
        for entry in project.entries_running(file, call):
            if trains_seeded(project, entry) and not repeatable(project, entry):
                yield RULE.at(
                    call, f"lets kernels differ from run to run, although `{entry.path}` seeds", path=file.path
                )
                break


def lets_differ(call: Call) -> bool | None:
    """Say whether a call makes kernels less repeatable (yes), more (no), or what is not known."""
    state = call.value("state") if call.argument("state") else None
    if not isinstance(state, bool):
        return None
    return state is (call.entry is not None and "speed_first" in call.entry.traits)


def trains_seeded(project: Project, entry: Facts) -> bool:
    """Say whether a program fits a model and seeds a library of networks."""
    trained = project.may_fit(entry) and not entry.context.test
    return trained and any(project.seeds(entry, family) for family in NETWORKS)


def repeatable(project: Project, entry: Facts) -> bool:
    """Say whether a program asks for repeatable kernels somewhere, or may for all that is known."""
    asking = (call for _, call in project.calls_reached(entry, "deterministic_mode") if not is_speed_first(call))
    return any(lets_differ(call) is not True for call in asking)


def is_speed_first(call: Call) -> bool:
    """Say whether a call is a switch for speed."""
    return call.entry is not None and "speed_first" in call.entry.traits
