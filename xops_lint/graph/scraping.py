"""What metrics are collected from: the targets of scrape configs, and the programs that expose any."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from xops_lint.call import Call
from xops_lint.config import Value
from xops_lint.facts import Facts
from xops_lint.graph.jobs import services
from xops_lint.matching import regex
from xops_lint.project import Project

_ADDRESS: Final = regex(r"(?:\d{1,3}\.){3}\d{1,3}|localhost|\[[\da-f:]*\]|host\.docker\.internal")
"""What names a machine, whichever service of it answers at a port."""


class Target(NamedTuple):
    """One place that metrics are collected from, in the job of a name."""

    job: str
    host: str
    port: str

    @property
    def name(self) -> str:
        """The first part of the host, which is the name of a service in a network of its own."""
        return self.host.partition(".")[0]

    @property
    def machine(self) -> bool:
        """Whether the host is a machine and not a service."""
        return _ADDRESS.fullmatch(self.host) is not None


class Exposing(NamedTuple):
    """A service of Docker Compose whose program exposes metrics, and the call that does."""

    facts: Facts
    service: Value
    program: Facts
    call: Call


@dataclass(frozen=True)
class Collection:
    """What one config collects from; ``open`` marks one that looks for targets by itself, or leaves some open."""

    facts: Facts
    targets: Sequence[Target]
    open: bool

    def covers(self, service: Value) -> bool:
        """Say whether a service of Docker Compose is among the targets, or may be."""
        names, ports = set(_names(service)), set(_ports(service))
        if self.open:
            return True
        return any(each.port in ports if each.machine else each.name in names for each in self.targets)

    def is_for(self, compose: Facts) -> bool:
        """Say whether some service of a compose file reads the config: one of them mounts it."""
        name = posixpath.basename(self.facts.path)
        folder = posixpath.basename(posixpath.dirname(self.facts.path))
        mounted = [value.text.partition(":")[0] for value in compose.values("volume")]
        return any(posixpath.basename(path) in (name, folder or name) for path in mounted)


def collections(project: Project) -> list[Collection]:
    """Return the scrape configs of a project, its tests and examples aside."""
    found = []
    for facts in project.of_kind("prometheus"):
        jobs = list(facts.values("scrape"))
        if jobs and not facts.context.test and not facts.context.example:
            targets = [target for job in jobs for target in _targets(job)]
            found.append(Collection(facts, targets, any(map(_searches, jobs))))
    return found


def scraped(project: Project) -> dict[str, set[str]]:
    """Return the services that each job collects metrics from."""
    found: dict[str, set[str]] = {}
    for facts in project.of_kind("prometheus"):
        for job in facts.values("scrape"):
            for target in _targets(job):
                found.setdefault(target.job, set()).add(target.name)
    return found


def exposing(project: Project) -> Iterator[Exposing]:
    """Yield the services of compose files whose programs expose metrics."""
    if not any(_exposes(call) for _, call in project.calls("monitor")):
        return
    for started in services(project):
        for program in started.programs(project):
            found = next((each for each in project.calls_reached(program, "monitor") if _exposes(each[1])), None)
            if found is not None:
                yield Exposing(started.facts, started.value, *found)
                break


def _exposes(call: Call) -> bool:
    return call.entry is not None and "exposes" in call.entry.traits


def _targets(job: Value) -> Iterator[Target]:
    name = job.items.get("job_name")
    for value in job.at("static_configs[*].targets[*]") if name is not None else ():
        host, _, port = (value.text.partition("://")[2] or value.text).partition("/")[0].rpartition(":")
        yield Target(name.text if name is not None else "", host or port, port if host else "80")


def _searches(job: Value) -> bool:
    """Say whether a job finds its targets by itself, or something else fills them in."""
    found = any(key.endswith(("_sd_configs", "_sd_config")) for key in job.items)
    return found or any(value.templated for value in job.walk() if value.text) or "relabel_configs" in job.items


def _names(service: Value) -> Iterator[str]:
    """Yield the names under which others of its network reach a service."""
    yield service.route.rpartition(".")[2]
    for route in ("container_name", "hostname", "networks.*.aliases[*]", "links[*]"):
        yield from (value.text for value in service.at(route))


def _ports(service: Value) -> Iterator[str]:
    """Yield the ports of the machine at which a service answers; its own ones may be published by another file."""
    for value in service.at("ports[*]"):
        yield from re.findall(r"\d+", value.text)
        yield from (each.text for each in value.items.values())
    yield from (value.text for value in service.at("expose[*]"))
