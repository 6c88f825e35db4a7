"""A stage or component is written that nothing runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Definition, Facts, Project, Value
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP614",
    name="unreachable-stage",
    summary="A stage or component is written that nothing runs.",
    harm="It looks like a part of the pipeline, such as a check that stands in every diagram and never happens.",
    remedy="Name the stage where it is to run, or delete it.",
    ops=("mlops",),
    group=Group.PREVIEW,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report parts of workflows that no way from the start leads to, and steps that no code calls."""
    for file in project.facts:
        if file.context.test:
            continue
        for kind, document in zip(file.kinds, file.documents):
            if "part" in file.routes.get(kind, {}):
                yield from unreached(project, file, document)
        yield from uncalled(project, file)


def unreached(project: Project, file: Facts, document: Value) -> Iterator[Finding]:
    """Yield the parts of a document that nothing in it leads to, from its first ones on."""
    parts = {called(part): part for part in file.values("part", document)}
    first = list(file.values("first_part", document))
    named = {name: {each.text for each in file.values("next_part", part)} for name, part in parts.items()}
    if not first or any("{{" in name or "<<" in name for name in {each.text for each in first}.union(*named.values())):
        return
    starts = {each.text for each in first}
    if next(file.values("shared_part", document), None) is not None:
        starts |= named_elsewhere(project, document)
    reached = followed(starts, named)
    related = Related(first[0].range, "what runs begins here", file.path)
    for name, part in parts.items():
        if name not in reached:
            where = part.items["name"].range if "name" in part.items else part.key or part.range
            yield RULE.at(where, "is run by nothing that this document starts", path=file.path, related=(related,))


def called(part: Value) -> str:
    """Return the name of a part: its own, or its key."""
    return (
        part.items["name"].text if part.route.endswith("]") and "name" in part.items else part.route.rpartition(".")[2]
    )


def followed(starts: set[str], named: Mapping[str, set[str]]) -> frozenset[str]:
    """Return the names that some names lead to, themselves included."""
    reached: set[str] = set()
    waiting = set(starts)
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= named.get(name, set()) - reached
    return frozenset(reached)


def named_elsewhere(project: Project, document: Value) -> set[str]:
    """Return the names of parts that other documents of the project run."""
    return {
        value.text
        for role in ("first_part", "next_part")
        for file, value in project.values(role)
        if not document.holds(value)
    }


def uncalled(project: Project, file: Facts) -> Iterator[Finding]:
    """Yield the functions that are made steps beside a pipeline that never calls them."""
    steps = [each for each in file.definitions if "by_call" in each.traits]
    defined = (each.range for each in file.definitions if "orchestrate" in each.roles)
    pipeline = next(chain(defined, (call.range for call in file.playing("orchestrate"))), None) if steps else None
    if pipeline is None:
        return
    used = {name.rpartition(".")[2] for names in file.references.values() for name in names}
    for step in steps:
        if bare(step) not in used and not used_elsewhere(project, file, bare(step)):
            related = Related(pipeline, "the pipeline that is defined beside it", file.path)
            yield RULE.at(step, "is a step that no pipeline calls", path=file.path, related=(related,))


def bare(definition: Definition) -> str:
    """Return the name of a function without what is around it."""
    return definition.name.rpartition(".")[2]


def used_elsewhere(project: Project, file: Facts, name: str) -> bool:
    """Say whether another file of the project uses a name, and has no function of its own by that name."""
    others = (other for other in project.python if other is not file and name in other.words)
    return any(name in other.words.split() and name not in map(bare, other.definitions) for other in others)
