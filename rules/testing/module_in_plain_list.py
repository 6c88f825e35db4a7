"""A model keeps layers in a plain list, where its framework does not find them."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.edits import spelled
from xops_lint.model import PythonFile
from xops_lint.operations import PlainList, Shelf
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP431",
    name="module-in-plain-list",
    summary="A model keeps layers in a plain list, where its framework does not find them.",
    harm="The optimiser never sees their weights, no checkpoint holds them, and they stay behind on the processor.",
    remedy="Keep the layers in the framework's own list of modules, or in a sequence of them.",
    ops=("mlops",),
    group=Group.PREVIEW,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report, once a list, the first layer with weights that is made right there and registered nowhere."""
    layers = {call.range: call for call in file.calls("estimator")}
    reported = set[tuple[str, str]]()
    for shelf in file.shelves:
        place = (shelf.owner, shelf.attribute)
        if shelf.range in layers and shelf.range.end and place not in reported:
            reported.add(place)
            message = f"lies in the plain list `{shelf.attribute}`: its weights are neither trained, saved nor moved"
            yield RULE.at(layers[shelf.range], message, fix=registered(file, shelf))


def registered(file: PythonFile, shelf: Shelf) -> Fix | None:
    """Return the fix that makes the framework's own list of every list that the attribute is given.

    It is no safe one: checkpoints of the model as it was lack the weights that it has from then on.
    """
    keeper = spelled(file, shelf.keeper)
    if keeper is None or not shelf.lists:
        return None
    edits = tuple(Edit(plain.range, written(file, plain, keeper)) for plain in shelf.lists)
    return Fix(f"Keep them in `{keeper}`", edits, Safety.UNSAFE)


def written(file: PythonFile, plain: PlainList, keeper: str) -> str:
    """Return a list as one that the framework knows."""
    return f"{keeper}({'' if plain.empty else file.source(plain.range)})"
