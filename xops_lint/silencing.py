"""What settings silence at routes of configs that can hold no comment: a directive for every value there."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.config import ConfigFile
from xops_lint.directives import Cover, Directive, Span, Spot
from xops_lint.registry import Registry
from xops_lint.settings import Settings
from xops_lint.suppressions import Placed
from xops_lint.text import Range


def silenced(file: ConfigFile, settings: Settings, registry: Registry) -> Iterator[Placed]:
    """Yield the directives that the settings put on a config's values, from their keys to their ends."""
    for silence in settings.silences(file.path):
        codes = dict.fromkeys(code for selector in silence.ignore for code in sorted(registry.match(selector)))
        values = (value for route in silence.routes for root in file.documents for value in root.at(route))
        for value in values:
            start = value.key.start if value.key is not None else value.range.start
            where = Range(start, max(each.range.end for each in value.walk()))
            place = file.place(where)
            span = Span(Spot(0, place.row), Spot(0, place.end_row), columns=(place.column, place.end_column))
            covers = tuple(Cover(code, span) for code in codes)
            yield Placed(Directive(place, where, covers, silence.reason, form="route"), None)
