"""A graph as events of OpenLineage: one for each job, as it is designed, for no run of it is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from xops_lint.graph.working import Work, work

if TYPE_CHECKING:
    from openlineage.client.event_v2 import InputDataset, JobEvent, OutputDataset
    from openlineage.client.facet_v2 import DatasetFacet

    from xops_lint.graph.model import Graph
    from xops_lint.graph.view import View

_PRODUCER: Final = "https://xops-lint.readthedocs.io/lineage/"


def events(graph: Graph, view: View, namespace: str, moment: datetime) -> Iterator[str]:
    """Yield one event a line, as backends and the library's own file transport take them.

    ``namespace`` is that of the jobs, and of paths that count from the project's root.
    """
    from openlineage.client import facet_v2
    from openlineage.client.serde import Serde

    facet_v2.set_producer(_PRODUCER)
    for each in work(graph, view):
        event = _event(each, view, namespace, moment)
        yield json.dumps(json.loads(Serde.to_json(event)), ensure_ascii=False, sort_keys=True)


def _event(job: Work, view: View, namespace: str, moment: datetime) -> JobEvent:
    from openlineage.client.event_v2 import InputDataset, Job, JobEvent, OutputDataset
    from openlineage.client.facet_v2 import documentation_job, job_type_job

    node = view.nodes[job.id]
    facets = {
        "documentation": documentation_job.DocumentationJobFacet(description=_told(job, view)),
        "jobType": job_type_job.JobTypeJobFacet("BATCH", "XOPS_LINT", node.kind.upper()),
    }
    inputs: list[InputDataset] = [
        InputDataset(*_named(id, view, namespace), facets=_typed(id, view)) for id in job.takes
    ]
    outputs: list[OutputDataset] = [
        OutputDataset(*_named(id, view, namespace), facets=_typed(id, view)) for id in job.leaves
    ]
    return JobEvent(
        eventTime=moment.isoformat(),
        producer=_PRODUCER,
        job=Job(namespace, job.id.replace(":", "/", 1), facets),
        inputs=inputs,
        outputs=outputs,
    )


def _typed(id: str, view: View) -> dict[str, DatasetFacet]:
    from openlineage.client.facet_v2 import dataset_type_dataset

    return {"datasetType": dataset_type_dataset.DatasetTypeDatasetFacet(view.nodes[id].kind.upper())}


def _named(id: str, view: View, namespace: str) -> tuple[str, str]:
    """Return the namespace and the name of data: of an address the place and what lies there."""
    node = view.nodes[id]
    address = urlsplit(node.name)
    if address.scheme and address.netloc:
        return f"{address.scheme}://{address.netloc}", address.path.lstrip("/") or "/"
    return namespace, node.name


def _told(job: Work, view: View) -> str:
    """Return in words where the job and its programs stand, and what of its data is not known."""
    parts = [f"{view.nodes[id].kind} {view.nodes[id].place or ''}".strip() for id in job.parts if id in view.nodes]
    gaps = [f"{gap.kind} {gap.text} ({gap.place})" for gap in view.gaps if gap.node in job.parts]
    return "; ".join((*parts, *(f"not known: {gap}" for gap in gaps)))
