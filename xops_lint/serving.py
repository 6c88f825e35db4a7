"""Which containers of a config answer predictions, and which functions answer requests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.code import Definition, PythonFile
from xops_lint.config import ConfigFile, Value

_SOUNDS_SERVING = re.compile(
    r"model|predict|serving|(?<!ob|re)serve\b|infer|scor(?:e|ing)|classif|regress|recommend|forecast|embed|\bllm",
    re.IGNORECASE,
)
"""Words that people call a service by which answers predictions."""

_SOUNDS_OTHER = re.compile(
    r"controller|operator|registry|database|\b(?:db|ui|web|app|webapp|mysql)\b|front|gateway|proxy|exporter|storage|store|webhook|agent"
    r"|worker|client|router|schedul|manager|monitor|dashboard|train|load.?test|sidecar|metrics|autoscal|queue|init|download",
    re.IGNORECASE,
)
"""Words for what stands around such a service, or shows it."""


def handlers(file: PythonFile) -> Iterator[Definition]:
    """Yield the functions that a service calls for a request, as their decorators say."""
    routes = {call.name for call in file.calls("serve") if call.receiver is not None}
    for definition in file.definitions if routes else ():
        if definition.kind != "class" and not routes.isdisjoint(definition.decorators):
            yield definition


def listening_servers(file: ConfigFile) -> Iterator[Value]:
    """Yield the containers of workloads that open a port and, by command or name, answer predictions."""
    for container in file.values("listening_container"):
        if _serves(file, container):
            yield container


def _serves(file: ConfigFile, container: Value) -> bool:
    if any("serve" in command.roles and _is_below(command.route, container) for command in file.commands):
        return True
    image = container.get("image")
    name = container.get("name")
    names = f"{name.text if name else ''} {image.text.rpartition('/')[2] if image else ''}".replace("_", "-")
    return _SOUNDS_SERVING.search(names) is not None and _SOUNDS_OTHER.search(names) is None


def _is_below(route: str, container: Value) -> bool:
    return route.startswith(f"{container.route}.")
