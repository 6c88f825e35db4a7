"""A graph as a bill of materials for machine learning: models, data and images, and what each is made of."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from xops_lint import __version__
from xops_lint.graph import walk
from xops_lint.graph.model import PASSIVE

if TYPE_CHECKING:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component

    from xops_lint.graph.model import Graph
    from xops_lint.graph.view import Located, View

_TYPES: Final = {
    "model": "machine-learning-model",
    "data": "data",
    "file": "data",
    "folder": "data",
    "image": "container",
    "service": "application",
    "deployment": "application",
}
"""What the kinds of nodes are called there; code and pipelines are no materials."""

_OURS: Final = "xops-lint"


def bill(graph: Graph, view: View, name: str, moment: datetime) -> Iterator[str]:
    """Yield the bill of a project's view as JSON, in version 1.6."""
    from cyclonedx.output.json import JsonV1Dot6

    yield JsonV1Dot6(_bom(graph, view, name, moment)).output_as_string(indent=2)


def _bom(graph: Graph, view: View, name: str, moment: datetime) -> Bom:
    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.tool import Tool

    root = Component(name=name, type=ComponentType.APPLICATION, bom_ref=f"project:{name}")
    made = {id: _component(id, view) for id, node in view.nodes.items() if node.kind in _TYPES}
    bom = Bom(
        components=made.values(),
        # The same bill has the same number.
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"{_OURS} {name} {sorted(made)} {moment.isoformat()}"),
        metadata=BomMetaData(component=root, tools=[Tool(name=_OURS, version=__version__)], timestamp=moment),
    )
    bom.register_dependency(root, made.values())
    for id, component in made.items():
        sources = walk.sources(graph, id, made.__contains__)
        bom.register_dependency(component, [made[each] for each in sorted(sources)])
    return bom


def _component(id: str, view: View) -> Component:
    from cyclonedx.model import Property
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.component_evidence import ComponentEvidence, Occurrence

    node = view.nodes[id]
    edges = [edge for edge in view.edges if id in (edge.start, edge.end)]
    places: dict[Located, None] = dict.fromkeys(
        place for place in (node.place, *(edge.place for edge in edges)) if place is not None
    )
    doings = sorted({(PASSIVE[edge.kind].replace(" ", "-"), edge.start) for edge in edges if edge.end == id})
    return Component(
        name=node.name,
        type=ComponentType(_TYPES[node.kind]),
        bom_ref=id,
        evidence=ComponentEvidence(
            occurrences=[
                # Without a name of its own a place has another rank in every process.
                Occurrence(
                    bom_ref=f"{id}@{place}", location=place.path, line=None if place.cell is not None else place.row
                )
                for place in places
            ]
        ),
        properties=[
            Property(name=f"{_OURS}:kind", value=node.kind),
            *(Property(name=f"{_OURS}:{how}", value=by) for how, by in doings),
            *(Property(name=f"{_OURS}:unknown", value=f"{gap.kind} {gap.text}") for gap in view.gaps if gap.node == id),
        ],
    )
