from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from tests.processes import environment, git, lint, write
from xops_lint.cache import codec, entries
from xops_lint.cache.codec import decode, encode
from xops_lint.cache.literals import Foreign, Unstorable
from xops_lint.cache.store import NAME, Store
from xops_lint.call import Argument
from xops_lint.config import Value
from xops_lint.engine import Judged
from xops_lint.entry import Entry
from xops_lint.expression import UNKNOWN, Expression
from xops_lint.facts import Facts
from xops_lint.text import Range

EXAMPLES = Path(__file__).parent.parent / "examples"

SPLIT = """from sklearn.model_selection import train_test_split

train, test = train_test_split(rows, test_size=0.2)
"""

SUPPRESSED = """from sklearn.model_selection import train_test_split

train, test = train_test_split(rows, test_size=0.2)  # xops: ignore[unseeded-split] shown to people
again = 1  # xops: ignore[unseeded-split] nothing here
left, right = train_test_split(rows)  # xops: ignore[unseeded-split] later until=2027-01-31
"""

HELPER = """import random

import numpy


def seed_all():
    random.seed(1)
    numpy.random.seed(1)
"""

USER = """import numpy
from sklearn.linear_model import SGDClassifier

from helper import seed_all

seed_all()
rows = numpy.random.rand(30, 3)
labels = numpy.random.randint(0, 2, 30)
model = SGDClassifier(random_state=1).fit(rows, labels)
"""

NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": 2,
            "id": "a",
            "metadata": {},
            "outputs": [],
            "source": ["%%writefile written.py\n", *SPLIT.splitlines(keepends=True)],
        },
        {
            "cell_type": "code",
            "execution_count": 1,
            "id": "b",
            "metadata": {},
            "outputs": [],
            "source": ["!pip install pandas\n", "import pandas\n", 'pandas.read_csv("/home/ann/rows.csv")\n'],
        },
    ],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    write(root, "split.py", SPLIT)
    write(root, "dvc.yaml", "stages:\n  train:\n    cmd: python user.py data.csv\n    deps: [data.csv]\n")
    write(root, "Dockerfile", "FROM python:latest\nCOPY . .\n")
    write(root, "suppressed.py", SUPPRESSED)
    write(root, "helper.py", HELPER)
    write(root, "user.py", USER)
    write(root, "explore.ipynb", json.dumps(NOTEBOOK))
    write(root, "requirements.txt", "numpy==1.26.0\n")
    write(root, "broken.py", "def f(:\n")
    git(root, "init", "-q")
    git(root, "add", "-A")
    return root


def report(root: Path, *arguments: str) -> str:
    """Return what is found, as JSON, and how many files were suppressed and skipped."""
    done = lint(root, "check", "--isolated", "--output-format", "json", *arguments)

    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr.splitlines()[0]


def told(root: Path, *arguments: str) -> str:
    """Return what --verbose says of the cache."""
    done = lint(root, "check", "--isolated", "--verbose", *arguments)
    return next(line for line in done.stderr.splitlines() if line.startswith("cache: "))


def uncached(root: Path, *arguments: str) -> str:
    return report(root, "--no-cache", *arguments)


def test_a_second_run_finds_the_same(project: Path):
    plain = uncached(project)

    assert [report(project), report(project), report(project, "--jobs", "1")] == [plain] * 3
    assert told(project).endswith("none of them changed")


def test_the_examples_come_out_the_same(tmp_path: Path):
    root = shutil.copytree(EXAMPLES, tmp_path / "examples", ignore=shutil.ignore_patterns(NAME, "__pycache__"))
    git(root, "init", "-q")
    git(root, "add", "-A")

    assert [report(root), report(root)] == [uncached(root)] * 2


def test_processes_and_the_cache_change_nothing(project: Path, tmp_path: Path):
    # Enough files for several processes.
    for number in range(66):
        write(project, f"many/part{number}.py", SPLIT.replace("0.2", f"0.{number}"))
    plain = uncached(project, "--jobs", "1")

    assert uncached(project, "--jobs", "2") == plain
    assert report(project, "--jobs", "2", "--cache-dir", str(tmp_path / "two")) == plain
    assert report(project, "--jobs", "1", "--cache-dir", str(tmp_path / "one")) == plain
    write(project, "many/part3.py", SPLIT)
    write(project, "user.py", "")
    assert report(project, "--cache-dir", str(tmp_path / "two")) == uncached(project)


