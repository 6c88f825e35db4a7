"""Places data and models come from: remote or local, pinned or moving."""

from __future__ import annotations

import re

_REMOTE = re.compile(
    r"^(?:https?|ftp|s3[an]?|gs|gcs|abfss?|wasbs?|adl|az|hdfs|dbfs|oss|cos|r2|webhdfs)://", re.IGNORECASE
)
_LOOPBACK = re.compile(r"^https?://(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|host\.docker\.internal)\b")
_COMMIT = re.compile(r"^[0-9a-f]{40}(?:[0-9a-f]{24})?$")
_PINNED = re.compile(
    r"(?:^|[/@=_\-.])(?:v?\d+\.\d+(?:\.\d+)?|v\d+|[0-9a-f]{40}|[0-9a-f]{64}|(?:19|20)\d{2}[-_/.]?\d{2}(?:[-_/.]?\d{2})?)"
    r"(?:[/?#&=_\-.]|$)|releases/download/|versionId=|snapshot=|generation=|zenodo\.org/records?/|/doi/",
    re.IGNORECASE,
)
_HUB_ID = re.compile(r"^[A-Za-z0-9][\w.\-]*(?:/[A-Za-z0-9][\w.\-]*)?$")
_FILE_ENDING = re.compile(
    r"\.(?:json|ya?ml|py|txt|csv|tsv|parquet|bin|pt|pth|ckpt|h5|onnx|safetensors|pkl|model|gguf)$"
)


def is_remote(location: str) -> bool:
    """Say whether a location is a URL of another machine's file or object."""
    return bool(_REMOTE.match(location)) and not _LOOPBACK.match(location)


def is_pinned(location: str) -> bool:
    """Say whether a location names a version: a commit, a version number, a date, a release.

    Such a name may still be overwritten; it says that somebody means not to.
    """
    return bool(_PINNED.search(location))


def is_commit(revision: str) -> bool:
    """Say whether a revision is a full commit hash (SHA-1 or SHA-256)."""
    return bool(_COMMIT.match(revision))


def is_hub_id(repository: str) -> bool:
    """Say whether a string has the form of a hub's id (``owner/name`` or ``name``) and of no file."""
    return bool(_HUB_ID.match(repository)) and not _FILE_ENDING.search(repository)
