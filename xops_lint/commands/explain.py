"""``xops-lint explain``: show the page of a rule."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import click

from xops_lint import markdown, options, terminal
from xops_lint.commands.rules import described
from xops_lint.registry import Registry
from xops_lint.rule import Rule

_WIDTH = 100


@click.command()
@click.argument("rule", metavar="CODE|NAME")
@options.output_format("text", "markdown", "json")
@options.settings_source
@options.color
@click.pass_context
def command(context: click.Context, /, rule: str, output_format: str, color: str, **_: Any) -> int:
    """Explain a rule: what it finds, why that is harmful, and what to write instead."""
    _settings, registry = options.settings_and_rules(context, (Path("."),))
    found = registry.find(rule)
    page = _page(found, registry)
    with terminal.output() as out:
        if output_format == "json":
            out.write(json.dumps({**described(found), "page": page}, indent=2, ensure_ascii=False, default=list) + "\n")
        elif output_format == "markdown":
            out.write(page)
        else:
            width = min(shutil.get_terminal_size((_WIDTH, 24)).columns, _WIDTH)
            out.write(markdown.render(page, width, color=terminal.colors(color, sys.stdout)))
    return 0


def _page(rule: Rule, registry: Registry) -> str:
    path = registry.page(rule)
    if path.is_file():
        return path.read_text("utf-8")
    return f"# {rule.name} ({rule.code})\n\n{rule.summary}\n\n## Why\n\n{rule.harm}\n\n## Fixed\n\n{rule.remedy}\n"
