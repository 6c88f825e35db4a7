"""A model that is served is stored in a format that runs code when it is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.graph.model import Edge
from xops_lint.matching import regex
from xops_lint.model import Call, ConfigFile, Facts, Project, Range
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP514",
    name="code-serialised-model",
    summary="A model that is served is stored in a format that runs code when it is loaded.",
    harm="Who may write to the store of models runs code in production, and an update of the library breaks the load.",
    remedy="Store the model in a format of numbers and known types, such as ONNX, safetensors or skops.",
    ops=("mlops",),
    group=Group.PREVIEW,
)

CODE = regex(r"\.(?:pkl|pickle|joblib|dill|cloudpickle)(?:\.(?:gz|bz2|xz|zst))?$", re.IGNORECASE)
"""Endings of files that hold whole objects of their library."""


TAKING = ("loads", "reads")
LEAVING = ("writes", "logs")
"""Kinds of edges from a program to what it takes and what it leaves."""


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report the models of deployments whose format, or the ending of whose file, tells."""
    formats = list(file.values("code_format"))
    for value in formats:
        where = value if value.text else value.key or value.range
        yield RULE.at(where, "is served from a format that runs code when it is loaded")
    if not formats and next(file.values("deployment"), None) is not None:
        for value in file.values("model_reference"):
            if CODE.search(value.text):
                yield RULE.at(value, "is served from a format that runs code when it is loaded")


@RULE.project
def in_code(project: Project) -> Iterator[Finding]:
    """Report, once a file that writes, what a service of the project loads as code."""
    loads = list(loaded(project))
    graph = project.plan.graph if loads else None
    reported: set[str] = set()
    for edge in graph.edges if graph is not None else ():
        if edge.kind not in TAKING or not any(takes(edge, file, call) for file, call in loads):
            continue
        for written in graph.arriving.get(edge.end, ()) if graph is not None else ():
            spot = written.spot
            if written.kind in LEAVING and spot.range is not None and is_new(project, spot.path, reported):
                related = (Related(edge.spot.range or Range(0, 0), "a service loads it here", edge.spot.path),)
                message = "writes what a service loads in a format that runs code"
                yield RULE.at(spot.range, message, path=spot.path, related=related)


def takes(edge: Edge, file: Facts, call: Call) -> bool:
    """Say whether an edge of the graph stands for a load."""
    return edge.spot.path == file.path and edge.spot.range is not None and call.range.covers(edge.spot.range)


def is_new(project: Project, path: str, reported: set[str]) -> bool:
    """Say whether a program, not a test or an example, is met for the first time."""
    file = project.files.get(path)
    if file is None or not file.python or file.context.test or file.context.example or path in reported:
        return False
    reported.add(path)
    return True


def loaded(project: Project) -> Iterator[tuple[Facts, Call]]:
    """Yield the calls by which services load code, and those that open files for them."""
    for deployment in project.deployments:
        if deployment.service:
            for file, call in project.calls_reached(project.files[deployment.path], "load_model"):
                # What takes a switch for safety is judged by that.
                if call.entry is not None and "unsafe" in call.entry.traits and not call.takes("safe"):
                    yield file, call
                    path = call.argument("path")
                    for handle in file.sources(path.value, "open_file") if path is not None else ():
                        yield file, handle
