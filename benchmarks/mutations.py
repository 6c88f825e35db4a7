"""Rewrite the examples of the rule pages in ways that keep their meaning, and count what is still found.

    python -m benchmarks.mutations [--rule NAME]… [--variants 100] [--seed 0]

Every Bad example in Python gives variants: each mutation alone, then chains of several drawn
with the seed. A variant agrees if it has as many findings as its example; one of a Good
example, if it has none. ``--rule`` also prints the source of each variant that does not agree.
"""

from __future__ import annotations

import argparse
import importlib
import random
import re
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.rewrites import MUTATIONS, NOTEBOOK, Draft
from xops_lint.page_tests import lint_case
from xops_lint.pages import Case, PageFile, read_page
from xops_lint.registry import load
from xops_lint.rule import Rule

_ROOT: Final = Path(__file__).parent.parent
_LONGEST_CHAIN = 4
_TRIES = 12
"""How many draws a wanted variant may cost: mutations that change nothing give none."""

_WORD: Final = re.compile(r"\w+")


@dataclass(slots=True)
class Tally:
    """What became of one rule's variants."""

    bad: int = 0
    found: int = 0
    good: int = 0
    quiet: int = 0
    lost: Counter[str] = field(default_factory=Counter)


class Variant(NamedTuple):
    """An example after a chain of mutations."""

    case: Case
    steps: tuple[str, ...]


def main() -> None:
    """Try the rules that are asked for, or all that read Python, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rule", action="append", default=[], metavar="NAME", help="try this rule and show failures")
    parser.add_argument(
        "--variants", type=int, default=100, help="how many of each rule's Bad and of its Good examples"
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    warnings.simplefilter("ignore", SyntaxWarning)
    total = Tally()
    print(_row("rule", ("variants", "found %", "good", "quiet %"), "mutations that lose it"))
    for path in sorted((_ROOT / "rules").glob("*/*.md")):
        rule: Rule = importlib.import_module(f"xops_lint.rules.{path.parent.name}.{path.stem}").RULE
        if rule.principle == "tool" or (options.rule and rule.name not in options.rule):
            continue
        tally = _tried(path, rule, options.variants, options.seed, show=bool(options.rule))
        if tally.bad:
            print(_row(rule.name, _figures(tally), _worst(tally)), flush=True)
            total = _added(total, tally)
    print(_row("all rules", _figures(total), _worst(total)))


def _tried(path: Path, rule: Rule, wanted: int, seed: int, *, show: bool) -> Tally:
    tally = Tally()
    cases = [case for case in read_page(path).cases if any(map(_is_module, case.files))]
    bad = [case for case in cases if case.section == "Bad" and any(_is_path(each.path) for each in case.expected)]
    good = [case for case in cases if case.section in ("Good", "Fixed")]
    for examples in (bad, good):
        for variant in _variants(examples, rule, wanted, random.Random(f"{seed} {rule.name} {examples is bad}")):
            with tempfile.TemporaryDirectory() as folder:
                report = lint_case(variant.case, rule, load(), Path(folder))
            count = len(report.diagnostics)
            agrees = count == len(variant.case.expected)
            if examples is bad:
                tally.bad, tally.found = tally.bad + 1, tally.found + agrees
            else:
                tally.good, tally.quiet = tally.good + 1, tally.quiet + agrees
            if not agrees:
                tally.lost.update(variant.steps)
            if show and not agrees:
                _show(variant, [f"{each.place.path}:{each.place.row} {each.message}" for each in report.diagnostics])
    return tally


def _show(variant: Variant, found: Sequence[str]) -> None:
    case = variant.case
    print(f"\n## {case.id}, {' + '.join(variant.steps)}: {len(found)} findings instead of {len(case.expected)}")
    for line in found:
        print(f"#  {line}")
    for file in case.files:
        print(f"# --- {file.path}\n{file.text}")


def _figures(tally: Tally) -> tuple[str, str, str, str]:
    found, quiet = 100 * tally.found / max(tally.bad, 1), 100 * tally.quiet / max(tally.good, 1)
    return (f"{tally.bad}", f"{found:.1f}", f"{tally.good}", f"{quiet:.1f}" if tally.good else "-")


def _worst(tally: Tally) -> str:
    return ", ".join(f"{name} {count}" for name, count in tally.lost.most_common(5))


def _row(name: str, figures: Sequence[str], rest: str) -> str:
    return f"{name:30}" + "".join(f"{figure:>10}" for figure in figures) + f"  {rest}"


def _added(one: Tally, other: Tally) -> Tally:
    counts = (one.bad + other.bad, one.found + other.found, one.good + other.good, one.quiet + other.quiet)
    return Tally(*counts, one.lost + other.lost)


def _is_module(file: PageFile) -> bool:
    return _is_path(file.path)


def _is_path(path: str) -> bool:
    return path.endswith(".py")


def _variants(cases: Sequence[Case], rule: Rule, wanted: int, chance: random.Random) -> Iterator[Variant]:
    """Yield each mutation of each case, then chains of them, none twice, as many as are wanted."""
    # Rules of projects ask whether code is a notebook: there it is another meaning.
    names = [name for name in MUTATIONS if name != NOTEBOOK or rule.python_checks]
    singles = [((name,), case) for name in names for case in cases]
    chance.shuffle(singles)
    seen = {tuple(case.files) for case in cases}
    for steps, case in (*singles, *_chains(cases, names, wanted, chance)):
        if wanted and (variant := _variant(case, steps, chance)) and tuple(variant.case.files) not in seen:
            seen.add(tuple(variant.case.files))
            wanted -= 1
            yield variant


def _chains(
    cases: Sequence[Case], names: list[str], wanted: int, chance: random.Random
) -> Iterator[tuple[tuple[str, ...], Case]]:
    for _ in range(wanted * _TRIES if cases else 0):
        steps = chance.sample(names, chance.randint(2, _LONGEST_CHAIN))
        yield tuple(sorted(steps, key=names.index)), chance.choice(cases)


def _variant(case: Case, steps: Iterable[str], chance: random.Random) -> Variant | None:
    """Return the case after mutations of all its modules, with the steps that changed something."""
    files = list(case.files)
    taken: list[str] = []
    for step in steps:
        changed = [_mutated(file, step, files, chance) for file in files]
        if changed != files:
            files, taken = changed, [*taken, step]
    return Variant(replace(case, files=files), tuple(taken)) if taken else None


def _mutated(file: PageFile, step: str, files: Sequence[PageFile], chance: random.Random) -> PageFile:
    if not _is_module(file):
        return file
    others = [other.text for other in files if other.path != file.path]
    foreign = frozenset(word for text in others for word in _WORD.findall(text))
    text = MUTATIONS[step](Draft(file.text, chance, foreign, not others))
    if text.startswith("{"):
        return file._replace(path=file.path.removesuffix(".py") + ".ipynb", text=text)
    compile(text, f"{file.path} after {step}", "exec")
    return file._replace(text=text)


if __name__ == "__main__":
    main()
