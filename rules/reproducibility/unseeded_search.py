"""A search for hyper-parameters draws at random and nothing seeds it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.edits import seeded
from xops_lint.model import ConfigFile, Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP307",
    name="unseeded-search",
    summary="A search for hyper-parameters draws at random and nothing seeds it.",
    harm="The next search tries other candidates, so its best one cannot be found again.",
    remedy="Pass a seed to the search or to its sampler.",
    ops=("mlops",),
    exploration=True,
)


RANDOM = ("random", "tpe", "multivariate-tpe", "bayesianoptimization", "cmaes")
"""Algorithms of services that draw and take a seed, as configs spell them."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report searches and samplers that no seed pins."""
    for file, call in project.shown.left_to_chance("tune"):
        seed = call.argument("seed")
        spelling = call.spelling("seed")
        fix = seeded(file, call)
        if seed is None:
            message = f"searches at random and no `{spelling}` pins it"
            yield RULE.at(call, message, path=file.path, fix=fix)
        else:
            yield RULE.at(seed, f"`{spelling}=None` leaves the search to chance", path=file.path, fix=fix)


@RULE.config()
def check_config(file: ConfigFile) -> Iterator[Finding]:
    """Report searches that a config declares without a seed."""
    for document in file.documents:
        if next(file.values("seed", document), None) is None:
            for algorithm in file.values("search_algorithm", document):
                if algorithm.text in RANDOM:
                    yield RULE.at(algorithm, "searches at random and no seed pins it")
