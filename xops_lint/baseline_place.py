"""Where a project's baseline lies."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from xops_lint.exceptions import BaselineError
from xops_lint.settings import Settings
from xops_lint.settings_file import display

NAME: Final = ".xops-lint-baseline.json"
"""What the file is called unless the settings say otherwise."""


def place(settings: Settings, *, isolated: bool = False) -> Path | None:
    """Return the file of the baseline that is in use: the one of the settings, or one of the usual name."""
    if settings.baseline is not None:
        if not settings.baseline.is_file():
            missing = f"{display(settings.baseline)}: no such baseline; `xops-lint baseline create` writes one"
            raise BaselineError(f"{settings.source_of('baseline')}: {missing}")
        return settings.baseline
    usual = default_place(settings)
    return usual if usual.is_file() and not isolated else None


def default_place(settings: Settings) -> Path:
    """Return where a baseline is written if the settings say nothing else."""
    return settings.baseline or settings.root / NAME
