"""Gradients are clipped while they are still scaled up for half precision."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Fix, Related, Safety
from xops_lint.insertions import NewStatement
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP433",
    name="clip-before-unscale",
    summary="Gradients are clipped while they are still scaled up for half precision.",
    harm="The limit meets gradients that are far too large and cuts nearly every step to almost nothing.",
    remedy="Call the scaler's `unscale_` with the optimiser before you clip.",
    ops=("mlops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report clipping between the scaling of a loss and the step that scales gradients back."""
    for clip in file.calls("clip_gradient"):
        scale = next((call for call in before(file, clip) if "scale_loss" in call.roles), None)
        unscaled = any("unscale_gradient" in call.roles for call in before(file, clip))
        step = next((call for call in after(file, clip) if call.entry and "unscales" in call.entry.traits), None)
        if scale is not None and step is not None and not unscaled:
            related = (Related(scale.range, "scales the loss up"), Related(step.range, "scales gradients back"))
            fix = unscaled_first(file, clip, step)
            yield RULE.at(clip, "limits gradients that are still scaled up", related=related, fix=fix)


def unscaled_first(file: PythonFile, clip: Call, step: Call) -> Fix | None:
    """Return the fix that scales gradients back before the clipping, of the optimiser whose step follows."""
    scaler, optimiser = file.source(step.callee).rpartition(".")[0], step.positional(0)
    if not scaler or optimiser is None or clip.cell != step.cell:
        return None
    line = NewStatement(clip.range, f"{scaler}.unscale_({file.source(optimiser.range)})")
    return Fix("Scale the gradients back first", (line,), Safety.UNSAFE)


def before(file: PythonFile, clip: Call) -> Iterator[Call]:
    """Yield the calls of the same function that come before the clipping."""
    return (call for call in file.calls_with_roles() if call.scope == clip.scope and call.index < clip.index)


def after(file: PythonFile, clip: Call) -> Iterator[Call]:
    """Yield the calls of the same function that come after the clipping."""
    return (call for call in file.calls_with_roles() if call.scope == clip.scope and call.index > clip.index)