CHANGES: dict[str, Callable[[Path], object]] = {
    "seeds": lambda root: write(root, "helper.py", "def seed_all():\n    pass\n"),
    "requirements": lambda root: write(root, "requirements.txt", "numpy\n"),
    "a file that a notebook writes": lambda root: write(root, "written.py", ""),
    "a file gone": lambda root: (root / "helper.py").unlink(),
    "a new file": lambda root: write(root, "new.py", SPLIT),
    "the same length and time": lambda root: same_time(root / "split.py", SPLIT.replace("0.2", "0.3")),
    "mended": lambda root: write(root, "broken.py", "x = 1\n"),
    "no longer read": lambda root: write(root, ".gitignore", "split.py\n"),
    "moved": lambda root: (root / "split.py").rename(root / "tests_split.py"),
    "tracked": lambda root: git(root, "rm", "-q", "--cached", "-r", "."),
}


def same_time(path: Path, text: str) -> None:
    status = path.stat()
    path.write_text(text)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("change", CHANGES)
def test_what_has_changed_is_seen(project: Path, change: str):
    report(project)
    CHANGES[change](project)

    assert report(project) == uncached(project)


def test_a_change_in_one_file_moves_a_finding_in_another(project: Path):
    before = report(project)
    write(project, "helper.py", "def seed_all():\n    pass\n")
    after = report(project)

    assert "unseeded-randomness" not in before
    assert '"name": "unseeded-randomness"' in after
    assert after == uncached(project)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--select", "XOP3"),
        ("--select", "ALL", "--preview"),
        ("--no-suppressions",),
        ("--profile", "production"),
        ("--min-severity", "error"),
        ("split.py", "user.py"),
        ("explore.ipynb",),
    ],
)
def test_other_settings_and_paths_give_other_results(project: Path, arguments: tuple[str, ...]):
    report(project)

    assert [report(project, *arguments)] * 2 == [report(project, *arguments), uncached(project, *arguments)]


def test_settings_of_files_and_rules_count(project: Path):
    write(project, "xops-lint.toml", 'extend-exclude = ["before"]\n')
    first = lint(project, "check", "--output-format", "json").stdout
    write(project, "xops-lint.toml", '[severity]\nunseeded-split = "error"\n[per-file-ignores]\n"split.py" = ["ALL"]\n')
    second = lint(project, "check", "--output-format", "json").stdout

    assert first != second == lint(project, "check", "--output-format", "json", "--no-cache").stdout


def test_a_text_from_the_standard_input_stands_in_for_the_file(project: Path):
    report(project)
    arguments = ("check", "--isolated", "--output-format", "json", "-", "--stdin-filename", "helper.py")
    done = [lint(project, *arguments, *more, stdin="import random\n") for more in ((), (), ("--no-cache",))]

    assert len({each.stdout for each in done}) == 1
    assert report(project) == uncached(project)


def test_fixes_are_seen_at_once(project: Path):
    before = report(project)
    other = shutil.copytree(project, project.parent / "other")
    mended = [
        lint(root, "check", "--isolated", "--fix", *more) for root, more in ((project, ()), (other, ("--no-cache",)))
    ]

    assert mended[0].stdout == mended[1].stdout
    assert before != report(project) == uncached(project)


def test_a_baseline_hides_what_it_holds(project: Path):
    found = [lint(project, "check"), lint(project, "check", "--write-baseline"), lint(project, "check")]
    write(project, "new.py", SPLIT)
    new = lint(project, "check", "--output-format", "json")

    assert [each.returncode for each in found] == [1, 0, 0]
    assert new.stdout == lint(project, "check", "--output-format", "json", "--no-cache").stdout
    assert {it["filename"] for it in json.loads(new.stdout) if it["baseline_state"] == "new"} == {"new.py"}


