"""``xops-lint rules``: list the rules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import click

from xops_lint import options, terminal
from xops_lint.rule import PRINCIPLES, Rule
from xops_lint.selectors import OPS


@click.command()
@click.option("--principle", type=click.Choice(tuple(PRINCIPLES.values())), help="Only rules of this principle.")
@click.option("--ops", type=click.Choice(OPS), help="Only rules of this discipline.")
@options.output_format("text", "json", "markdown")
@options.settings_source
@click.pass_context
def command(context: click.Context, /, principle: str | None, ops: str | None, output_format: str, **_: Any) -> int:
    """List the rules, local packs included."""
    _settings, registry = options.settings_and_rules(context, (Path("."),))
    rules = [
        rule
        for rule in registry.rules.values()
        if principle in (None, rule.principle) and (ops is None or ops in rule.ops)
    ]
    with terminal.output() as out:
        {"text": _text, "json": _json, "markdown": _markdown}[output_format](rules, out)
    return 0


def described(rule: Rule) -> dict[str, Any]:
    """Return what a machine wants to know of a rule."""
    return {
        "code": rule.code,
        "name": rule.name,
        "summary": rule.summary,
        "harm": rule.harm,
        "remedy": rule.remedy,
        "principle": rule.principle,
        "ops": list(rule.ops),
        "severity": rule.severity.value,
        "confidence": rule.confidence.value,
        "group": rule.group.value,
        "targets": list(rule.targets),
        "since": rule.since,
        "options": {name: {"default": option.default, "help": option.help} for name, option in rule.options.items()},
    }


def _json(rules: Sequence[Rule], out: TextIO) -> None:
    out.write(json.dumps([described(rule) for rule in rules], indent=2, ensure_ascii=False, default=list) + "\n")


def _text(rules: Sequence[Rule], out: TextIO) -> None:
    width = max((len(rule.name) for rule in rules), default=0)
    for rule in rules:
        out.write(
            f"{rule.code}  {rule.name:<{width}}  {rule.severity.value:<7}  {rule.group.value:<10}  {rule.summary}\n"
        )


def _markdown(rules: Sequence[Rule], out: TextIO) -> None:
    out.write("| code | name | principle | ops | severity | set | what |\n|---|---|---|---|---|---|---|\n")
    for rule in rules:
        cells = (rule.code, f"`{rule.name}`", rule.principle, " ".join(rule.ops), rule.severity.value, rule.group.value)
        summary = rule.summary.replace("|", "\\|")
        out.write(f"| {' | '.join(cells)} | {summary} |\n")
