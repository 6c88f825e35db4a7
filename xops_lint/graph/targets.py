"""Finds the nodes that a person means by a name."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.exceptions import TargetError
from xops_lint.graph.model import Graph, Node
from xops_lint.nearest import several

_PATHLIKE = ("path:", "image:")


def find(graph: Graph, target: str, folder: str = "") -> list[str]:
    """Return the ids of the nodes a target names; raise TargetError if there are none.

    A target is the path of a file or folder, relative to ``folder`` or to the root, or the name of
    anything else; ``kind:name`` tells things apart that have one name.
    """
    plain = target.removeprefix("./").rstrip("/")
    for wanted in dict.fromkeys((f"{folder}/{plain}".lstrip("/"), plain)):
        found = [node.id for node in graph.nodes.values() if wanted in _names(node)]
        if found:
            return found
    below = [node.id for node in graph.nodes.values() if node.name.startswith(f"{plain}/") and _is_path(node)]
    if below:
        return below
    known = {name for node in graph.nodes.values() for name in (*_names(node), node.name.rpartition("/")[2])}
    near = several(target, known)
    hint = f"; near it are {', '.join(f'`{name}`' for name in near)}" if near else ""
    raise TargetError(f"`{target}` is no file, stage, model, service or anything else of this project's graph{hint}")


def _names(node: Node) -> Iterator[str]:
    yield node.name
    yield f"{node.kind}:{node.name}"
    if node.kind == "stage":
        # A stage of a pipeline in a folder also goes by its bare name, a round of a loop by that of the loop.
        bare = node.name.rpartition(":")[2]
        yield from {bare, bare.partition("@")[0]}
    if node.kind == "service" and " " in node.name:
        yield node.name.partition(" ")[2]


def _is_path(node: Node) -> bool:
    return node.id.startswith(_PATHLIKE)
