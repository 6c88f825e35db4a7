"""What several report formats say in the same words."""

from __future__ import annotations

from typing import Any

from xops_lint.diagnostic import Diagnostic, PlacedEdit, PlacedFix, RelatedPlace
from xops_lint.text import Place


def position(place: Place) -> str:
    """Return ``row:column``, in a notebook ``cell N:row:column``."""
    spot = f"{place.row}:{place.column}"
    return spot if place.cell is None else f"cell {place.cell}:{spot}"


def located(place: Place) -> str:
    """Return ``path:row:column``, in a notebook ``path:cell N:row:column``."""
    return f"{place.path}:{position(place)}"


def as_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return one finding as the JSON formats show it."""
    place = diagnostic.place
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "severity": diagnostic.severity,
        "confidence": diagnostic.confidence,
        "principle": diagnostic.principle,
        "ops": list(diagnostic.ops),
        "filename": place.path,
        "cell": place.cell,
        "cell_id": place.cell_id,
        **(_locations(place) if place.row else {"location": None, "end_location": None}),
        "raw_location": _raw_location(place),
        "related": [_related(related) for related in diagnostic.related],
        "fix": None if diagnostic.fix is None else _fix(diagnostic.fix),
        "url": diagnostic.url,
        "fingerprint": diagnostic.fingerprint,
        "profile": diagnostic.profile,
        "suppressed": diagnostic.suppressed is not None,
        "baseline_state": diagnostic.baseline_state,
    }


def in_file(place: Place) -> Place:
    """Return a place as a position in the file itself, for formats that know no cells.

    A range that spans rows of a notebook cell ends with its first row: the rows
    of the file below it hold JSON as well.
    """
    if place.raw_row is None or place.raw_column is None:
        return place
    width = place.end_column - place.column if place.end_row == place.row else 0
    return Place(place.path, place.raw_row, place.raw_column, place.raw_row, place.raw_column + max(width, 0))


def _locations(place: Place) -> dict[str, Any]:
    return {
        "location": {"row": place.row, "column": place.column},
        "end_location": {"row": place.end_row, "column": place.end_column},
    }


def _raw_location(place: Place) -> dict[str, int] | None:
    return None if place.raw_row is None else {"row": place.raw_row, "column": place.raw_column or 1}


def _related(related: RelatedPlace) -> dict[str, Any]:
    place = related.place
    return {"filename": place.path, "cell": place.cell, **_locations(place), "message": related.message}


def _fix(fix: PlacedFix) -> dict[str, Any]:
    return {"applicability": fix.safety.value, "message": fix.title, "edits": [_edit(edit) for edit in fix.edits]}


def _edit(edit: PlacedEdit) -> dict[str, Any]:
    data = {"content": edit.text, "cell": edit.place.cell, **_locations(edit.place)}
    if edit.deletes:
        return {**data, "deletes": "cell"}
    return {**data, "outputs": []} if edit.outputs else data
