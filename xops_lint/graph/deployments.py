"""What a project puts into service: the deployments that configs and code describe, with their models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xops_lint.call import Call
from xops_lint.diagnostic import Finding, Related
from xops_lint.facts import Facts
from xops_lint.model_files import paths
from xops_lint.project import Project
from xops_lint.rule import Rule
from xops_lint.text import Range

_CONFIGURED = ("serving_container", "deployment", "served_model", "traffic")
"""Roles of config values that put a model into service, the nearest to the model first."""


_IDLE = frozenset({"demo", "packaged"})
"""Traits of what answers to nobody but the person who tries it, or not by itself."""

_MOST_RELATED = 3


class ServedModel(NamedTuple):
    """A model that is in service, by the text that names it, with ``{}`` for pieces that are filled in."""

    text: str
    path: str
    range: Range


class Deployment(NamedTuple):
    """One thing that answers with what a model predicts, and what is known of its models.

    ``phrase`` completes a sentence about the place; ``service`` marks a program of the project that answers,
    ``published`` one whose models somebody else has trained, as those of a hub and language models are.
    """

    path: str
    range: Range
    phrase: str
    models: tuple[ServedModel, ...] = ()
    service: bool = False
    published: bool = False


def found(project: Project) -> Sequence[Deployment]:
    """Return the deployments of a project, in order; its examples and tests put nothing into service."""
    return sorted(
        deployment
        for file in project.facts
        if not file.context.example and not file.context.test and not project.develops_tool(file)
        for deployment in (*_configured(file), *_called(file), *_served(project, file))
    )


def together(rule: Rule, deployed: Sequence[Deployment], message: str) -> Finding:
    """Return one finding for all of some deployments: at the first, with what is said behind its phrase."""
    first, *others = deployed
    related = tuple(Related(other.range, "and this one", other.path) for other in others[:_MOST_RELATED])
    return rule.at(first.range, f"{first.phrase}{message}", path=first.path, related=related)


def _configured(file: Facts) -> Iterator[Deployment]:
    """Yield one deployment a document of a config."""
    for kind, document in zip(file.kinds, file.documents):
        roles = file.routes.get(kind, {})
        values = [value for role in _CONFIGURED for route in roles.get(role, ()) for value in document.at(route)]
        if values:
            first = next(iter(values[0].items.values()), values[0])
            place = values[0].key or first.key or first.range
            models = (value for route in roles.get("model_reference", ()) for value in document.at(route))
            named = (ServedModel("{}" if each.templated else each.text, file.path, each.range) for each in models)
            known = tuple(each for each in named if each.text)
            yield Deployment(file.path, place, "puts a model into service", known)


def _called(file: Facts) -> Iterator[Deployment]:
    for call in file.acting("deploy"):
        yield Deployment(file.path, call.range, "deploys a model", tuple(_given(file, call)))


def _given(file: Facts, call: Call) -> Iterator[ServedModel]:
    """Yield the models that a call names."""
    for meaning in ("model", "path"):
        given = call.argument(meaning)
        if given is not None and given.value.string:
            yield ServedModel(given.value.string, file.path, given.range)


def _served(project: Project, file: Facts) -> Iterator[Deployment]:
    """Yield the service that a file is, if it answers with what a model predicts."""
    for call in file.acting("serve"):
        # What shows a model to people, for trying it out, is no service, nor is code that a model is kept with.
        idle = call.entry is not None and not _IDLE.isdisjoint(call.entry.traits)
        if not idle and not file.notebook and _answers(project, file):
            models, published = tuple(_loaded(project, file)), _is_published(project, file)
            yield Deployment(file.path, call.range, "serves predictions", models, service=True, published=published)
            return


def _answers(project: Project, file: Facts) -> bool:
    return next(project.calls_reached(file, "load_model", "predict"), None) is not None


def _is_published(project: Project, file: Facts) -> bool:
    calls = (call for _, call in project.calls_reached(file, "load_model", "generate"))
    return any("generate" in call.roles or (call.entry is not None and "hub" in call.entry.traits) for call in calls)


def _loaded(project: Project, file: Facts) -> Iterator[ServedModel]:
    """Yield the models that a program loads."""
    for other, call in project.calls_reached(file, "load_model"):
        for given in paths(other, call):
            if given.value.string:
                yield ServedModel(given.value.string, other.path, given.range)
