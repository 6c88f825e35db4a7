"""Puts new content in a file's place in one step."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that nobody sees half of it; raises OSError where that cannot be done.

    A link stays a link; mode and, where that is allowed, owner of a file that is there stay.
    """
    target = Path(os.path.realpath(path))
    status = target.stat() if target.exists() else None
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        os.chmod(temporary, status.st_mode & 0o7777 if status is not None else 0o666 & ~_umask())
        if status is not None and hasattr(os, "chown"):
            with suppress(OSError):
                os.chown(temporary, status.st_uid, status.st_gid)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
