"""A service exposes metrics that nothing collects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xops_lint.diagnostic import Finding, Related
from xops_lint.graph import scraping
from xops_lint.model import Facts, Project, Value
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP718",
    name="unscraped-service",
    summary="A service exposes metrics that nothing collects.",
    harm="Its panels stay empty and its alerts never fire, while everything looks well instrumented.",
    remedy="Add a job for the service to the scrape config, or give its service the labels that the monitor selects.",
    ops=("aiops",),
    group=Group.PREVIEW,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report services beside a collector that leaves them out, and monitors that miss the service they are made for."""
    yield from left_out(project)
    yield from missing(project)


def left_out(project: Project) -> Iterator[Finding]:
    """Yield the services of a compose file whose own collector takes the metrics of others alone."""
    collections = scraping.collections(project)
    for each in scraping.exposing(project) if collections else ():
        near = [collection for collection in collections if collection.is_for(each.facts)]
        if near and not any(collection.covers(each.service) for collection in collections):
            name = each.service.route.rpartition(".")[2]
            first = next(near[0].facts.values("scrape"))
            yield RULE.at(
                each.call,
                f"exposes metrics of `{name}`, which `{near[0].facts.path}` collects from no target",
                path=each.program.path,
                related=(
                    Related(each.service.key or each.service.range, "the service", each.facts.path),
                    Related(first.range, "what is collected", near[0].facts.path),
                ),
            )


def missing(project: Project) -> Iterator[Finding]:
    """Yield the selectors of monitors that no service has the labels for, though one is of that name."""
    services = [(file, value) for file, value in project.values("service") if not labelled_elsewhere(project, file)]
    for file, monitor in project.values("monitor") if services else ():
        selector = monitor.get("selector.matchLabels")
        if selector is None or file.context.test or file.context.example or "endpoints" not in monitor.items:
            continue
        wanted = texts(selector)
        if any(value.templated for value in selector.items.values()) or monitor.get("selector.matchExpressions"):
            continue
        if any(wanted.items() <= labels(service).items() for _, service in services):
            continue
        meant = next((each for each in services if is_meant(each[1], wanted)), None)
        if meant is not None:
            name, own = meant[1].get("metadata.name"), labels(meant[1])
            label = next(key for key in wanted if wanted[key] != own.get(key))
            yield RULE.at(
                selector.items[label],
                f"selects services with a label `{label}` that `{name.text if name else ''}` does not have",
                path=file.path,
                related=(Related((name or meant[1]).range, "the service that is left out", meant[0].path),),
            )


def texts(mapping: Value | None) -> Mapping[str, str]:
    """Return the texts of a mapping by their keys."""
    return {key: value.text for key, value in mapping.items.items()} if mapping is not None else {}


def labels(service: Value) -> Mapping[str, str]:
    """Return the labels of a service."""
    return texts(service.get("metadata.labels"))


def is_meant(service: Value, wanted: Mapping[str, str]) -> bool:
    """Say whether a service is the one that a selector is written for: its pods have the labels, or it has the name."""
    pods, name = texts(service.get("spec.selector")), service.get("metadata.name")
    named = name is not None and [name.text] == list(wanted.values())
    return bool(wanted) and (wanted.items() <= pods.items() or named)


def labelled_elsewhere(project: Project, file: Facts) -> bool:
    """Say whether labels of a file's objects are filled in, by a template or by what is laid over them."""
    overlaid = any(
        {"commonLabels", "labels"} & document.items.keys()
        for other in project.of_kind("kustomization")
        for document in other.documents
    )
    return overlaid or file.context.test or file.context.example
