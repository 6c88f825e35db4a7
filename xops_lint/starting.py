"""The files that set a repository up: settings, hook, CI, baseline; planned in memory, then written."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

from xops_lint import baselining, hooking, runner, settings_file
from xops_lint.baseline import Entry
from xops_lint.diagnostic import Safety
from xops_lint.discovery import FoundFile
from xops_lint.file_names import language_of
from xops_lint.registry import Registry
from xops_lint.replacing import replace_file
from xops_lint.report import Notice
from xops_lint.settings import Settings
from xops_lint.steps import COMMANDS

PYPROJECT: Final = "pyproject.toml"
OWN_FILE: Final = "xops-lint.toml"
WORKFLOW: Final = ".github/workflows/xops-lint.yml"

_SETTINGS: Final = """\
# `xops-lint config` shows what is in force and `xops-lint rules` every rule.
# Rules to run: codes, prefixes, names, principles (`testing`), disciplines (`@mlops`), DEFAULT, ALL.
select = ["DEFAULT"]
# How much is asked of files that nothing else gives a profile: "exploration", "standard" or "production".
# Notebooks and folders such as `notebooks` and `examples` are "exploration" by themselves.
profile = "{profile}"
# per-file-profiles = {{ "{folder}/**" = "{other}" }}
# Paths to leave out besides those that git ignores:
# extend-exclude = ["{excluded}/**"]
"""

_WORKFLOW: Final = """\
name: xops-lint
on:
  push:
  pull_request:
permissions:
  contents: read
jobs:
  xops-lint:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: {install}
      - run: {check}
"""

_SERVING: Final = ("production", "prod", "serving", "inference", "deployment", "deploy", "api", "pipelines", "src")


@dataclass(frozen=True, slots=True)
class Change:
    """A file to be written: what was in it, None if it is new, and what is to be."""

    path: str
    before: bytes | None
    after: bytes


def settings_change(root: Path, profile: str, files: Sequence[FoundFile]) -> Change:
    """Return the change that adds settings: to pyproject.toml if there is one they can be added to."""
    text = _SETTINGS.format(
        profile=profile,
        other="standard" if profile == "production" else "production",
        folder=_serving_folder(files),
        excluded="legacy",
    )
    project = root / PYPROJECT
    before = project.read_bytes() if project.is_file() else None
    after = None if before is None else _with_table(before, text)
    return Change(OWN_FILE, None, text.encode()) if after is None else Change(PYPROJECT, before, after)


def hook_change(hooks: bytes | None) -> Change | None:
    """Return the change that adds the hook; None where it cannot be added without harm."""
    if hooks is None:
        return Change(hooking.NAME, None, hooking.new_config().encode())
    after = hooking.with_hook(hooks)
    return None if after is None else Change(hooking.NAME, hooks, after)


def workflow_change() -> Change:
    """Return the change that adds a workflow of GitHub Actions."""
    install, check = COMMANDS
    return Change(WORKFLOW, None, _WORKFLOW.format(install=install, check=check).encode())


class Defects(NamedTuple):
    """What is found, as the entries of a baseline, and how much of it can be mended safely."""

    entries: frozenset[Entry]
    mendable: int


def defects_after(
    changes: Sequence[Change], files: Sequence[FoundFile], settings: Settings, registry: Registry
) -> Defects:
    """Return what would be found after changes; raise BaselineError where that may be incomplete."""
    root = settings.root
    given = {change.path: change.after for change in changes}
    found = {file.path: file for file in files}
    for path in given:
        language = language_of(path)
        if path not in found and language is not None:
            found[path] = FoundFile(path, root / path, language, explicit=False)
    every = tuple(found[path] for path in sorted(found))
    world = replace(runner.world(every, settings), given=given)
    report = runner.run_in(world, every, settings, registry)
    baselining.unless_failed(report)
    looked = baselining.Looked.at(report, found, (root,), settings, registry)
    mendable = sum(found.fix is not None and found.fix.safety is Safety.SAFE for found in report.diagnostics)
    return Defects(baselining.with_found(baselining.compare(report, frozenset(), looked)), mendable)


def write(changes: Sequence[Change], root: Path) -> list[Notice]:
    """Write changes; return a notice of each that was not made: another one goes before it."""
    notices = []
    for change in changes:
        target = root / change.path
        try:
            if change.before is None and os.path.lexists(target):
                notices.append(Notice(change.path, "is there by now, so it is left alone"))
            elif change.before is not None and target.read_bytes() != change.before:
                notices.append(Notice(change.path, "changed meanwhile, so it is left alone"))
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                replace_file(target, change.after)
        except OSError as error:
            notices.append(Notice(change.path, f"cannot be written: {error.strerror}"))
    return notices


def diffs(changes: Sequence[Change]) -> Iterator[str]:
    """Yield the changes as a diff that ``git apply`` takes."""
    for change in sorted(changes, key=lambda change: change.path):
        before, after = _lines(change.before or b""), _lines(change.after)
        old = "/dev/null" if change.before is None else f"a/{change.path}"
        for line in difflib.unified_diff(before, after, old, f"b/{change.path}"):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _with_table(data: bytes, text: str) -> bytes | None:
    """Return a pyproject.toml with our table at its end; None if it would be another file or none then."""
    newline = "\r\n" if b"\r\n" in data else "\n"
    gap = newline if data.endswith(b"\n") else newline * 2 if data else ""
    after = data + f"{gap}[tool.xops-lint]\n{text}".replace("\r\n", "\n").replace("\n", newline).encode()
    before, now = settings_file.parsed(data), settings_file.parsed(after)
    if before is None or now is None:
        return None
    tools = now.get("tool", {})
    ours = tools.pop("xops-lint", None) if isinstance(tools, dict) else None
    if ours is None or now != {**before, "tool": before.get("tool", {})}:
        return None
    return after


def _serving_folder(files: Sequence[FoundFile]) -> str:
    """Return a folder of code that looks as if it ran in production, for an example."""
    folders = {file.path.rpartition("/")[0] for file in files if file.language == "python"}
    ranked = ((_SERVING.index(name), folder) for folder in folders if (name := folder.rpartition("/")[2]) in _SERVING)
    return min(ranked, default=(0, "src/serving"))[1]


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8", "backslashreplace").splitlines(keepends=True)
