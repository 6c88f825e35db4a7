"""A step installs whatever version of a package it finds when it runs."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.dependencies import serves_development
from xops_lint.diagnostic import Finding, Related
from xops_lint.matching import regex
from xops_lint.model import Call, Expression, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP369",
    name="unpinned-component",
    summary="A step installs whatever version of a package it finds when it runs.",
    harm="The same pipeline gives another model next month, or breaks off, and its record does not tell why.",
    remedy="Write the version you tried, such as `pandas==2.2.2`, or build an image that holds the packages.",
    ops=("mlops",),
)

REQUIREMENT = regex(r"\s*(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?P<bounds>(?:[<>=!~][^;]*)?)(?:;.*)?")
BOUND = regex(r"(?<![<>!=])={2,3}|<|~=")
"""What pins a package, or keeps the next major version out."""

MOST_NAMES = 3
MOST_RELATED = 4


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report, once a file, the first step with packages that nothing keeps from moving."""
    found = [
        (packages, loose)
        for call in file.calls("step", "run_container", "train", "tune")
        if installs(call) and (packages := call.argument("packages")) and (loose := unbound(packages.value))
    ]
    if found:
        first, loose = found[0]
        names = ", ".join(f"`{name}`" for name in loose[:MOST_NAMES])
        more = f" and {len(loose) - MOST_NAMES} more" if len(loose) > MOST_NAMES else ""
        related = tuple(Related(packages.range, "and here") for packages, _ in found[1 : 1 + MOST_RELATED])
        yield RULE.at(first, f"takes whatever version of {names}{more} it finds when the step runs", related=related)


def installs(call: Call) -> bool:
    """Say whether a call makes a step with an environment of its own."""
    step = not call.roles.isdisjoint({"step", "run_container"})
    return step or (call.entry is not None and "isolated" in call.entry.traits)


def unbound(packages: Expression) -> list[str]:
    """Return the names of listed packages that are required at any version, or from one on."""
    names = []
    for element in packages.elements or ():
        text = element.constant
        found = REQUIREMENT.fullmatch(text) if isinstance(text, str) else None
        if found is not None and not BOUND.search(found["bounds"]) and not serves_development(found["name"]):
            names.append(found["name"])
    return names
