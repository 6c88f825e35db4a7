"""A step installs whatever version of a package it finds when it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.dependencies import serves_development
from xops_lint.diagnostic import Finding
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

REQUIREMENT = re.compile(r"\s*(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?P<bounds>(?:[<>=!~][^;]*)?)(?:;.*)?")
BOUND = re.compile(r"(?<![<>!=])={2,3}|<|~=")
"""What pins a package, or keeps the next major version out."""

MOST_NAMES = 3


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report, once a step, the packages that nothing keeps from moving."""
    for call in file.calls("step", "run_container", "train", "tune"):
        packages = call.argument("packages") if installs(call) else None
        elements = (packages.value.elements if packages else None) or ()
        loose = [name for element in elements if (name := unbound(element))]
        if packages is not None and loose:
            names = ", ".join(f"`{name}`" for name in loose[:MOST_NAMES])
            more = f" and {len(loose) - MOST_NAMES} more" if len(loose) > MOST_NAMES else ""
            yield RULE.at(packages, f"takes whatever version of {names}{more} it finds when the step runs")


def installs(call: Call) -> bool:
    """Say whether a call makes a step with an environment of its own."""
    step = not call.roles.isdisjoint({"step", "run_container"})
    return step or (call.entry is not None and "isolated" in call.entry.traits)


def unbound(element: Expression) -> str | None:
    """Return the name of a package that is required at any version, or from one on."""
    text = element.constant
    found = REQUIREMENT.fullmatch(text) if isinstance(text, str) else None
    if found is None or BOUND.search(found["bounds"]) or serves_development(found["name"]):
        return None
    return found["name"]
