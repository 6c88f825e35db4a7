"""On which scale predictions are: probabilities, their logarithms, or plain scores.

A layer, a model or a function puts values on a scale; what keeps values keeps it, and
whatever else is done to them makes it unknown. Of a layer, a model or a loss that is
not called yet, it is the scale of what it gives, or takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xops_lint.call import Call
from xops_lint.entry import Entry
from xops_lint.expression import Expression, changed
from xops_lint.scales import SCALES, taken

if TYPE_CHECKING:
    from xops_lint.catalog import Catalog
    from xops_lint.languages.python.functions import Functions

_ACTIVATIONS: Final = {"softmax": "probabilities", "sigmoid": "probabilities", "linear": "scores", None: "scores"}
"""What layers that are told their activation by its name give."""


_LOSSES: Final = frozenset({"categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy"})
"""Losses that are given by their names; they take probabilities."""


def after_call(call: Call, entry: Entry, value: Expression, functions: Functions) -> Expression:
    """Return the value of a call on the scale that the call puts it on."""
    if "through_forward" in entry.traits:
        return _forwarded(call, value, functions)
    if "compile" in entry.roles:
        _name_loss(call, functions.catalog)
    scale = "" if call.name in functions.classes else _scale(call, entry, functions)
    return changed(value, scale=scale) if scale else value


def _name_loss(call: Call, catalog: Catalog) -> None:
    """Note the scale that a loss takes which is given by its name, or as the function itself."""
    given = call.argument("loss")
    if given is None:
        return
    entry = catalog.lookup(given.value.name) if given.value.name else None
    named = isinstance(given.value.constant, str) and given.value.constant in _LOSSES
    if named or (entry is not None and "takes_probabilities" in entry.traits):
        given.value = changed(given.value, scale="probabilities")


def _scale(call: Call, entry: Entry, functions: Functions) -> str:
    """Return the scale of what a call gives, of a layer or a loss that it makes, or an empty string."""
    if call.takes("activation"):
        given = call.argument("activation")
        return "" if given is None and call.unpacks else _activated(given.value if given else None, functions.catalog)
    if "keeps_values" in entry.traits:
        kept = call.receiver if call.receiver is not None and not call.receiver.name else _first(call)
        return model_scale(kept, functions) if kept is not None else ""
    if "ends_in_last" in entry.traits:
        return _last(call, functions)
    if "loss" in entry.roles:
        return taken(call) if not call.takes("predictions") else ""
    return next((scale for scale in SCALES if scale in entry.traits), "")


def _first(call: Call) -> Expression | None:
    given = call.positional(0)
    return given.value if given is not None else None


def _activated(activation: Expression | None, catalog: Catalog) -> str:
    if activation is None:
        return _ACTIVATIONS[None]
    if activation.name:
        entry = catalog.lookup(activation.name)
        return next((scale for scale in SCALES if entry is not None and scale in entry.traits), "")
    known = activation.constant
    return _ACTIVATIONS.get(known, "") if known is None or isinstance(known, str) else ""


def _last(call: Call, functions: Functions) -> str:
    """Return the scale of the last of the layers that a call puts in a row."""
    if call.unpacks or not call.arguments:
        return ""
    if call.takes("predictions"):
        given = call.argument("predictions")
        return model_scale(given.value, functions) if given is not None else ""
    last = call.arguments[-1].value
    if last.elements is not None:
        return model_scale(last.elements[-1], functions) if last.elements else ""
    return model_scale(last, functions)


def model_scale(model: Expression, functions: Functions) -> str:
    """Return the scale of what a layer or model gives when it is called."""
    forward = functions.functions.get(functions.member(model.type, "forward")) if model.type else None
    if forward is None:
        return model.scale
    functions.summarise(forward, ())
    returned = forward.summary.returns
    return returned.scale if returned is not None else ""


def _forwarded(call: Call, value: Expression, functions: Functions) -> Expression:
    """Return what a model gives, with the scales of what its own `forward` returns."""
    model = call.receiver
    if model is None:
        return value
    forward = functions.functions.get(functions.member(model.type, "forward")) if model.type else None
    if forward is None:
        return changed(value, scale=model.scale) if model.scale else value
    functions.summarise(forward, call.arguments)
    returned = forward.summary.returns
    if returned is None:
        return value
    if returned.elements is None:
        return changed(value, scale=returned.scale) if returned.scale else value
    elements = tuple(changed(value, scale=element.scale) for element in returned.elements)
    return changed(value, elements=elements)
