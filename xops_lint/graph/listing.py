"""A graph as text: the trees above and below a target, or everything by what it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xops_lint.graph.model import TAKING, Graph
from xops_lint.graph.view import ShownGap, View
from xops_lint.graph.walk import Branch


def trees(view: View, found: Mapping[str, Sequence[tuple[str, Branch]]]) -> Iterator[str]:
    """Yield the lines of the trees of each target, each with its heading (``upstream``, ``downstream``)."""
    gaps = _gaps(view)
    for id, directions in found.items():
        yield _title(view, id)
        told: set[str] = set()
        for heading, branch in directions:
            yield f"{heading}:"
            wanted = {id: [gap for gap in each if _matters(gap, heading)] for id, each in gaps.items()}
            lines = list(_below(view, wanted, branch, "", told))
            yield from lines or ["  nothing known"]


def everything(view: View, graph: Graph) -> Iterator[str]:
    """Yield all nodes that do something, with what they do and what is not known of them."""
    gaps = _gaps(view)
    for id in view.nodes:
        edges = [edge for edge in graph.leaving.get(id, ()) if edge.kind != "holds"]
        if not edges and id not in gaps:
            continue
        yield _title(view, id)
        for edge in edges:
            node = view.nodes[edge.end]
            yield f"  {edge.kind} {node.kind} {node.name}  {view.places[edge]}"
        yield from (f"  {_gap(gap)}" for gap in gaps.get(id, ()))


def _title(view: View, id: str) -> str:
    node = view.nodes[id]
    place = f"  {node.place}" if node.place is not None and str(node.place) != node.name else ""
    return f"{node.kind} {node.name}{place}"


def _below(
    view: View, gaps: Mapping[str, list[ShownGap]], branch: Branch, indent: str, told: set[str]
) -> Iterator[str]:
    missing = [] if branch.again or branch.node in told else gaps.get(branch.node, [])
    told.add(branch.node)
    lines: list[Branch | str] = [*branch.branches, *(_gap(gap) for gap in missing), *(["…"] if branch.cut else [])]
    for number, line in enumerate(lines, 1):
        mark, deeper = ("└─ ", "   ") if number == len(lines) else ("├─ ", "│  ")
        if isinstance(line, str):
            yield f"{indent}{mark}{line}"
        elif line.step is not None:
            node = view.nodes[line.node]
            again = "  (see above)" if line.again else ""
            place = view.places[line.step.edge]
            yield f"{indent}{mark}{line.step.phrase} {node.kind} {node.name}  {place}{again}"
            yield from _below(view, gaps, line, f"{indent}{deeper}", told)


def _matters(gap: ShownGap, heading: str) -> bool:
    """Say whether what is not known lies in the direction of a tree."""
    above = gap.kind in TAKING or gap.kind in ("builds", "holds")
    return gap.kind == "runs" or above is (heading == "upstream")


def _gap(gap: ShownGap) -> str:
    return f"{gap.kind} ? unknown: {gap.text}  {gap.place}"


def _gaps(view: View) -> dict[str, list[ShownGap]]:
    found: dict[str, list[ShownGap]] = {}
    for gap in view.gaps:
        found.setdefault(gap.node, []).append(gap)
    return found
