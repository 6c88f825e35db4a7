"""Builds the graph of a project out of its facts alone."""

from __future__ import annotations

from xops_lint.graph import watching
from xops_lint.graph.commands import Launches
from xops_lint.graph.delivery import Delivery
from xops_lint.graph.doings import Plan
from xops_lint.graph.files import Files
from xops_lint.graph.flows import Flows
from xops_lint.graph.images import images
from xops_lint.graph.model import Builder, Spot
from xops_lint.graph.program import Programs
from xops_lint.graph.shelled import Shelled
from xops_lint.graph.stages import located, stages
from xops_lint.graph.starters import Starters
from xops_lint.graph.wiring import Wiring
from xops_lint.project import Project


def plan(project: Project) -> Plan:
    """Return the graph of a project, with the stages and starts that it is made of."""
    builder, launches = Builder(), Launches()
    pipelines = stages(project)
    made = frozenset(path for stage in pipelines for path in stage.left)
    files = Files(project, builder, made, _models(project))
    built = images(project)
    starters = Starters(project, builder, files, launches, built)
    starters.add_stages(pipelines)
    starters.add_configs()
    Wiring(project, builder, files).add()
    flows = Flows(project, builder, files, built)
    flows.add()
    Shelled(project, builder, starters, flows).add()
    Programs(project, builder, files, launches, flows).add()
    Delivery(project, builder, files, built).add()
    watching.add_alerts(project, builder)
    watching.add_tests(project, builder, files)
    _unite(builder)
    _hold(builder)
    return Plan(builder.graph(), pipelines, launches, builder.handed)


def _models(project: Project) -> frozenset[str]:
    """Return the paths that pipelines declare as models."""
    return frozenset(
        located(facts.path.rpartition("/")[0], path.text)
        for facts in project.of_kind("dvc")
        for document in facts.of_kind("dvc")
        for artifact in document.at("artifacts.*")
        if (path := artifact.items.get("path")) is not None
        and (type := artifact.items.get("type")) is not None
        and type.text == "model"
    )


def _unite(builder: Builder) -> None:
    """Let a path below a folder that is not known be the one path that ends like it, if there is one."""
    known = [id for id in builder.nodes if id.startswith("path:") and not id.startswith("path:{}/")]
    for id in [each for each in builder.nodes if each.startswith("path:{}/")]:
        rest = id.removeprefix("path:{}")
        like = [each for each in known if each == f"path:{rest[1:]}" or each.endswith(rest)]
        if len(like) == 1:
            builder.merge(id, like[0])


def _hold(builder: Builder) -> None:
    """Join folders with what lies in them."""
    paths = {id.removeprefix("path:"): id for id in builder.nodes if id.startswith("path:")}
    for path, id in paths.items():
        parts = path.split("/")
        for length in range(len(parts) - 1, 0, -1):
            above = paths.get("/".join(parts[:length]))
            if above is not None:
                node = builder.nodes[id]
                builder.edge("holds", above, id, node.spot or Spot(path))
                break
