"""Git itself keeps a large file of data or a model."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.graph.model import Spot
from xops_lint.model import Project, Range
from xops_lint.rule import Group, Option, Rule

RULE = Rule(
    code="XOP326",
    name="data-in-git",
    summary="Git itself keeps a large file of data or a model.",
    harm="Every clone carries every version of it for ever, so that people stop committing new ones.",
    remedy="Move it to a data-versioning tool or large file storage, and let git keep the pointer.",
    ops=("dataops",),
    group=Group.PREVIEW,
    options={"kilobytes": Option(10_000, "The most that a file of data or a model in git may take, in kilobytes.")},
)

KILOBYTE = 1_000
MOST_OTHERS = 4


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report large files that git tracks, each where the project first names it."""
    if not project.tracked:
        return
    graph = project.plan.graph
    for node in graph.nodes.values():
        path = node.id.removeprefix("path:")
        if node.kind not in ("data", "model") or path not in project.tracked:
            continue
        spots = list(
            dict.fromkeys(edge.spot for edge in graph.arriving.get(node.id, ()) if is_named(project, edge.spot))
        )
        size = project.size(path) if spots else 0
        if spots and size > KILOBYTE * project.files[spots[0].path].option(RULE, "kilobytes"):
            first, *others = [Related(spot.range or Range(0, 0), "and here", spot.path) for spot in spots]
            message = f"names `{path}`, {shown(size)} that git itself keeps"
            yield RULE.at(first.range, message, path=spots[0].path, related=tuple(others[:MOST_OTHERS]))


def is_named(project: Project, spot: Spot) -> bool:
    """Say whether a spot is a place in a file of the project that is no test."""
    file = project.files.get(spot.path)
    return spot.range is not None and file is not None and not file.context.test


def shown(size: int) -> str:
    """Return a size as people write it."""
    return f"{size / KILOBYTE**2:,.0f} MB" if size >= KILOBYTE**2 else f"{size / KILOBYTE:,.0f} kB"
