"""How output reaches a person: colours, where text goes, and a bar while they wait."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from xops_lint.exceptions import PathError

_BAR_WIDTH = 24
_PATIENCE_SECONDS = 1.0
_REDRAW_SECONDS = 0.1


def colors(choice: str, stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Say whether to colour a stream: by option, then NO_COLOR and FORCE_COLOR, then terminal."""
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR"):
        return False
    if any(environment.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return stream.isatty() and environment.get("TERM") != "dumb"


@contextmanager
def output(path: Path | None = None) -> Iterator[TextIO]:
    """Open a file, or the standard output, for UTF-8 text; a reader who left early is no error."""
    if path is not None:
        with _created(path) as file:
            yield file
        return
    try:
        # Names of files may hold bytes that are no text; they must not break a report.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more when it ends; give it something that can be flushed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """Tell the person something beside the report: on the standard error stream."""
    sys.stderr.write(text.encode("utf-8", "backslashreplace").decode() + "\n")


class Progress:
    """A bar on a terminal, drawn when work lasts longer than a second."""

    def __init__(self, stream: TextIO, *, shown: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.stream = stream
        self.shown = shown and stream.isatty()
        self.clock = clock
        self.next_draw = clock() + _PATIENCE_SECONDS
        self.width = 0

    def __call__(self, done: int, total: int) -> None:
        """Show how much of the work is done."""
        if not self.shown or self.clock() < self.next_draw:
            return
        self.next_draw = self.clock() + _REDRAW_SECONDS
        filled = _BAR_WIDTH * done // max(total, 1)
        line = f"checking [{'#' * filled}{'.' * (_BAR_WIDTH - filled)}] {done}/{total} files"
        self.width = max(self.width, len(line))
        self.stream.write(f"\r{line}")
        self.stream.flush()

    def clear(self) -> None:
        """Take the bar away."""
        if self.width:
            self.stream.write(f"\r{' ' * self.width}\r")
            self.stream.flush()


def _created(path: Path) -> TextIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise PathError(f"{path}: cannot be written: {error.strerror}") from error