def test_a_suppression_ends_on_its_day(project: Path):
    write(project, "suppressed.py", SUPPRESSED.replace("2027-01-31", "2020-01-31"))
    first = report(project)
    write(project, "suppressed.py", SUPPRESSED.replace("2027-01-31", "2990-01-31"))

    assert first != report(project) == uncached(project)


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "random", "folders"])
def test_a_damaged_cache_is_no_cache(project: Path, damage: str):
    plain = report(project)
    chance = random.Random(damage)
    for path in (project / NAME).iterdir():
        data = bytearray(path.read_bytes())
        if damage == "cut":
            path.write_bytes(data[: len(data) // 2])
        elif damage == "flipped":
            for _ in range(9):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            path.write_bytes(data)
        elif damage == "random":
            path.write_bytes(b"xops-lint cache 1\n" + chance.randbytes(500))
        elif damage == "emptied":
            path.write_bytes(b"")
        else:
            path.unlink()
            path.mkdir()

    assert [report(project), report(project)] == [plain] * 2


def test_a_forged_entry_is_found_out(project: Path):
    plain = report(project)
    for path in (project / NAME).glob("files-*"):
        store = Store(project / NAME)
        pack = path.name[-1]
        for key in list(store._read_pack(pack)):
            store.put(pack, key, b'[[{"path":3}],[]]\n"x"')
        store.save()
    for path in (project / NAME).glob("run-*"):
        path.unlink()

    assert [report(project), report(project)] == [plain] * 2


def test_facts_of_another_type_are_found_out(project: Path):
    """Sound facts whose fields turn out to be something else when a rule asks for them."""
    plain = report(project)
    store = Store(project / NAME)
    for path in (project / NAME).glob("files-*"):
        pack = path.name[-1]
        for key, entry in store._read_pack(pack).items():
            if (kept := entries.read_facts(entry.data)) is not None and kept.facts.python:
                store.put(pack, key, bytes(entry.data).replace(b'"calls":', b'"shell":'))
    store.save()
    for path in (project / NAME).glob("run-*"):
        path.unlink()

    assert [report(project), report(project)] == [plain] * 2


def test_links_are_not_followed(project: Path, tmp_path: Path):
    target = write(tmp_path, "precious", "precious\n")
    plain = report(project)
    for path in (project / NAME).iterdir():
        path.unlink()
        path.symlink_to(target)
    assert report(project) == plain
    shutil.rmtree(project / NAME)
    (project / NAME).symlink_to(tmp_path, target_is_directory=True)

    assert report(project) == plain
    assert "it is a link" in told(project)
    assert target.read_text() == "precious\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["precious", "project"]


def test_a_folder_that_cannot_be_written_is_told_of_once(project: Path, tmp_path: Path):
    blocked = write(tmp_path, "file", "")
    plain = uncached(project)

    assert report(project, "--cache-dir", str(blocked / "below")) == plain
    assert "cannot be written: Not a directory" in told(project, "--cache-dir", str(blocked / "below"))


@pytest.mark.skipif(os.name != "posix", reason="only there can the files of a process be bounded")
def test_a_full_disk_ends_no_run(project: Path, monkeypatch: pytest.MonkeyPatch):
    import resource

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    plain = uncached(project)
    done = subprocess.run(
        [sys.executable, "-m", "xops_lint", "check", "--isolated", "--output-format", "concise", "-v"],
        cwd=project,
        env=environment({"PYTHONDONTWRITEBYTECODE": "1"}),
        capture_output=True,
        text=True,
        preexec_fn=limit,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.count("cannot be written: File too large") == 1
    assert not list((project / NAME).glob("new-*"))
    assert report(project) == plain


def test_runs_at_once_and_killed_ones_leave_a_sound_cache(project: Path):
    plain = uncached(project)
    command = [sys.executable, "-m", "xops_lint", "check", "--isolated", "--output-format", "json", "--quiet"]
    running = [
        subprocess.Popen(command, cwd=project, env=environment(), stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    killed = subprocess.Popen(command, cwd=project, env=environment(), stdout=subprocess.DEVNULL)
    time.sleep(0.8)
    killed.kill()
    killed.wait()
    outputs = {process.communicate()[0] for process in running}

    assert outputs == {plain[: len(min(outputs))]}
    assert report(project) == plain


def test_an_old_half_written_file_is_taken_away(project: Path):
    half = write(project, f"{NAME}/new-0123-files", "half")
    os.utime(half, (0, 0))
    report(project)

    assert not half.exists()


def test_the_folder_stays_out_of_git(project: Path):
    report(project)
    write(project, "again.py", "x = 1\n")

    assert NAME not in git(project, "status", "--porcelain")
    assert NAME not in lint(project, "check", "--show-files", "--no-respect-gitignore").stdout


def test_the_variable_names_the_folder(project: Path, tmp_path: Path):
    lint(project, "check", variables={"XOPS_LINT_CACHE_DIR": str(tmp_path / "kept")})
    write(project, "xops-lint.toml", 'cache-dir = "elsewhere"\n')
    lint(project, "check")
    write(project, "xops-lint.toml", "cache = false\n")
    lint(project, "check")

    assert (tmp_path / "kept" / "CACHEDIR.TAG").exists()
    assert (project / "elsewhere" / "CACHEDIR.TAG").exists()
    assert not (project / NAME).exists()


def test_the_cache_can_be_looked_at_and_cleared(project: Path):
    report(project)
    mine = write(project, f"{NAME}/mine.txt", "mine\n")
    status = json.loads(lint(project, "cache", "status", "--output-format", "json").stdout)
    cleared = lint(project, "cache", "clear")
    after = json.loads(lint(project, "cache", "status", "--output-format", "json").stdout)

    assert status["entries"] > 10
    assert (status["runs"], cleared.returncode) == (1, 0)
    assert (after["entries"], after["runs"], after["size"]) == (0, 0, 0)
    assert mine.exists()


def test_the_cache_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("xops_lint.cache.store._LARGEST", 5000)
    for day in range(100, 160):
        store = Store(tmp_path, day=day)
        store.put("0", f"{day}", b"x" * 400)
        store.save()
    kept = Store(tmp_path, day=160)._read_pack("0")

    assert (tmp_path / "files-0").stat().st_size <= 5000
    assert sorted(map(int, kept))[-1] == 159
    assert min(map(int, kept)) > 140


def test_a_day_of_changes_keeps_nothing_new_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("xops_lint.cache.store._LARGEST", 5000)
    for change in range(60):
        store = Store(tmp_path, day=100)
        store.get("0", "a file that stays")
        store.put("0", f"change {change}", b"x" * 400)
        if not change:
            store.put("0", "a file that stays", b"y" * 400)
        store.save()

    assert {"a file that stays", "change 59"} <= Store(tmp_path, day=100)._read_pack("0").keys()


def test_entries_nobody_uses_go(tmp_path: Path):
    for day, key in ((900, "of a clock that went wrong"), (100, "old"), (101, "used"), (120, "later")):
        store = Store(tmp_path, day=day)
        store.get("0", "used")
        store.put("0", key, b"x")
        store.save()
    store = Store(tmp_path, day=140)
    store.put("0", "new", b"x")
    store.save()

    assert set(Store(tmp_path)._read_pack("0")) == {"used", "later", "new"}


def test_a_second_run_loads_no_parser(project: Path):
    report(project)
    watch = (
        "import sys; from xops_lint import cli\n"
        "try: cli.main(['check', '--isolated', '-q'])\n"
        "except SystemExit: print(sorted({'libcst', 'yaml', 'nbformat', 'xops_lint.rules', 'xops_lint.engine'}"
        " & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", watch], cwd=project, capture_output=True, text=True, env=environment())

    assert done.stderr == "[]\n"


# The codec


def test_every_type_of_facts_and_findings_can_be_kept():
    encode(Facts("a.py", "python"), Facts)
    for type in (Facts, Judged):
        data = encode(Facts("a.py", "python") if type is Facts else Judged(), type)
        assert decode(data, type) == (Facts("a.py", "python") if type is Facts else Judged())
    todo, seen = [Facts, Judged], set()
    import typing

    while todo:
        wanted = todo.pop()
        todo += [each for each in typing.get_args(wanted) if each not in seen]
        if hasattr(wanted, "__dataclass_fields__") or hasattr(wanted, "_fields"):
            hints = typing.get_type_hints(wanted, localns={})
            names = getattr(wanted, "_fields", None) or [field.name for field in fields(wanted) if field.init]
            todo += [hints[name] for name in names if hints[name] not in seen]
            for name in names:
                codec.codec(hints[name])
        seen.add(wanted)

    assert {Expression, Value, Entry, Argument} <= seen


@pytest.mark.parametrize(
    "value",
    [
        *(1, -1.5, 10**30, "é\ud800", None, True, b"\0\xff", (1, ("a",)), [1], {1: (2,), "a": None}, frozenset({1})),
        *(2j, ..., UNKNOWN, float("inf"), {"tuple": 1}, {"=": 0}, [{"=": 0}], {}),
    ],
)
def test_literals_come_back_as_they_were(value: object):
    made = decode(encode(Expression(constant=value), Expression), Expression)

    assert (made.constant, type(made.constant)) == (value, type(value))


def test_what_is_shared_stays_shared():
    leaf = Value("x", "str", Range(0, 1))
    root = Value({"a": leaf, "b": Value([leaf, leaf], "list", Range(0, 1))}, "map", Range(0, 9))
    made = decode(encode(root, Value), Value)

    assert made == root
    assert made.items["a"] is made.items["b"].list[0] is made.items["b"].list[1]


def test_sharing_stays_small():
    value = Value("x", "str", Range(0, 1))
    for _ in range(60):
        value = Value([value, value], "list", Range(0, 1))

    assert len(encode(value, Value)) < 5000


def test_what_holds_itself_is_not_kept():
    value = Value([], "list", Range(0, 1))
    value.data = [value]

    with pytest.raises(Unstorable):
        encode(value, Value)


@pytest.mark.parametrize(
    "data",
    [
        "[",
        "3",
        "[]",
        "[1,[]]",
        '[["x","str",[0,1]],{}]',
        '[["x","str",[0,"1"]],[]]',
        '[["x","str",[0,true]],[]]',
        '[["x","str",[0]],[]]',
        '[["x","str"],[]]',
        '[[1,"str",[0,1]],[]]',
        '[["x","str",[0,1],null,"",9],[]]',
        '[[{"=":0}],[]]',
        '[[{"=":-1}],[["x","str",[0,1]]]]',
        '[[{"=":true}],[["x","str",[0,1]],["x","str",[0,1]]]]',
        '[[{"=":0}],[[{"=":0}]]]',
        '[[[[{"=":0}]],"list",[0,1]],[[[[{"=":0}]],"list",[0,1]]]]',
        "[" * 100_000,
        '[["x","str",[0,' + "9" * 5000 + "]],[]]",
    ],
)
def test_foreign_data_is_refused(data: str):
    with pytest.raises(Foreign):
        decode(data.encode(), Value)


def test_no_damage_gets_through_as_another_type():
    chance = random.Random(7)
    value = Value({"a": Value(["x", "y"][0], "str", Range(0, 1))}, "map", Range(0, 9), Range(1, 2), "a.b")
    sound = encode(value, Value)
    for _ in range(3000):
        data = bytearray(sound)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] = chance.choice(b'[]{}",0123456789abn:.-e')
        try:
            made = decode(bytes(data), Value)
        except Foreign:
            continue
        assert encode(made, Value)


# Where time goes


def test_timing_tells_phases_and_rules_apart_from_the_report(project: Path):
    plain = lint(project, "check", "--no-cache", "--output-format", "json", "--quiet")
    timed = lint(project, "check", "--no-cache", "--output-format", "json", "--quiet", "--timing")
    kept = lint(project, "check", "--quiet"), lint(project, "check", "--quiet", "--timing")

    assert timed.stdout == plain.stdout
    assert {"files", "project rules", "together"} <= {line[13:] for line in timed.stderr.splitlines()}
    assert "XOP302 unseeded-split" in timed.stderr
    assert "project rules" not in kept[1].stderr
    assert lint(project, "check", "--timing", "--fix").returncode == 2
