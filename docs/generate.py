"""Writes the generated pages of the site: one a rule, the list of rules, one a system, the matrix, the README's table.

Run it after a rule has changed: ``python docs/generate.py``. A test compares what
is committed with a fresh generation.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from xops_lint.registry import Registry, load
from xops_lint.rule import PRINCIPLES, Rule
from xops_lint.settings_keys import schema

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "docs"))

import systems  # noqa: E402

OPS = ("devops", "dataops", "mlops", "aiops")
GROUPS = {
    "default": "on by default",
    "production": "on in the `production` profile",
    "optional": "off until selected",
    "preview": "off until selected, or with `--preview`",
}
TARGETS = {"py": "Python", "nb": "notebooks", "cfg": "configs", "prj": "the whole project"}


def main() -> None:
    """Write every generated page that differs from what is there."""
    for path, text in pages():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    kept = {path for path, _ in pages()}
    for folder in ("rules", "systems"):
        for stale in set((ROOT / "docs" / folder).glob("*.md")) - kept:
            stale.unlink()


def pages() -> Iterator[tuple[Path, str]]:
    """Yield the path and the text of every generated page."""
    registry = load()
    for rule in registry.rules.values():
        yield ROOT / "docs" / "rules" / f"{rule.name}.md", rule_page(rule, registry.page(rule).read_text("utf-8"))
    yield ROOT / "docs" / "rules" / "index.md", rule_list(registry)
    for name, text in systems.pages(registry):
        yield ROOT / "docs" / "systems" / name, text
    yield ROOT / "docs" / "concepts.md", concepts(registry)
    yield ROOT / "docs" / "configuration.md", configuration(registry)
    yield ROOT / "README.md", readme(registry, (ROOT / "README.md").read_text("utf-8"))


def rule_page(rule: Rule, source: str) -> str:
    """Return a rule's page with a table of its facts below the heading."""
    heading, _, rest = source.partition("\n")
    facts = [
        ("Principle", rule.principle.replace("-", " ")),
        ("Ops", ", ".join(rule.ops)),
        ("Reads", ", ".join(TARGETS[target] for target in rule.targets) or "every document"),
        ("Severity", f"{rule.severity.value}, confidence {rule.confidence.value}"),
        ("Set", GROUPS[rule.group.value]),
        ("Since", rule.since),
    ]
    table = "\n".join(f"| {name} | {value} |" for name, value in facts)
    options = "".join(
        f"\n- `options.{rule.name}.{name}` (default `{option.default!r}`): {option.help}"
        for name, option in rule.options.items()
    )
    return f"{heading}\n\n| | |\n|---|---|\n{table}\n{options}{rest}"


def rule_list(registry: Registry) -> str:
    """Return the page that lists all rules by principle."""
    parts = ["# Rules\n"]
    for digit, principle in PRINCIPLES.items():
        rules = [rule for rule in registry.rules.values() if rule.code[3] == digit]
        title = "The tool itself" if digit == "0" else principle.replace("-", " ").capitalize()
        parts.append(f"\n## {title}\n\n| Code | Name | What | Set | Severity |\n|---|---|---|---|---|\n")
        for rule in rules:
            row = (rule.code, f"[{rule.name}]({rule.name}.md)", rule.summary, rule.group.value, rule.severity.value)
            parts.append(f"| {' | '.join(row)} |\n")
    return "".join(parts)


def concepts(registry: Registry) -> str:
    """Return the page on principles and disciplines, with the matrix of rules."""
    template = (ROOT / "docs" / "concepts.in.md").read_text("utf-8")
    lines = [f"| | {' | '.join(OPS)} |", f"|---|{'---|' * len(OPS)}"]
    for digit, principle in PRINCIPLES.items():
        if digit == "0":
            continue
        cells = [
            ", ".join(
                f"[{rule.code[3:]}](rules/{rule.name}.md)"
                for rule in registry.rules.values()
                if rule.code[3] == digit and ops in rule.ops
            )
            for ops in OPS
        ]
        lines.append(f"| {principle.replace('-', ' ')} | {' | '.join(cells)} |")
    return template.replace("<!-- matrix -->", "\n".join(lines))


def configuration(registry: Registry) -> str:
    """Return the page on settings, with a table of all keys from their schema."""
    template = (ROOT / "docs" / "configuration.in.md").read_text("utf-8")
    lines = ["| Key | Type | Default | Meaning |", "|---|---|---|---|"]
    for key, about in schema(registry.rules.values())["properties"].items():
        kind = " or ".join(f"`{value}`" for value in about["enum"]) if "enum" in about else about["type"]
        default = about.get("default")
        shown = "" if default is None else f"`{default if len(str(default)) < 40 else '…'}`"
        lines.append(f"| `{key}` | {kind} | {shown} | {about['description']} |")
    return template.replace("<!-- keys -->", "\n".join(lines))


def readme(registry: Registry, text: str) -> str:
    """Return the README with its table of rules filled in."""
    rows = ["| Principle | Rules | For example |", "|---|---|---|"]
    for digit, principle in PRINCIPLES.items():
        rules = [rule for rule in registry.rules.values() if rule.code[3] == digit]
        if digit == "0" or not rules:
            continue
        examples = ", ".join(f"`{rule.name}`" for rule in rules[:5])
        rows.append(f"| {principle.replace('-', ' ')} | {len(rules)} | {examples} |")
    block = "\n".join(rows)
    return re.sub(
        r"<!-- rules -->.*<!-- /rules -->", f"<!-- rules -->\n\n{block}\n\n<!-- /rules -->", text, flags=re.DOTALL
    )


if __name__ == "__main__":
    main()
