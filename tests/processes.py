"""The linter and git as processes of their own, in a repository made for one test."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Timer

_OTHERS = ("XOPS_LINT_", "GIT_", "GITHUB_", "CI", "NO_COLOR", "FORCE_COLOR", "CLICOLOR")


def environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment without what would change how the linter or git work."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(_OTHERS)}
    return {**kept, **(given or {})}


def lint(
    folder: Path, *arguments: str, stdin: str | None = None, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run xops-lint in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "xops_lint", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=environment(variables),
    )


def converse(
    folder: Path, arguments: Sequence[str], answers: str, variables: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Run xops-lint in a terminal where somebody types; return the status and what the terminal showed."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "xops_lint", *arguments]
    given = environment({"TERM": "dumb", **(variables or {})})
    with subprocess.Popen(command, cwd=folder, stdin=follower, stdout=follower, stderr=follower, env=given) as process:
        os.close(follower)
        stop = Timer(60, process.kill)
        stop.start()
        os.write(leader, answers.encode())
        shown = b""
        while part := _read(leader):
            shown += part
        stop.cancel()
    os.close(leader)
    return process.wait(), shown.decode().replace("\r\n", "\n")


def _read(leader: int) -> bytes:
    """Return what a terminal shows next; nothing once the other side is closed."""
    try:
        return os.read(leader, 4096)
    except OSError:
        return b""


def git(folder: Path, *words: str, author: str = "Ann Lee", day: str = "2026-01-05") -> str:
    """Run git in a folder, as somebody, on a day."""
    moment = f"{day}T12:00:00+0000"
    variables = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    identity = ("-c", f"user.name={author}", "-c", "user.email=somebody@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True, env=environment(variables)
    )
    return done.stdout


def write(root: Path, path: str, text: str) -> Path:
    """Write a file below a folder."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(text.encode())
    return root / path
