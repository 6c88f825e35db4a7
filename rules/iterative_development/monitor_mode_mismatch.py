"""A search or callback looks for the wrong end of the metric it watches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from xops_lint.config import ConfigFile, Value
from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.matching import regex
from xops_lint.model import Argument, PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP228",
    name="monitor-mode-mismatch",
    summary="A search or callback looks for the wrong end of the metric it watches.",
    harm="The worst model is kept as the best one, or training stops as soon as it gets better.",
    remedy="Let losses and errors fall, and scores rise.",
    ops=("mlops",),
    severity=Severity.ERROR,
    exploration=True,
)

RISING = frozenset(
    {
        *("acc", "accuracy", "top1", "top5", "auc", "auroc", "auprc", "roc", "f1", "fscore", "precision", "recall"),
        *("sensitivity", "specificity", "iou", "miou", "jaccard", "dice", "map", "map50", "ndcg"),
        *("mrr", "kappa", "mcc", "bleu", "rouge", "rouge1", "rouge2", "meteor", "psnr", "ssim", "r2", "reward"),
    }
)
FALLING = frozenset(
    {
        *("loss", "logloss", "error", "err", "mse", "rmse", "mae", "mape", "smape", "msle", "rmsle", "deviance"),
        *("perplexity", "ppl", "wer", "cer", "brier", "fid"),
    }
)
TURNED = frozenset({"neg", "negative", "negated", "minus", "inverse", "inverted", "gain", "reduction", "improvement"})
"""Words that turn a metric's direction round, or leave it open."""

HEIGHTS = {"max": "high", "min": "low"}
_WORD = regex(r"[A-Z]?[a-z]+\d*|[A-Z]+\d*(?![a-z])")


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report calls whose objective has a name that says the contrary of their goal."""
    for call in file.calls():
        objective = call.argument("objective")
        if objective is None or not isinstance(objective.value.constant, str):
            continue
        given, wanted = call.argument("goal"), better(objective.value.constant)
        goal = direction(call.value("goal"), given)
        if wanted and goal and goal != wanted:
            if given is not None:
                yield RULE.at(given, wrong(objective.value.constant, wanted), fix=turned(file, given))
                continue
            default = f"`{call.spelling('goal')}` is `{call.value('goal')}` by default"
            yield RULE.at(objective, f"is best when it is {HEIGHTS[wanted]}, but {default}")


@RULE.config()
def check_config(file: ConfigFile) -> Iterator[Finding]:
    """Report searches in configs whose objective has a name that says the contrary of their goal."""
    for document in file.documents:
        objective = next(file.values("objective", document), None)
        for goal in file.values("goal", document):
            wanted = better(objective.text) if objective and not objective.templated else ""
            if objective and wanted and end_of(goal.text) not in ("", wanted):
                yield RULE.at(goal, wrong(objective.text, wanted), fix=turned(file, goal))


def wrong(objective: str, wanted: str) -> str:
    """Say what stands against what."""
    return f"is the wrong goal: `{objective}` is best when it is {HEIGHTS[wanted]}"


def better(metric: str) -> str:
    """Return the end at which a metric of this name is best: ``max``, ``min``, or nothing if that is open."""
    words = {word.lower() for word in _WORD.findall(metric)}
    rises, falls = not words.isdisjoint(RISING), not words.isdisjoint(FALLING)
    known = rises != falls and words.isdisjoint(TURNED)
    return ("max" if rises else "min") if known else ""


def direction(goal: Any, given: Argument | None) -> str:
    """Return the end that a goal asks for; a truth value answers whether more is better."""
    if isinstance(goal, bool):
        return "max" if goal else "min"
    if given is not None and given.value.name:
        return end_of(given.value.name.rpartition(".")[2])
    return end_of(goal) if isinstance(goal, str) else ""


def end_of(goal: str) -> str:
    """Return the end that a goal's word means."""
    return next((end for end in ("max", "min") if goal.lower().startswith(end)), "")


def turned(file: PythonFile | ConfigFile, goal: Argument | Value) -> Fix | None:
    """Return the edit that asks for the other end, if the goal is written out."""
    text = file.source(goal.range)
    for ends in (("max", "min"), ("Max", "Min"), ("MAX", "MIN"), ("True", "False")):
        for end, other in (ends, ends[::-1]):
            if re.fullmatch(rf"[\"']?(\w+\.)*{end}(imi[sz]e|IMI[SZ]E)?[\"']?", text):
                return Fix("Ask for the other end", (Edit(goal.range, text.replace(end, other)),), Safety.UNSAFE)
    return None
