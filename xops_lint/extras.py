"""Libraries that few need, and that are installed as extras: what is missing is said in words."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Final

from xops_lint.exceptions import ExtraError

FORMATS: Final[Mapping[str, str]] = {"openlineage": "openlineage.client", "cyclonedx": "cyclonedx"}
"""The formats of ``lineage`` that a library writes, each with its module."""


def require(wish: str, extra: str, module: str) -> None:
    """Raise ExtraError if a module is not installed that a wish needs."""
    try:
        found = find_spec(module)
    except ModuleNotFoundError:
        found = None
    if found is None:
        raise ExtraError(f'{wish} needs a library that is not installed: pip install "xops-lint[{extra}]"')
