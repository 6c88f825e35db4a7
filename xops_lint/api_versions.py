"""Versions of cluster resources that their platforms serve no longer, from data/api_versions.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from xops_lint import data_files
from xops_lint.config import Removal


def removal(version: str, kind: str) -> Removal | None:
    """Return when a kind of resource was last served in a version, or None if it is."""
    kinds = _removed().get(version, {})
    return kinds.get(kind) or kinds.get("*")


@cache
def _removed() -> Mapping[str, Mapping[str, Removal]]:
    data = data_files.load("api_versions.yaml")
    return {version: {kind: Removal(**each) for kind, each in kinds.items()} for version, kinds in data.items()}
