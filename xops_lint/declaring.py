"""Reads what a project declares to depend on, from the configs whose names say what they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from xops_lint import engine
from xops_lint.config import ConfigFile
from xops_lint.discovery import FoundFile
from xops_lint.engine import Failure
from xops_lint.examination import CODE, Job, read
from xops_lint.kinds import kind_by_name

if TYPE_CHECKING:
    from xops_lint.dependencies import Dependencies


def files(found: Iterable[FoundFile]) -> list[FoundFile]:
    """Return the configs that may declare dependencies, in order of their paths."""
    named = {file.path: file for file in found if file.language not in CODE and _may_declare(file)}
    return [named[path] for path in sorted(named)]


def dependencies(job: Job, declaring: Sequence[FoundFile]) -> Dependencies | None:
    """Read what configs declare; None if that fails."""
    from xops_lint.languages import declared

    def collected() -> Iterator[Dependencies]:
        documents = (read(job, file) for file in declaring)
        yield declared.collect(document for document in documents if isinstance(document, ConfigFile))

    made = engine.guarded(collected)
    return None if isinstance(made, Failure) else made[0]


def _may_declare(file: FoundFile) -> bool:
    """Say whether a config may declare dependencies: by its kind, or as conda environments are called."""
    name = file.path.rpartition("/")[2]
    return bool(kind_by_name(file.path, file.language)) or (
        file.language == "yaml" and ("env" in name or "conda" in name)
    )
