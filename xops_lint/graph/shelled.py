"""What code starts by shell commands: steps of pipelines that run one, and programs that start others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xops_lint.call import Call
from xops_lint.facts import Facts
from xops_lint.graph.flows import Flows
from xops_lint.graph.model import Builder, Spot
from xops_lint.graph.stages import located
from xops_lint.graph.starters import Starters
from xops_lint.project import Project
from xops_lint.shell import ShellCommand


@dataclass
class Shelled:
    """Adds what the shell commands of code start to a graph."""

    project: Project
    builder: Builder
    starters: Starters
    flows: Flows

    def add(self) -> None:
        """Add what all code but that of tests starts."""
        for facts in self.project.python:
            if facts.shell and not facts.context.test:
                calls = {call.range: call for call in facts.playing("shell")}
                for line in facts.shell:
                    for owner in self._owners(facts, line, calls.get(line.range)):
                        self._line(owner, facts, line)

    def _line(self, owner: str, facts: Facts, line: ShellCommand) -> None:
        base = self.starters.files.bases(facts)[0]
        for command in line.commands:
            folder = None if command.folder is None else located(base, command.folder)
            self.starters.command(owner, facts, command, folder, {})

    def _owners(self, facts: Facts, line: ShellCommand, call: Call | None) -> Iterator[str]:
        """Yield what runs a line: the step that is this line, or whose function it stands in, or the programs."""
        if call is None:
            step = self.flows.step(facts, line.function) if line.function else None
            yield step or self.starters.files.node(facts.path, Spot(facts.path))
        elif "step" in call.roles:
            step_id = self.flows.described(facts, call)
            for entry in self.project.entries_running(facts, call):
                program = self.starters.files.node(entry.path, Spot(entry.path))
                self.builder.edge("runs", program, step_id, Spot(facts.path, call.range))
            yield step_id
        else:
            own = self.flows.step(facts, call.scope)
            entries = [] if own is not None else self.project.entries_running(facts, call)
            yield from (self.starters.files.node(entry.path, Spot(entry.path)) for entry in entries)
            if own is not None:
                yield own
