"""Which calls write to a log that people read later, and which to the terminal alone."""

from __future__ import annotations

import re
from typing import Final

from xops_lint.call import Call
from xops_lint.code import PythonFile
from xops_lint.matching import regex

_LEVELS: Final = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "success"})
"""Methods of loggers, whatever library they come from."""

_SPEAKS_OF_LOGS: Final = regex(r"(?:^|_)log(?:s|ger|ging)?(?:_|\Z)|(?<=[a-z])Log(?:ger|ging)?\b", re.IGNORECASE)
"""A word for logs in the name of a function or method of no known tool."""


def prints(call: Call) -> bool:
    """Say whether a call writes a line to the terminal."""
    return call.entry is not None and {"write_log"} <= call.roles and "terminal" in call.entry.traits


def keeps_log(file: PythonFile) -> bool:
    """Say whether a module may write to a log, by whatever logger, or makes one of what it prints."""
    return any(map(_logs, file.all_calls))


def _logs(call: Call) -> bool:
    if call.entry is None:
        word = call.method or call.name.rpartition(".")[2]
        return word in _LEVELS or _SPEAKS_OF_LOGS.search(word) is not None
    return ("write_log" in call.roles and not prints(call)) or call.value("printed") is True
