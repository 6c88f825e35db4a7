"""Code installs packages while it runs."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.dependencies import serves_development
from xops_lint.diagnostic import Finding, Related
from xops_lint.matching import regex
from xops_lint.model import PythonFile, Range
from xops_lint.rule import Rule
from xops_lint.shell import Command

RULE = Rule(
    code="XOP605",
    name="install-in-code",
    summary="Code installs packages while it runs.",
    harm="Every run gets the versions of its day, into an environment that other code shares.",
    remedy="Declare the packages in the environment's file, and build the environment before the code runs.",
    ops=("devops",),
    exploration=True,
)

PIPELINE = ("load_data", "train", "tune", "predict", "evaluate", "step", "orchestrate", "serve", "deploy", "load_model")
"""Roles that make a module part of a pipeline; a tool's own installer may install."""

VERBS = frozenset({"install", "add", "sync", "create", "update", "upgrade", "download", "wheel", "ci"})
VALUED = frozenset(
    {"-i", "--index-url", "-f", "--find-links", "-t", "--target", "-n", "--name", "-p", "--python"}
) | frozenset({"--prefix", "--channel", "--extra-index-url", "--trusted-host", "--root", "--cache-dir"})
"""Options whose value is no package."""

BOUND = regex(r"(?<![<>!=])={1,3}(?!=)|<|~=")
"""What pins a package, or keeps the next major version out; conda and apt write one ``=``."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report, once a file, the first install; the others are related."""
    if not file.notebook and next(file.calls(*PIPELINE), None) is None:
        return
    found = sorted({where for where in installs(file) if where.end})
    if found:
        related = tuple(Related(where, "and here") for where in found[1:4])
        yield RULE.at(found[0], "installs packages while the code runs", related=related)


def installs(file: PythonFile) -> Iterator[Range]:
    """Yield the places of shell commands that install packages.

    Whoever explores may install what is pinned or declared in a file, and what
    only some hosts lack.
    """
    explores = file.context.profile == "exploration"
    for shell in file.shell:
        for command in shell.commands:
            if "install" in command.roles and not (explores and (shell.conditional or settled(command))):
                yield shell.range if len(shell.commands) == 1 else command.range


def settled(command: Command) -> bool:
    """Say whether every package that a command installs is pinned, declared or local."""
    return all(
        BOUND.search(package) or package.startswith((".", "/")) or serves_development(package)
        for package in packages(command)
    )


def packages(command: Command) -> Iterator[str]:
    """Yield what a command is asked to install: no options, files or addresses of indexes."""
    verb = next((index for index, word in enumerate(command.words) if word in VERBS), 0)
    rest = command.words[verb + 1 :]
    for before, word in zip(("", *rest), rest):
        index = before in VALUED or (before.startswith("-") and "://" in word)
        if not word.startswith("-") and word not in command.files and not index:
            yield word
