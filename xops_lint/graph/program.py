"""What programs read, write, load, log and serve."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from xops_lint import provenance
from xops_lint.call import Argument, Call
from xops_lint.expression import Expression
from xops_lint.facts import Facts
from xops_lint.graph.commands import Launch, Launches
from xops_lint.graph.effects import entry_point
from xops_lint.graph.files import Files
from xops_lint.graph.flows import Flows
from xops_lint.graph.model import Builder, Edge, Spot
from xops_lint.graph.reaching import Contact, Reaching
from xops_lint.graph.stages import located
from xops_lint.locations import tables_in
from xops_lint.names import registered_name
from xops_lint.project import Project, Reached
from xops_lint.text import Range

_TRANSFERS: Final[Mapping[str, str]] = {
    "load_data": "reads",
    "save_data": "writes",
    "load_model": "loads",
    "save_model": "writes",
    "open_file": "reads",
}
"""Roles of calls that move data or models, and the edge that each makes."""

_METHODS: Final = frozenset({"read_text", "read_bytes", "write_text", "write_bytes", "open"})
"""Methods of a path, whose own value says which file is meant."""

_ROUTE: Final = frozenset({"get", "post", "put", "delete", "patch", "route", "websocket", "api"})


@dataclass
class Programs:
    """Adds what the code of a project does to a graph."""

    project: Project
    builder: Builder
    files: Files
    launches: Launches
    flows: Flows

    def add(self) -> None:
        """Add what all code but that of tests does."""
        assert self._stages is not None
        for facts in self.project.python:
            if not facts.context.test:
                for call in facts.calls:
                    self._add(facts, call)
        for path in sorted(self._reaching.programs):
            self._meet(self.project.files[path])

    def _add(self, facts: Facts, call: Call) -> None:
        roles = call.roles
        if roles & _TRANSFERS.keys() or call.writes or (call.method in _METHODS and call.receiver is not None):
            self._transfer(facts, call)
        if roles & {"log_metrics", "log_model", "register_model", "start_run", "autolog"}:
            self._log(facts, call)
        if "orchestrate" in roles and call.takes("function") and call.takes("path"):
            self._entry_point(facts, call)
        if "metric" in roles:
            self._operational(facts, call)
        if "serve" in roles and call.method in _ROUTE:
            self._serve(facts, call)
        for argument in call.arguments:
            if argument.value.origin == "config" and argument.value.route:
                self._parameter(facts, call, argument.value)

    def _meet(self, facts: Facts) -> None:
        """Join a program with those that it imports or runs as a part of itself."""
        spots = {
            found[0].path: Spot(facts.path, imported.range)
            for imported in facts.imports
            if (found := self.project.resolve(imported.target, facts)) is not None
        }
        for path, runs in self._contacts(facts.path):
            other = self._node(self.project.files[path])
            self.builder.edge(
                "runs" if runs else "imports", self._node(facts), other, spots.get(path, Spot(facts.path))
            )

    def _transfer(self, facts: Facts, call: Call) -> None:
        argument, kind = self._path(call), self._kind(call)
        if argument is None:
            self._pathless(facts, call, kind)
            return
        runners = self._runners(facts, call)
        found = False
        where = self.project, facts, call, argument
        for written in (*provenance.arrivals(*where), *provenance.defaults(*where)):
            found |= self._join(facts, call, kind, written)
        options = [*provenance.options(self.project, facts, call, argument), *self._overridable(facts, argument)]
        for runner in runners:
            known = [(file, option) for file, option in options if self._takes(runner, file)]
            for launch in self._starts(runner):
                for file, option in known:
                    text = launch.given(option, file)
                    path = (
                        self.files.find(text, self.files.bases(runner, [launch.folder or ""]), facts) if text else None
                    )
                    if path is not None:
                        found = True
                        node = self.files.node(path, launch.spot)
                        self.builder.edge(kind, launch.owner, node, launch.spot)
                        self.builder.handed.setdefault((kind, launch.owner, node), _spot(facts, call.range))
        if not found and not self._minor(facts, call, argument):
            for runner in runners:
                self.builder.gap(self._owner(facts, call, runner), kind, _spot(facts, argument.range))

    @staticmethod
    def _overridable(facts: Facts, argument: Argument) -> Iterator[tuple[Facts, str]]:
        """Yield the setting that a value is, if a command may give another one: not that of a file the code opens."""
        value = argument.value
        if value.origin == "config" and value.route and next(facts.sources(value, "open_file"), None) is None:
            yield facts, value.route

    def _takes(self, program: Facts, declaring: Facts) -> bool:
        """Say whether the options that a file declares are those of a program: not those of another one."""
        return declaring.path == program.path or declaring.path not in self._reaching.programs

    def _join(self, facts: Facts, call: Call, kind: str, written: provenance.Written) -> bool:
        """Join the programs that run a call, and the code by which a text comes to it, with what the text names."""
        spot, found, way = _spot(facts, call.range), False, Reached(written.module, written.scope)
        for runner in self._runners(facts, call):
            if not self._reaching.executes(runner, way):
                continue
            for node in self._named(facts, call, kind, written.text, runner):
                found = True
                self.builder.edge(kind, self._owner(facts, call, runner), node, spot)
        return found

    def _named(self, facts: Facts, call: Call, kind: str, text: str, runner: Facts) -> Iterator[str]:
        """Yield the nodes of what a text names where a program runs: models, tables, or a file."""
        spot = _spot(facts, call.range)
        registered = registered_name(text)
        known = self.files.known(text)
        if registered:
            yield self.builder.node("model", registered, spot)
        elif "load_model" in call.roles and call.takes("repository") and not known:
            if "{" not in text:
                yield self.builder.node("model", text, spot)
        elif call.entry is None and not re.search(r"/|\.\w{1,10}$", text):
            # A method of what is not known may take any word.
            return
        elif call.roles & {"load_data", "save_data"} and not known and (tables := tables_in(text)):
            for table in tables:
                yield self.builder.node("data", table, spot, id=f"table:{table}")
        else:
            folders = [launch.folder for launch in self._starts(runner) if launch.folder is not None]
            path = self._declared(runner, kind, text)
            path = path or self.files.find(text, self.files.bases(runner, folders), facts)
            if path is not None:
                yield self.files.node(path, spot)

    def _declared(self, program: Facts, kind: str, text: str) -> str | None:
        """Return the one path that ends like a text, below a folder that is not known, of those a stage declares.

        What a stage declares to leave its program writes, and what it declares to take its program reads.
        """
        rest = text.removeprefix("{}")
        if rest == text or "{" in rest or not rest.startswith("/"):
            return None
        owners = {launch.owner for launch in self._starts(program)}
        wanted = "writes" if kind == "writes" else "reads"
        found = {
            edge.end.removeprefix("path:")
            for edge in self._stages
            if edge.start in owners and edge.kind == wanted and edge.end.endswith(rest)
        }
        return found.pop() if len(found) == 1 else None

    @cached_property
    def _stages(self) -> list[Edge]:
        """What stages declare, before programs add to it."""
        edges = self.builder.edges.values()
        return [edge for edge in edges if edge.start.startswith("stage:") and edge.end.startswith("path:")]

    def _pathless(self, facts: Facts, call: Call, kind: str) -> None:
        """Join a program with a data set that ships with a library and has no path."""
        entry = call.entry
        if entry is not None and "load_data" in call.roles and "local" in entry.traits:
            spot = _spot(facts, call.range)
            node = self.builder.node("data", entry.name, spot)
            for runner in self._runners(facts, call):
                self.builder.edge(kind, self._owner(facts, call, runner), node, spot)

    def _minor(self, facts: Facts, call: Call, argument: Argument) -> bool:
        """Say whether an unknown path is not worth a gap: an opened file that no data or model goes through."""
        if argument.value.type.startswith("io."):
            return True
        if call.roles & {"load_data", "save_data", "load_model", "save_model"}:
            # What is read from an opened file, or from text in memory, is known by that.
            read = argument.value.origin != "config" and bool(argument.value.sources)
            return read and next(facts.sources(argument.value, "open_file"), None) is not None
        if "open_file" not in call.roles:
            return True
        fed = facts.playing("load_data", "save_data", "load_model", "save_model")
        return not any(call.index in other.flowing for other in fed)

    @staticmethod
    def _path(call: Call) -> Argument | None:
        """Return what says which file, data set or model a call moves."""
        for meaning in ("path", "repository"):
            given = call.argument(meaning)
            if given is not None:
                return given
        if call.method in _METHODS and call.receiver is not None and not call.takes("path"):
            return Argument(None, None, call.receiver, call.callee)
        if call.entry is None and call.writes:
            return next((each for each in call.arguments if each.value.string or _is_constant(each.value)), None)
        return None

    @staticmethod
    def _kind(call: Call) -> str:
        if call.writes:
            return "writes"
        return next((edge for role, edge in _TRANSFERS.items() if role in call.roles), "reads")

    def _log(self, facts: Facts, call: Call) -> None:
        spot = _spot(facts, call.range)
        for runner in self._runners(facts, call):
            owner = self._owner(facts, call, runner)
            alone = "autolog" in call.roles and next(facts.playing("start_run"), None) is None
            if ("start_run" in call.roles or alone) and call.entry is not None:
                name = self._text(facts, call, "name") or call.entry.name.partition(".")[0]
                self.builder.edge("logs", owner, self.builder.node("run", name, spot, id=f"run:{owner}:{name}"), spot)
            for name in self._metrics(facts, call) if "log_metrics" in call.roles else ():
                self.builder.edge("logs", owner, self.builder.node("metric", name, spot), spot)
            self._models(facts, call, owner, spot, runner)

    def _handed(self, facts: Facts, call: Call, runner: Facts) -> Iterator[tuple[str, str, Spot]]:
        """Yield the names of registered models that commands hand over, each with what starts the program so."""
        given = call.argument("registered_name")
        known = provenance.options(self.project, facts, call, given) if given is not None else iter(())
        for file, option in [each for each in known if self._takes(runner, each[0])]:
            for launch in self._starts(runner):
                name = launch.given(option, file)
                if name and "$" not in name and "{" not in name:
                    yield launch.owner, name, launch.spot

    def _models(self, facts: Facts, call: Call, owner: str, spot: Spot, runner: Facts) -> None:
        registered = self._text(facts, call, "registered_name")
        handed = [] if registered else list(self._handed(facts, call, runner))
        for starter, name, place in [(owner, registered, spot)] if registered else handed:
            self.builder.edge("registers", starter, self.builder.node("model", name, place), place)
        if registered or handed:
            return
        if "register_model" in call.roles:
            given = call.argument("registered_name") or call.argument("name")
            self.builder.gap(owner, "registers", _spot(facts, given.range if given else call.range))
        elif "log_model" in call.roles:
            name = self._text(facts, call, "name")
            if name:
                id = self.builder.node("model", name, spot, id=f"model:{owner}:{name}")
                self.builder.edge("logs", owner, id, spot)
            elif call.argument("name") is not None:
                self.builder.gap(owner, "logs", spot)

    def _metrics(self, facts: Facts, call: Call) -> Iterator[str]:
        name = self._text(facts, call, "name")
        if name:
            yield name
        given = call.argument("metrics")
        for key in (given.value.entries or {}) if given is not None else ():
            if isinstance(key, str):
                yield key

    def _text(self, facts: Facts, call: Call, meaning: str) -> str:
        """Return the one text that an argument is known to be, or nothing."""
        given = call.argument(meaning)
        found = provenance.texts(self.project, facts, call, given) if given is not None else iter(())
        known = {written.text for written in found if "{" not in written.text}
        return known.pop() if len(known) == 1 else ""

    def _entry_point(self, facts: Facts, call: Call) -> None:
        """Join a program with the entry points of a project that it starts."""
        where, given = self._text(facts, call, "path") or ".", call.argument("function")
        written = provenance.texts(self.project, facts, call, given) if given is not None else iter(())
        names = {each.text for each in written} if given is not None else {"main"}
        for runner in self._runners(facts, call):
            ids = {entry_point(located(base, where), name) for base in self.files.bases(runner) for name in names}
            for id in sorted(ids & self.builder.nodes.keys()):
                self.builder.edge("runs", self._owner(facts, call, runner), id, _spot(facts, call.range))
            if ids.isdisjoint(self.builder.nodes):
                self.builder.gap(self._owner(facts, call, runner), "runs", _spot(facts, (given or call).range))

    def _operational(self, facts: Facts, call: Call) -> None:
        """Join a program with a metric that it exports; only the call that makes it names it."""
        first = call.argument("name") or call.positional(0)
        name = first.value.constant if first is not None and not call.method[:1].islower() else None
        if isinstance(name, str) and re.fullmatch(r"[A-Za-z_:][\w:]*", name):
            spot = _spot(facts, call.range)
            runners = self._runners(facts, call)
            # A metric that several programs create is that of those that answer requests.
            for runner in [each for each in runners if each.path in self._serving] or runners:
                self.builder.edge(
                    "logs", self._owner(facts, call, runner), self.builder.node("metric", name, spot), spot
                )

    @cached_property
    def _serving(self) -> frozenset[str]:
        calls = self.project.calls("serve")
        return frozenset(runner.path for facts, call in calls for runner in self._runners(facts, call))

    def _serve(self, facts: Facts, call: Call) -> None:
        first = call.positional(0)
        path = first.value.constant if first is not None else None
        if isinstance(path, str) and path.startswith("/"):
            spot = _spot(facts, call.range)
            name = f"{call.method.upper()} {path}" if call.method in ("get", "post", "put", "delete", "patch") else path
            node = self.builder.node("service", name, spot, id=f"service:{facts.path}:{name}")
            for runner in self._runners(facts, call):
                self.builder.edge("serves", self._owner(facts, call, runner), node, spot)

    def _parameter(self, facts: Facts, call: Call, value: Expression) -> None:
        for config, found in provenance.configured(self.project, facts, value):
            if config.python:
                continue
            place = Spot(config.path, found.key or found.range)
            node = self.builder.node("parameter", value.route, place, id=f"parameter:{config.path}:{value.route}")
            self.builder.edge("holds", self.files.node(config.path, Spot(config.path)), node, place)
            for runner in self._runners(facts, call):
                self.builder.edge("uses", self._owner(facts, call, runner), node, _spot(facts, call.range))

    def _starts(self, program: Facts) -> list[Launch]:
        """Return the starts of a program, and those of the programs that run it as a part of themselves."""
        found = [*self.launches.of(program.path)]
        for path in self._reaching.programs:
            if path != program.path and Contact(program.path, True) in self._contacts(path):
                found += self.launches.of(path)
        return found

    def _contacts(self, path: str) -> list[Contact]:
        known = self._met.get(path)
        if known is None:
            known = self._met[path] = self._reaching.contacts(path)
        return known

    @cached_property
    def _met(self) -> dict[str, list[Contact]]:
        return {}

    def _owner(self, facts: Facts, call: Call, program: Facts) -> str:
        """Return the node that does what a call does: the step around it, or the program that runs it."""
        return self.flows.step(facts, call.scope) or self._node(program)

    def _node(self, facts: Facts) -> str:
        return self.files.node(facts.path, Spot(facts.path))

    def _runners(self, facts: Facts, call: Call) -> list[Facts]:
        """Return the programs, tests aside, that may execute a call; its own file if none does."""
        return self._reaching.runners(Reached(facts.path, call.scope))

    @cached_property
    def _reaching(self) -> Reaching:
        started = {path for path in self.launches.found if not self.project.files[path].context.test}
        entries = {entry.path for entry in self.project.entries if not entry.context.test}
        return Reaching(self.project, frozenset(entries | started))


def _is_constant(value: Expression) -> bool:
    """Say whether a value goes by a name that people give to constants."""
    return value.name.rpartition(".")[2].isupper()


def _spot(facts: Facts, range: Range) -> Spot:
    """Return where something stands; not every call is worth a place of its own."""
    return Spot(facts.path, range if range.end else None)
