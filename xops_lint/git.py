"""What git knows of a folder, asked of git itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_PATIENCE_SECONDS = 60


def tracked_files(folder: Path) -> frozenset[str] | None:
    """Return the paths below a folder that git tracks, relative to it; None without git.

    The repository's own file monitor is not started: nothing of what is linted runs.
    """
    command = ["git", "-c", "core.fsmonitor=false", "ls-files", "-z"]
    # A hook's variables speak of the repository it runs in, which may be another.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        listed = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, check=True, timeout=_PATIENCE_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return frozenset(os.fsdecode(path) for path in listed.stdout.split(b"\0") if path)
