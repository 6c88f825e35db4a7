"""Lock files: the name and version of every package, by a scan that stays quick on huge files."""

from __future__ import annotations

import re

from xops_lint.config import Value
from xops_lint.languages.tree import Parsed, mapping, name_routes, scalar, sequence
from xops_lint.text import Range

_PATTERNS = {
    "toml": r"""^\[\[packages?\]\]\s+name\s*=\s*["'](?P<name>[^"']+)["']\s+version\s*=\s*["'](?P<version>[^"']+)["']""",
    "json": r'^ {8}"(?P<name>[^"]+)":\s*\{(?:[^{}]*?)"version":\s*"={0,3}(?P<version>[^"]+)"',
    "yaml": r"""^[ ]*(?:-[ ]+)?name:[ ]*["']?(?P<name>[\w.-]+)["']?\s+version:[ ]*["']?(?P<version>[^\s"']+)""",
}


def read(text: str, language: str) -> Parsed:
    """Return ``packages`` with a name and a version each; what has no version is left out."""
    packages: list[Value] = []
    for match in re.finditer(_PATTERNS[language], text, re.MULTILINE):
        items = {part: scalar(match[part], Range(*match.span(part))) for part in ("name", "version")}
        packages.append(mapping(items, Range(match.start("name"), match.end("version"))))
    where = Range(0, len(text))
    return Parsed([name_routes(mapping({"packages": sequence(packages, where)}, where))])
