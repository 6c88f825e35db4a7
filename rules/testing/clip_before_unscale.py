"""Gradients are clipped while they are still scaled up for half precision."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
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
            yield RULE.at(clip, "limits gradients that are still scaled up", related=related)


def before(file: PythonFile, clip: Call) -> Iterator[Call]:
    """Yield the calls of the same function that come before the clipping."""
    return (call for call in file.calls_with_roles() if call.scope == clip.scope and call.index < clip.index)


def after(file: PythonFile, clip: Call) -> Iterator[Call]:
    """Yield the calls of the same function that come after the clipping."""
    return (call for call in file.calls_with_roles() if call.scope == clip.scope and call.index > clip.index)
