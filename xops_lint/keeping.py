"""What calls that keep models are given."""

from __future__ import annotations

from xops_lint.call import Argument, Call
from xops_lint.facts import Facts


def keeps_trained(file: Facts, save: Call) -> bool:
    """Say whether what is saved has been trained, as far as this file shows."""
    kept = save.argument("model")
    values = [kept.value] if kept else [argument.value for argument in save.arguments]
    if save.receiver is not None:
        values.append(save.receiver)
    return any(next(file.sources(value, "train"), None) is not None for value in values)


def destination(file: Facts, save: Call) -> Argument | None:
    """Return the path that something is saved under: the call's own, or that of the file opened for it."""
    path = save.argument("path")
    if path is None or path.value.string is not None:
        return path
    opened = next(file.sources(path.value, "open_file"), None)
    return opened.argument("path") if opened is not None else None
