"""A file is fetched and nothing checks that it is the right one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.locations import is_remote
from xops_lint.model import PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP322",
    name="unverified-download",
    summary="A file is fetched and nothing checks that it is the right one.",
    harm="A changed, cut-off or replaced file goes into training like the one it was meant to be.",
    remedy="Compare the file's SHA-256 with a known value, or fetch it with a tool that does.",
    ops=("dataops",),
)

FETCH = re.compile(r"(?:^|[;&|]\s*|\s)(?:wget|curl|aria2c)\b[^;&|]*?(?P<url>(?:https?|ftp)://[^\s'\"|;&)]+)")
CHECK = re.compile(r"\b(?:sha\d*sum|md5sum|shasum|cksum|b2sum|gpg|cosign|openssl\s+dgst)\b|--checksum|sha256")


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report downloads to files in a module that computes no checksum."""
    if next(file.calls("hash"), None) is not None:
        return
    for call in file.calls("download"):
        path = call.argument("path") or call.argument("uri") or call.positional(0)
        if path is None or call.argument("checksum") or not is_remote(path.value.string or ""):
            continue
        yield RULE.at(call, "fetches a file and nothing checks what arrived")


@RULE.python
def in_shell(file: PythonFile) -> Iterator[Finding]:
    """Report shell downloads in notebooks and scripts that check no sum."""
    if any(CHECK.search(shell.command) for shell in file.shell):
        return
    for shell in file.shell:
        match = FETCH.search(shell.command)
        if match and is_remote(match["url"]):
            yield RULE.at(shell, "fetches a file and nothing checks what arrived")
