"""Places data and models come from: remote or local, pinned or moving."""

from __future__ import annotations

import re
from typing import Final

from xops_lint.assets import asset
from xops_lint.matching import regex

_REMOTE = regex(
    r"^(?:https?|ftps?|sftp|s3[an]?|gs|gcs|abfss?|wasbs?|adl|az|hdfs|dbfs|oss|cos|r2|webhdfs|hf|lakefs)://",
    re.IGNORECASE,
)
_LOOPBACK = regex(r"^https?://(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|host\.docker\.internal)\b")
_BESIDE = regex(r"(?:(?:file:|sqlite:///)(?:\.{1,2}/)*|(?:\.{1,2}/)+|[\w-]+/)[\w-][\w./-]*\Z", re.IGNORECASE)
"""A store in a file or folder beside what uses it."""

_PLACE = regex(r"^[a-z][\w+.-]*://(?P<host>[^/?#]*)(?P<path>.*)$", re.IGNORECASE | re.DOTALL)

_COMMIT = regex(r"^[0-9a-f]{40}(?:[0-9a-f]{24})?$")
_ABBREVIATED = regex(r"^(?=[0-9a-f]*\d)[0-9a-f]{7,40}$")
_RELEASE = regex(r"^(?:[a-z]+[-_/])?v?\d+(?:\.\d+)*(?:[-.]?(?:rc|post|alpha|beta|a|b)\.?\d*)?$", re.IGNORECASE)

_REVISION = regex(
    r"^https?://(?:raw\.githubusercontent\.com/[^/]+/[^/]+/|(?:www\.)?github\.com/[^/]+/[^/]+/(?:raw|blob|archive|tree)/"
    r"|[^/]*gitlab[^/]*/.+?/-/(?:raw|blob|archive)/|bitbucket\.org/[^/]+/[^/]+/(?:raw|src|get)/"
    r"|huggingface\.co/(?:[^/]+/){1,3}(?:resolve|raw|blob)/|hf://(?:datasets/|spaces/)?[^/]+/[^/@]+@)"
    r"(?P<heads>refs/heads/)?(?:refs/tags/)?(?P<revision>[^/?#]+)(?P<path>.*)$",
    re.IGNORECASE,
)
"""Addresses of files in a repository: the revision stands in the path."""

