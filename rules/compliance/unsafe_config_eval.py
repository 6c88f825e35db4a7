"""A setting is read in a way that runs what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Related, Safety
from xops_lint.insertions import Renamed
from xops_lint.locations import is_program
from xops_lint.model import Argument, Call, Expression, PythonFile
from xops_lint.rule import Rule
from xops_lint.text import Range

RULE = Rule(
    code="XOP120",
    name="unsafe-config-eval",
    summary="A setting is read in a way that runs what it says.",
    harm="Whoever can change the file, variable, command line or answer runs code with the pipeline's rights.",
    remedy="Read it with a loader that only makes data: `yaml.safe_load`, `json.loads`, `ast.literal_eval`.",
    ops=("devops",),
)

UNSAFE_LOADERS = ("Loader", "UnsafeLoader", "CLoader", "CUnsafeLoader")
"""Loaders that build whatever objects a text names."""

SETTINGS = ("configuration", "option", "environment_value", "open_file", "download")
"""Roles of calls that give what somebody else has written."""

ORIGINS = frozenset({"cli", "config", "environment"})


@RULE.python
def loaded(file: PythonFile) -> Iterator[Finding]:
    """Report loaders of settings that build whatever objects the text names."""
    for call in file.calls("configuration"):
        if call.entry is None or "unsafe" not in call.entry.traits or call.unpacks:
            continue
        loader = call.argument("safe")
        if not call.takes("safe"):
            yield RULE.at(call, "builds whatever objects the text names", fix=plain(file, call))
        elif loader is None:
            message = "names no loader: older versions build whatever objects the text names, newer ones fail"
            yield RULE.at(call, message, fix=plain(file, call))
        elif loader.value.name.rpartition(".")[2] in UNSAFE_LOADERS:
            yield RULE.at(loader, "builds whatever objects the text names", fix=safer(file, loader))


def plain(file: PythonFile, call: Call) -> Fix | None:
    """Return the fix that calls the function beside it that only makes data."""
    name = file.source(call.callee).rpartition(".")[2]
    wanted = f"safe_{name.removeprefix('unsafe_')}"
    known = re.fullmatch(r"(?:unsafe_)?load(?:_all)?", name) is not None and len(call.arguments) == 1
    return Fix(f"Call `{wanted}`", (Renamed(call.callee, wanted),), Safety.SAFE) if known else None


def safer(file: PythonFile, loader: Argument) -> Fix | None:
    """Return the fix: the safe loader of the same module, where it is named with the module."""
    name = loader.value.name.rpartition(".")[2]
    start = loader.range.end - len(name)
    if start <= loader.range.start or not file.source(loader.range).endswith(f".{name}"):
        return None
    wanted = "CSafeLoader" if name.startswith("C") else "SafeLoader"
    return Fix(f"Use `{wanted}`", (Edit(Range(start, loader.range.end), wanted),), Safety.SAFE)


@RULE.python
def evaluated(file: PythonFile) -> Iterator[Finding]:
    """Report settings that are evaluated as code."""
    for call in file.calls("evaluate_code"):
        text = call.argument("data")
        if text is None or text.value.known:
            continue
        source = next(
            (source for source in file.sources(text.value, *SETTINGS) if not reads_program(file, source)), None
        )
        if source is not None or text.value.origin in ORIGINS:
            related = (Related(source.range, "it comes from here"),) if source is not None else ()
            yield RULE.at(call, "runs text from outside as code", related=related)


def reads_program(file: PythonFile, source: Call) -> bool:
    """Say whether a call opens a file of code, or one of which nothing is known."""
    path = source.argument("path")
    if "open_file" not in source.roles:
        return False
    return path is None or not names_settings(path.value)


def names_settings(path: Expression) -> bool:
    """Say whether a path is known to be no program."""
    return path.string is not None and not path.string.endswith("{}") and not is_program_file(path.string)


def is_program_file(path: str) -> bool:
    """Say whether a path is that of code; settings files are programs only in the eyes of downloads."""
    return is_program(path) and not path.lower().endswith((".yaml", ".yml", ".toml"))
