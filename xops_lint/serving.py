"""Which containers of a config answer predictions, and which functions answer requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from xops_lint.call import Call
from xops_lint.code import Definition, PythonFile
from xops_lint.config import ConfigFile, Value
from xops_lint.matching import regex

if TYPE_CHECKING:
    from xops_lint.facts import Facts
    from xops_lint.project import Project

_SOUNDS_SERVING = regex(
    r"model|predict|serving|(?<!ob|re)serve\b|infer|scor(?:e|ing)|classif|regress|recommend|forecast|embed|\bllm",
    re.IGNORECASE,
)
"""Words that people call a service by which answers predictions."""

_SOUNDS_OTHER = regex(
    r"controller|operator|registry|database|\b(?:db|ui|web|app|webapp|mysql)\b|front|gateway|proxy|exporter|storage|store|webhook|agent"
    r"|worker|client|router|schedul|manager|monitor|dashboard|train|load.?test|sidecar|metrics|autoscal|queue|init|download",
    re.IGNORECASE,
)
"""Words for what stands around such a service, or shows it."""

_SOUNDS_TRAINING = regex(r"(?:\b|re)train(?:er|ing)?\b|fine-?tun|\bmodel-fit", re.IGNORECASE)
"""Words that people call what fits models by."""

_BUILDS_IMAGES = regex(r"docker|\bdind\b|kaniko|buildkit|buildah|podman", re.IGNORECASE)
"""Words in the names of containers that build images, which needs the rights of the host."""

_TRIED_OUT = regex(
    r"(?:^|[/_.-])(?:dev|develop|development|local|debug|minikube|kind|test|testing|staging|stage|sandbox)(?=[/_.-])",
    re.IGNORECASE,
)
"""Parts of paths that belong to places where new versions are tried out."""

PREDICTION_ROUTE: Final = regex(
    r"predict|infer|invocation|scor(?:e|ing)\b|classif|recommend|forecast|embed|detect", re.IGNORECASE
)
"""Words in the routes by which a service is asked for predictions."""

_PLATFORM_ROUTES: Final = frozenset({"/invocations", "/ping"})
"""Routes that a platform asks, which counts requests and errors itself."""

_SERVERLESS: Final = regex(
    r"mangum|chalice|serverless|functions_framework|azure\.functions|zappa|(?<![a-z])modal|lambda_|awsgi"
)
"""Names of what runs a service call by call; such platforms count the calls."""

_WORKING = ("job", "stage", "deployment", "serving_container")
"""Roles of mappings whose containers train or answer predictions, whatever they are called."""


def is_tried_out(path: str) -> bool:
    """Say whether a path belongs, by its name, to another place than production."""
    return _TRIED_OUT.search(path) is not None


_PREDICTS = regex(r"predict(?:_proba|_batch|_one)?")
"""Methods by which models answer, of objects that come out of a file."""

_ANSWERS = regex(rf"{_PREDICTS.pattern}|(?:fit_)?transform")
"""The same with those of steps."""


def predicts(call: Call) -> bool:
    """Say whether a call asks a model."""
    return "predict" in call.roles or (call.entry is None and _PREDICTS.fullmatch(call.method) is not None)


def may_ask(call: Call) -> bool:
    """Say whether a call asks a model or a fitted step, if its object is one."""
    return bool(call.roles & {"predict", "transform"}) or (
        call.entry is None and _ANSWERS.fullmatch(call.method) is not None
    )


def asks_stored(file: PythonFile | Facts, call: Call) -> Call | None:
    """Return the call that loads the model, or the fitted step, that a call asks, unless it is fitted here."""
    if call.receiver is None or not may_ask(call):
        return None
    if next(file.sources(call.receiver, "train", "preprocess"), None) is not None:
        return None
    return next(file.sources(call.receiver, "load_model"), None)


def handlers(file: PythonFile) -> Iterator[Definition]:
    """Yield the functions that a service calls for a request, as their decorators say."""
    routes = {call.name for call in file.calls("serve") if call.receiver is not None}
    for definition in file.definitions if routes else ():
        if definition.kind != "class" and not routes.isdisjoint(definition.decorators):
            yield definition


def routes(file: Facts) -> Iterator[tuple[Call, str]]:
    """Yield the calls that give an address of a service to a function, with the address if it is known."""
    for call in file.playing("serve"):
        if call.takes("name") and call.receiver is not None and call.argument("name") is not None:
            path = call.value("name")
            yield call, path if isinstance(path, str) else ""


def bare_services(project: Project) -> Iterator[tuple[Facts, Call]]:
    """Yield the services of a project that answer predictions by a web framework alone, each with what makes it."""
    for deployment in project.deployments:
        file = project.files[deployment.path]
        made = (call for call in file.playing("serve") if call.entry is not None and "bare" in call.entry.traits)
        call = next(made, None) if deployment.service else None
        if call is not None and not _is_counted(project, file):
            yield file, call


def _is_counted(project: Project, file: Facts) -> bool:
    """Say whether the platform that runs a service counts its requests."""
    for path in {place.path for place in project.reach(file)}:
        other = project.files[path]
        if any(route in _PLATFORM_ROUTES for _, route in routes(other)):
            return True
        if any(_SERVERLESS.search(imported.target) for imported in other.imports):
            return True
    return False


def listening_servers(file: ConfigFile | Facts) -> Iterator[Value]:
    """Yield the containers of workloads that open a port and, by command or name, answer predictions."""
    for container in file.values("listening_container"):
        if _serves(file, container):
            yield container


def working_containers(file: ConfigFile) -> Iterator[Value]:
    """Yield the containers that train or answer predictions, as their kind, command or name says."""
    around = [value for role in _WORKING for value in file.values(role)]
    for container in file.values("container"):
        if _BUILDS_IMAGES.search(_names(container)) is None and (
            _serves(file, container) or _trains(file, container) or any(value.holds(container) for value in around)
        ):
            yield container


def _serves(file: ConfigFile | Facts, container: Value) -> bool:
    if any("serve" in command.roles and _is_below(command.route, container) for command in file.commands):
        return True
    names = _names(container)
    return _SOUNDS_SERVING.search(names) is not None and _SOUNDS_OTHER.search(names) is None


def _trains(file: ConfigFile, container: Value) -> bool:
    if any("train" in command.roles and _is_below(command.route, container) for command in file.commands):
        return True
    return _SOUNDS_TRAINING.search(_names(container)) is not None


def _names(container: Value) -> str:
    """Return the name of a container, or its key, and that of its image."""
    image = container.get("image")
    name = container.get("name")
    own = name.text if name else container.route.rpartition(".")[2]
    return f"{own} {image.text.rpartition('/')[2] if image else ''}".replace("_", "-")


def _is_below(route: str, container: Value) -> bool:
    return route.startswith(f"{container.route}.")
