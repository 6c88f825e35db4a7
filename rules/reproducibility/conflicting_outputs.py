"""Two stages write the same path."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import ConfigFile, Value
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP365",
    name="conflicting-outputs",
    summary="Two stages write the same path.",
    harm="The tool refuses the pipeline, or the order of the stages decides what is in the file that others read.",
    remedy="Give each stage paths of its own, or make one stage of the two.",
    ops=("mlops",),
    group=Group.PREVIEW,
    severity=Severity.ERROR,
)


class Output(NamedTuple):
    """A path that a stage writes, from the folder of the pipeline's file."""

    path: str
    value: Value
    stage: Value


@RULE.config()
def check(file: ConfigFile) -> Iterator[Finding]:
    """Report every output that another stage of the file writes as well, or whose folder it writes."""
    if file.kind.endswith("-lock"):
        # What stages wrote that are gone by now stays in the record of past runs.
        return
    seen: dict[str, Output] = {}
    for output in outputs(file):
        others = (seen[place] for place in places(output.path) if place in seen)
        other = next((found for found in others if found.stage is not output.stage), None)
        if other is not None:
            within = "" if other.path == output.path else f", with all of `{other.path}`"
            related = (Related(other.value.range, "written here as well"),)
            yield RULE.at(
                output.value, f"is written by the stage `{name(other.stage)}` as well{within}", related=related
            )
        seen.setdefault(output.path, output)


def outputs(file: ConfigFile) -> Iterator[Output]:
    """Yield the known local outputs of all stages, folders before what is in them."""
    found = []
    for stage in file.values("stage"):
        folder = next((value for value in file.values("folder", stage)), None)
        if folder is not None and folder.templated:
            continue
        written = [value for role in ("output", "metrics_file") for value in file.values(role, stage)]
        for value in {value.range.start: value for value in written if value.text}.values():
            if not value.templated and "://" not in value.text:
                path = posixpath.normpath(posixpath.join(folder.text if folder else "", value.text))
                found.append(Output(path, value, stage))
    yield from sorted(found, key=lambda output: (output.path.count("/"), output.value.range.start))


def places(path: str) -> Iterator[str]:
    """Yield a path and the folders around it."""
    while path:
        yield path
        path = posixpath.dirname(path) if path != "/" else ""


def name(stage: Value) -> str:
    """Return what a stage is called: its own name, or the last part of its place."""
    named = stage.get("name") or stage.get("source")
    return named.text if named is not None and named.text else stage.route.rpartition(".")[2]
