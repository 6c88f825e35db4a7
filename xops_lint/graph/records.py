"""A graph as plain data, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xops_lint.graph.view import Located, View


def records(view: View, targets: Sequence[str]) -> dict[str, Any]:
    """Return nodes, edges and gaps as JSON holds them."""
    return {
        "targets": list(targets),
        "nodes": [
            {"id": id, "kind": node.kind, "name": node.name, **_place(node.place)} for id, node in view.nodes.items()
        ],
        "edges": [
            {"kind": edge.kind, "source": edge.start, "target": edge.end, **_place(edge.place)} for edge in view.edges
        ],
        "gaps": [{"node": gap.node, "kind": gap.kind, "text": gap.text, **_place(gap.place)} for gap in view.gaps],
    }


def _place(place: Located | None) -> dict[str, Any]:
    if place is None:
        return {"filename": None, "row": None, "cell": None}
    return {"filename": place.path, "row": place.row, "cell": place.cell}
