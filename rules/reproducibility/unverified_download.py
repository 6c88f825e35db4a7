"""A file is fetched and nothing checks that it is the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xops_lint.diagnostic import Finding
from xops_lint.locations import is_mutable, is_program, names_data, speaks_of_data, surely_data
from xops_lint.matching import regex
from xops_lint.model import Call, ConfigFile, PythonFile
from xops_lint.rule import Rule
from xops_lint.shell import Command

RULE = Rule(
    code="XOP322",
    name="unverified-download",
    summary="A file is fetched and nothing checks that it is the right one.",
    harm="A changed, cut-off or replaced file goes into training like the one it was meant to be.",
    remedy="Compare the file's SHA-256 with a known value, or fetch it with a tool that does.",
    ops=("dataops",),
    exploration=True,
)

MESSAGE = "fetches a file and nothing checks what arrived"

MADE = regex(r"/(?:outputs?|results?|predictions|transform)/|/archive/(?:refs/heads/)?[\w.-]+\.(?:zip|tar\.gz)$")
"""Addresses of what a job has made, and of somebody's source code."""

WRITING = frozenset({"write", "writelines", "write_bytes", "write_text", "copyfileobj"})
"""Methods that put what was fetched on disk."""


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report downloads of data and models to files, by calls and by the shell, if nothing is compared."""
    explores = file.context.profile == "exploration" and next(file.calls("train", "tune"), None) is None
    if explores or next(file.calls("hash"), None) is not None:
        return
    if any("hash" in command.roles for shell in file.shell for command in shell.commands):
        return
    for call in file.calls("download"):
        if unverified(file, call):
            yield RULE.at(call, MESSAGE)
    for shell in file.shell:
        for command in shell.commands:
            if any(fetches_data(address) for address in command.fetched) and not compares(command):
                yield RULE.at(shell if len(shell.commands) == 1 else command, MESSAGE)


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report downloads in commands of configs, except by stages whose outputs a lock file holds."""
    if any("hash" in command.roles for command in file.commands):
        return
    declared = {output.route for output in file.values("output")}
    for command in file.commands:
        stage = command.route.rpartition(".")[0]
        if stage and any(route.startswith(f"{stage}.") for route in declared):
            continue
        spoken = speaks_of_data(command.text)
        for address in command.fetched:
            # What a bucket holds nobody sees: a pipeline's config may fetch anything out of one.
            web = address.lower().startswith(("http", "ftp"))
            if fetches_data(address, surely_data) and (web or spoken) and not compares(command):
                yield RULE.at(command, MESSAGE)
                break
    for value in file.values("input") if file.language == "dockerfile" else ():
        line = file.lines.line(file.lines.position(value.range.start)[0])
        if fetches_data(value.text, surely_data) and "--checksum" not in line:
            yield RULE.at(value, "is fetched and nothing checks what arrived")


def unverified(file: PythonFile, call: Call) -> bool:
    """Say whether a call fetches data from an address that is known and puts it on disk unchecked."""
    address = call.argument("path") or call.argument("uri")
    if address is None or call.argument("checksum") is not None or call.argument("version") is not None:
        return False
    if call.entry is None or not fetches_data(address.value.string or ""):
        return False
    if "load_data" in call.roles or "response" not in call.entry.traits:
        return "load_data" not in call.roles
    return any(call.index in other.data for other in file.all_calls if other.method in WRITING)


def fetches_data(address: str, holds_data: Callable[[str], bool] = names_data) -> bool:
    """Say whether an address is that of data, an archive or a model, and may give another one tomorrow."""
    if not is_mutable(address) or is_program(address) or MADE.search(address):
        return False
    return holds_data(address) or not address.lower().startswith(("http", "ftp"))


def compares(command: Command) -> bool:
    """Say whether a command checks by itself what it fetches."""
    return any("checksum" in word for word in command.words)
