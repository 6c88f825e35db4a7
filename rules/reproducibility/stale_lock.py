"""A pipeline was changed and its lock file still describes the one before."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.graph.stages import Stage, located, stages
from xops_lint.graph.templates import unfilled
from xops_lint.model import Facts, Project, Value
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP366",
    name="stale-lock",
    summary="A pipeline was changed and its lock file still describes the one before.",
    harm="The recorded versions of data and models belong to another pipeline than the one beside them.",
    remedy="Run the pipeline anew, and commit the lock file together with the pipeline.",
    ops=("mlops",),
    group=Group.PREVIEW,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report stages whose recorded run took or left other paths than they declare, and records of no stage."""
    locks = {posixpath.dirname(facts.path): facts for facts, _ in project.values("stage") if is_lock(facts)}
    declared = [stage for stage in stages(project) if stage.name] if locks else []
    for folder, lock in sorted(locks.items()):
        own = {stage.name: stage for stage in declared if posixpath.dirname(stage.path) == folder}
        for record in lock.values("stage") if own else ():
            name = record.route.partition(".")[2]
            if name in own:
                yield from compared(own[name], lock, record)
            elif record.key is not None and "@" not in name:
                path = next(iter(own.values())).path
                yield RULE.at(record.key, f"is no stage of `{path}`", path=lock.path)


def is_lock(facts: Facts) -> bool:
    """Say whether a file records runs of stages, with versions of what they took and left."""
    return next(facts.values("data_version"), None) is not None


def compared(stage: Stage, lock: Facts, record: Value) -> Iterator[Finding]:
    """Yield the first path that only one of a stage and its record names."""
    left = (*stage.outputs, *stage.metrics)
    for role, entries, verb in (("input", stage.inputs, "depends on"), ("output", left, "leaves")):
        declared = {entry.text for entry in entries}
        if any(unfilled(path) for path in declared):
            continue
        recorded = {located(stage.folder or "", value.text) for value in lock.values(role, record)}
        added, gone = sorted(declared - recorded), sorted(recorded - declared)
        if added or gone:
            path = posixpath.relpath((added or gone)[0], stage.folder or ".") if "://" not in (added or gone)[0] else ""
            path = path or (added or gone)[0]
            said = f"{verb} `{path}`, of which `{lock.path}` knows nothing"
            message = said if added else f"no longer {verb} `{path}`, as in `{lock.path}`"
            related = (Related(record.key or record.range, "the last recorded run", lock.path),)
            yield RULE.at(stage.range, message, path=stage.path, related=related)
            return
