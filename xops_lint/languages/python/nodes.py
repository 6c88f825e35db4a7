"""libcst, imported so that its nodes are cheap to define and to make.

A frozen dataclass sets each field by a call, a tenth of the parser's time, and writes
five functions for each class where one will do, a third of the import. So while libcst
is imported its classes are plain; nobody changes a node here. What has imported libcst
before gets it as it is.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def _plain_dataclasses() -> Iterator[None]:
    """Let no dataclass be frozen, or get functions that nodes replace by their own, meanwhile."""
    define = dataclasses.dataclass
    defined: list[Any] = []

    def plain(cls: type | None = None, /, **options: Any) -> Any:
        if cls is None:
            return lambda cls: plain(cls, **options)
        made: Any = define(cls, **{**options, "frozen": False, "repr": False, "eq": False})
        if options.get("frozen"):
            defined.append(made)
        return made

    dataclasses.dataclass = plain
    try:
        yield
    finally:
        dataclasses.dataclass = define
        for kind in defined:
            # A class that is derived from these may say that it is frozen.
            kind.__dataclass_params__.frozen = True


if "libcst" not in sys.modules:
    with _plain_dataclasses():
        import libcst
else:
    import libcst

__all__ = ["libcst"]
