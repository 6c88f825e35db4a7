"""``xops-lint suggest``: what to turn on, and what to mend first."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xops_lint import options, terminal
from xops_lint.comparing import counted
from xops_lint.presentation import Presentation

if TYPE_CHECKING:
    from xops_lint.suggesting import Suggestions

_INDENT = "    "
_WRAPPER = textwrap.TextWrapper(width=100, break_on_hyphens=False, break_long_words=False)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@options.settings_options
@options.output_format("text", "json")
@click.option("--quiet", "-q", is_flag=True, help="Show the suggestions and errors, and nothing else.")
@options.color
@click.pass_context
def command(context: click.Context, /, paths: tuple[Path, ...], output_format: str, **given: Any) -> int:
    """List the rules that PATHS keep already and that are off, and the ten fixes that buy most.

    Every rule is run, whatever the settings select. A rule that had nothing to look at is not listed.
    Fixes are those of rules that are on, by how many findings they mend and how severe these are;
    the baseline counts for nothing here. Nothing is written.
    """
    from xops_lint import discovery, suggesting

    named = paths or (Path("."),)
    settings, registry = options.settings_and_rules(context, named)
    presentation = Presentation.of(
        settings, **given, output_format=None, statistics=False, output_file=None, verbose=False
    )
    found = discovery.find(named, settings)
    project = discovery.project(found, named, settings)
    with presentation.waiting() as progress:
        suggestions = suggesting.suggest(found.files, project, settings, registry, progress)
    with terminal.output() as out:
        if output_format == "json":
            out.write(json.dumps(_data(suggestions), indent=2, ensure_ascii=False) + "\n")
        else:
            out.writelines(f"{line}\n" for line in _lines(suggestions))
    return 0


def _lines(found: Suggestions) -> Iterator[str]:
    if found.passing:
        yield "Rules that nothing breaks and that are off. To keep it so:"
        yield ""
        names = ", ".join(json.dumps(each.rule.name) for each in found.passing)
        yield from (f"{_INDENT}{line}" for line in _WRAPPER.wrap(f"extend-select = [{names}]"))
        yield ""
        width = max(len(each.rule.name) for each in found.passing)
        for each in found.passing:
            yield f"  {each.rule.code}  {each.rule.name:<{width}}  {each.rule.group.value:<10}  {each.rule.summary}"
    else:
        yield "No rule that is off had something to look at and found nothing."
    yield ""
    if not found.repairs:
        yield f"{counted(found.findings)}, none of which a fix mends."
        return
    yield f"{counted(found.findings)}, of which fixes mend {found.mendable}. Those that buy most:"
    yield ""
    width = max(len(repair.name) for repair in found.repairs)
    for repair in found.repairs:
        files = f"{repair.files} file{'s' * (repair.files > 1)}"
        yield f"  {repair.findings:>5} in {files:<10} {repair.code}  {repair.name:<{width}}  {repair.command}"


def _data(found: Suggestions) -> dict[str, Any]:
    return {
        "passing": [
            {
                "code": each.rule.code,
                "name": each.rule.name,
                "group": each.rule.group.value,
                "summary": each.rule.summary,
                "looked": each.looked,
            }
            for each in found.passing
        ],
        "findings": found.findings,
        "mendable": found.mendable,
        "fixes": [
            {
                "code": repair.code,
                "name": repair.name,
                "findings": repair.findings,
                "files": repair.files,
                "safe": repair.safe,
                "command": repair.command,
            }
            for repair in found.repairs
        ],
    }
