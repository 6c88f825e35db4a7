"""Languages: bytes of a file to the document that rules ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xops_lint.document import Context, Document

if TYPE_CHECKING:
    from xops_lint.catalog import Catalog
    from xops_lint.dependencies import Dependencies
    from xops_lint.helpers import Known
    from xops_lint.stretches import Stretches


def read(
    path: str,
    data: bytes,
    language: str,
    *,
    context: Context,
    dependencies: Dependencies | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    catalog_paths: Sequence[Path] = (),
    host: Document | None = None,
    stretches: Stretches | None = None,
    known: Known | None = None,
) -> Document:
    """Return the document of a file; what goes wrong is in its ``problems``.

    ``host`` is the document in which the text stands, ``stretches`` say where.
    ``known`` is what other modules of the project do for this file.
    """
    fields: dict[str, Any] = {
        "context": context,
        "dependencies": dependencies,
        "options": options or {},
        "host": host,
        "stretches": stretches,
    }
    if language == "notebook":
        from xops_lint.languages.python import read_notebook

        return read_notebook(path, data, _catalog(tuple(catalog_paths)), **fields, known=known)
    if language == "python":
        return _read_python(path, data, _catalog(tuple(catalog_paths)), fields, known)
    from xops_lint.languages.config import read_config

    return read_config(path, data, language, known.supplied if known is not None else None, **fields)


def prepare(catalog_paths: Sequence[Path] = ()) -> None:
    """Load the parser and the catalog's index, so that processes started by fork need not, each for itself."""
    import xops_lint.languages.python.nodes
    import xops_lint.languages.python.parse
    import xops_lint.languages.python.survey  # noqa: F401

    _catalog(tuple(catalog_paths))


def _read_python(path: str, data: bytes, catalog: Catalog, fields: dict[str, Any], known: Known | None) -> Document:
    from xops_lint.languages.python import read_module
    from xops_lint.languages.source import decode

    text, problem = decode(data)
    if problem is not None:
        document = Document(path, "python", text, **fields)
        document.problems.append(problem)
        return document
    return read_module(path, text, catalog, **fields, known=known)


@lru_cache(maxsize=8)
def _catalog(paths: tuple[Path, ...]) -> Catalog:
    from xops_lint.catalog import Catalog

    return Catalog(paths)
