"""Whether a program makes something of the data it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xops_lint.facts import Facts
    from xops_lint.project import Project

_MAKING: Final = frozenset(
    {"train", "tune", "cross_validate", "evaluate", "drift", "explain", "preprocess", "save_model"}
)
"""Roles of calls whose results people keep."""

_HANDLING: Final = frozenset(
    {"split_data", "sample_data", "resample", "transform", "data_loader", "estimator", "log_artifact", "log_metrics"}
)
"""Roles of calls whose results are kept by programs that answer nobody."""


def makes_of_data(project: Project, entry: Facts) -> bool:
    """Say whether something stays of what a program reads.

    What only shows or sends rows makes nothing of them; what a service writes beside
    its answers does not count.
    """
    calls = [call for _, call in project.calls_reached(entry)]
    roles = frozenset[str]().union(*(call.roles for call in calls))
    handles = not roles.isdisjoint(_HANDLING) or any(call.writes for call in calls)
    return not roles.isdisjoint(_MAKING) or (handles and "serve" not in roles)