_VERSION = regex(
    r"(?:^|[/@=_\-.])(?:v?\d+\.\d+(?:\.\d+)*|v\d+|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}"
    r"|(?:19|20)\d{2}(?:[-_/.]?(?:0[1-9]|1[0-2])(?:[-_/.]?(?:0[1-9]|[12]\d|3[01]))?)?|(?:19|20)\d{2}[-_]?q[1-4]"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[/?#&=_\-.T]|$)",
    re.IGNORECASE,
)
_PROMISE = regex(
    r"/releases/download/|versionId=|snapshot=|generation=|persistentId=|sha256=|zenodo\.org/(?:api/)?records?/"
    r"|openml\.org/data/(?:v\d+/)?(?:get_csv|download)/\d+|figshare\.com/(?:ndownloader/)?files/|/doi/|doi\.org/"
    r"|^gs://[^#]+#\d{13,}$|[?&]rev(?:ision)?=",
    re.IGNORECASE,
)
"""Addresses under which nothing changes once it is published."""

_INTERFACE = regex(r"/api/(?:rest/)?v\d+(?:\.\d+)?(?=/|$)", re.IGNORECASE)
"""The version of an interface, which says nothing of the data behind it."""

_OPEN = regex(r"\{|<\w|\$[\w(]")
"""Addresses that are put together from pieces that are not known."""

_PLACEHOLDER = regex(
    r"^\w+://[^/]*(?:\byour[-_]?|(?:account|bucket|container|workspace)[-_]?name|x{6}|example-s3-bucket|\bstorageaccount\.)",
    re.IGNORECASE,
)
"""Addresses that somebody is to fill in."""

_LATEST = regex(r"(?:^|[/_\-.=@:])(?:latest|newest)(?:[/_\-.?:]|$)", re.IGNORECASE)
_HUB_ID = regex(r"^[A-Za-z0-9][\w.\-]*(?:/[A-Za-z0-9][\w.\-]*)?$")
_FOLDERS: Final = frozenset(
    {
        "model",
        "models",
        "output",
        "outputs",
        "out",
        "result",
        "results",
        "checkpoint",
        "checkpoints",
        "ckpt",
        "ckpts",
        "data",
        "dataset",
        "datasets",
        "artifact",
        "artifacts",
        "saved_model",
        "saved_models",
        "weights",
        "pretrained",
        "tmp",
        "run",
        "runs",
        "logs",
        "local",
        "src",
        "exp",
        "experiments",
        "cache",
        "opt",
        "mnt",
        "home",
        "workspace",
        "trained_models",
        "assets",
    }
)
"""Folders that look like the owner of a repository."""

_FOLDER = regex(
    r"(?:^|[_-])(?:dir|directory|folder|path|output|outputs|out|saved|checkpoint|ckpt|results?|local|tmp)(?:$|[_-])|^models?$",
    re.IGNORECASE,
)
"""Names of folders that look like the name of a repository."""

_FILE_ENDING = regex(r"\.(?:json|ya?ml|py|txt|csv|tsv|parquet|bin|pt|pth|ckpt|h5|onnx|safetensors|pkl|model|gguf)$")
_TABLE = regex(
    r"\.(?:csv|tsv|psv|parquet|pq|feather|arrow|avro|orc|jsonl|ndjson|xlsx?|npy|npz|h5|hdf5?|mat|arff|libsvm|svm|data|nc|sas7bdat"
    r"|dta|sav|rds|tfrecords?|records?|lmdb|sqlite3?|duckdb|fasta|geojson|shp|gpkg|pt|pth|ckpt|bin|onnx|safetensors|pkl|pickle"
    r"|joblib|gguf|caffemodel|pb|tflite|keras|mar|weights|vec)(?:\.(?:gz|bz2|xz|zst|zip))?$",
    re.IGNORECASE,
)
"""Endings of files that hold rows or weights and nothing else."""

_HOLDER = regex(r"\.(?:zip|tar|tgz|tbz2|txz|gz|bz2|xz|7z|rar|zst|txt|dat|db|model|json|xml)$", re.IGNORECASE)
_HINT = regex(
    r"data|corpus|corpora|images|annotations|labels|embedding|model|weights|glove|(?<![a-z])(?:train|test|valid)",
    re.IGNORECASE,
)
"""Words that say of an archive or a text that it holds data or models."""

_PROGRAM = regex(r"\.(?:py|sh|bash|r|rmd|jl|js|ts|ipynb|ya?ml|toml|whl|deb|rpm|jar|exe|html?)$", re.IGNORECASE)

_QUERY = regex(r"\s*(?:select|with)\b.*\bfrom\s+[\w`\"\[]", re.IGNORECASE | re.DOTALL)

_QUERIED = regex(r"\b(?:from|join)\s+[`\"]?([A-Za-z_][\w.-]*)", re.IGNORECASE)

_BOUND = regex(
    r"[?{}]|[:%@]\(?[a-z_]|\$\d|\bas\s+of\b|\bbefore\b|\bsystem_(?:time|version)|\bbetween\b|\blimit\s+\d\b|\d{4}[-_]?\d{2}"
    r"|[<>]=?\s*(?:date|timestamp|')|\bread_(?:csv|parquet|json)|\b(?:information_schema|pg_catalog)\b|_v\d+\b|snapshot",
    re.IGNORECASE,
)
"""What keeps a query from reading whatever a table holds today, or hands the bound in."""

BRANCHES: Final = frozenset({"main", "master", "head", "develop", "dev", "trunk", "latest", "default"})
"""Names of revisions that move, in lower case."""


def is_remote(location: str) -> bool:
    """Say whether a location is a URL of another machine's file or object."""
    return bool(_REMOTE.match(location)) and not _LOOPBACK.match(location)


def is_here(location: str) -> bool:
    """Say whether a location is a service on this very machine, or a file relative to where programs run."""
    return bool(_LOOPBACK.match(location) or _BESIDE.match(location))


def is_pinned(location: str) -> bool:
    """Say whether a location names a version: a commit, a version number, a date, a release.

    Such a name may still be overwritten; it says that somebody means not to.
    """
    if _PROMISE.search(location):
        return True
    revision = _REVISION.match(location)
    if revision is not None:
        return _is_fixed(revision["revision"], bool(revision["heads"])) or bool(_VERSION.search(revision["path"]))
    place = _PLACE.match(location)
    host, path = (place["host"], place["path"]) if place else ("", location)
    if host.startswith("api."):
        path = re.sub(r"^/v\d+(?=/|$)", "", path)
    # Hosts and ports look like versions; a bucket or container may carry one on purpose.
    bucket = host if place and not location.lower().startswith(("http", "ftp")) else ""
    return bool(_VERSION.search(f"{bucket}{_INTERFACE.sub('/', path)}"))


def is_moving(location: str) -> bool:
    """Say whether a location says itself that what it means will change: ``latest``."""
    return bool(_LATEST.search(location))


def is_mutable(location: str) -> bool:
    """Say whether an address of data is remote and nothing in it pins what stands there.

    Of an address with unknown pieces only ``latest`` is known to move, of one that
    is to be filled in nothing; files of a model hub have revisions of their own.
    """
    if not is_remote(location) or location.lower().startswith("hf://") or _PLACEHOLDER.match(location):
        return False
    return is_moving(location) if _OPEN.search(location) else not is_pinned(location)


def key(location: str) -> str:
    """Return the name of an object within its bucket; nothing for addresses of other places."""
    place = _PLACE.match(location)
    return place["path"].lstrip("/") if place and not location.lower().startswith(("http", "ftp")) else ""


def is_commit(revision: str) -> bool:
    """Say whether a revision is a full commit hash (SHA-1 or SHA-256)."""
    return bool(_COMMIT.match(revision))


def is_branch(revision: str) -> bool:
    """Say whether a revision is one of the usual names of branches, or ``latest``."""
    return revision.lower() in BRANCHES


def is_hub_id(repository: str) -> bool:
    """Say whether a string has the form of a hub's id (``owner/name`` or ``name``) and of no file or folder."""
    if not _HUB_ID.match(repository) or _FILE_ENDING.search(repository):
        return False
    owner, slash, name = repository.partition("/")
    return owner.lower() not in _FOLDERS if slash else not _FOLDER.search(name or owner)


def is_moving_hub_address(address: str) -> bool:
    """Say whether an address is that of a hub's repository, and no revision stands in it."""
    found = asset(address)
    return found is not None and found.is_in_hub and (found.lacks_version or is_branch(found.version))


def names_data(location: str) -> bool:
    """Say whether a location ends as files of data, archives and stored models do."""
    path = re.split(r"[?#]", location, maxsplit=1)[0]
    vague = path.lower().endswith((".json", ".xml"))
    return bool(_TABLE.search(path) or (_HOLDER.search(path) and not vague)) or surely_data(location)


def surely_data(location: str) -> bool:
    """Say whether a location is that of data or models for certain: archives and texts must say so in their path."""
    path = re.split(r"[?#]", location, maxsplit=1)[0]
    return bool(
        _TABLE.search(path) or (_HOLDER.search(path) and _HINT.search(path.partition("://")[2].partition("/")[2]))
    )


def speaks_of_data(text: str) -> bool:
    """Say whether any word of a text is one that is used of data and models."""
    return _HINT.search(text) is not None


def is_program(location: str) -> bool:
    """Say whether a location ends as files of code, settings and packages do."""
    return bool(_PROGRAM.search(re.split(r"[?#]", location, maxsplit=1)[0]))


def reads_live_table(query: str) -> bool:
    """Say whether a text is a query that reads a table as it is on the day, bounded by no date or version."""
    return bool(_QUERY.match(query)) and not _BOUND.search(query)


def _is_fixed(revision: str, branch: bool) -> bool:
    if branch or is_branch(revision):
        return False
    return bool(_ABBREVIATED.match(revision) or _RELEASE.match(revision))


def known_name(path: str | None) -> str:
    """Return the last part of a path, or nothing if it is not known as a whole."""
    name = (path or "").replace("\\", "/").rpartition("/")[2]
    return "" if "{" in name else name


def tables_in(text: str) -> list[str]:
    """Return the tables that a query or a bare word names; none for paths."""
    if re.fullmatch(r"[A-Za-z_]\w*", text):
        return [text]
    query = re.match(r"\s*(?:select|with)\b", text, re.IGNORECASE)
    return sorted(set(_QUERIED.findall(text))) if query is not None else []
