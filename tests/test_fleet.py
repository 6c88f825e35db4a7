"""``xops-lint fleet`` on real repositories of its own, by processes and by a real cluster that loses a worker."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import environment, git, lint, write
from xops_lint import fleet
from xops_lint.fleet import Order, Repository

SPLIT = """from sklearn.model_selection import train_test_split

train, test = train_test_split(rows, test_size=0.2)
"""
LINES = "".join(f"value_{number} = train_test_split(rows, test_size={number})\n" for number in range(20))


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    for number in range(8):
        root = tmp_path / "code" / f"team-{number}"
        write(root, "train.py", SPLIT + LINES * number)
        git(root, "init", "-q")
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "all")
    paths = "\n".join(f"code/team-{number}" for number in range(7))
    address = (tmp_path / "code" / "team-7").as_uri()
    return write(tmp_path, "repos.txt", f"# all teams\n{paths}  # the last path\n\n{address}\n")


def reports(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_every_repository_has_a_report_and_all_have_one(listed: Path):
    done = lint(listed.parent, "fleet", "repos.txt", "-o", "out", "--jobs", "2")

    assert (done.returncode, done.stdout) == (0, "")
    assert sum("/8 team-" in line for line in done.stderr.splitlines()) == 8
    found = reports(listed.parent / "out")
    assert len(found) == 10
    own = lint(listed.parent / "code" / "team-3", "check", "--isolated", "--no-cache", "--output-format", "json")
    cloned = lint(listed.parent / "code" / "team-7", "check", "--isolated", "--no-cache", "--output-format", "json")
    assert found["repositories/team-3.json"] == own.stdout
    assert found["repositories/team-7.json"] == cloned.stdout
    whole = json.loads(found["fleet.json"])
    assert [each["name"] for each in whole["repositories"]] == [f"team-{number}" for number in range(8)]
    split = next(each for each in whole["rules"] if each["code"] == "XOP302")
    assert (split["repositories"], split["findings"]) == (8, 8 + 20 * sum(range(8)))
    assert '<a href="repositories/team-7.json">team-7</a>' in found["fleet.html"]


def test_what_cannot_be_read_is_told_and_hinders_nothing(listed: Path):
    listed.write_text(f"missing\ncode/team-0\n{(listed.parent / 'none').as_uri()}\n")

    done = lint(listed.parent, "fleet", "repos.txt", "-o", "out", "--jobs", "1")

    assert done.returncode == 2
    missing, read, none = json.loads((listed.parent / "out" / "fleet.json").read_text())["repositories"]
    assert missing["error"].endswith("missing: no such folder")
    assert read["error"] is None
    assert "cannot be cloned" in none["error"]


def test_no_repository_changes_how_it_is_judged_unless_that_is_asked_for(listed: Path):
    write(listed.parent, "code/team-0/xops-lint.toml", 'ignore = ["XOP302"]\n')
    write(listed.parent, "ours.toml", 'select = ["XOP302"]\n')
    listed.write_text("code/team-0\n")
    codes = {}
    for name, given in {"plain": (), "own": ("--own-settings",), "ours": ("--config", "ours.toml")}.items():
        lint(listed.parent, "fleet", "repos.txt", "-o", name, "--quiet", *given)
        found = json.loads((listed.parent / name / "repositories" / "team-0.json").read_text())
        codes[name] = {each["code"] for each in found}

    assert "XOP302" in codes["plain"]
    assert codes["own"] == codes["plain"] - {"XOP302"}
    assert codes["ours"] == {"XOP302"}


def test_any_executor_will_do(listed: Path):
    repositories = fleet.listed(listed.read_text(), listed.parent)

    def threads() -> Executor:
        return ThreadPoolExecutor(2)

    found = fleet.run(repositories, Order(), threads, lambda outcome: None)

    assert [each.repository for each in found] == repositories
    assert all(each.findings and not each.error for each in found)


def test_names_are_told_apart(tmp_path: Path):
    text = "a/model\nb/model/\nhttps://example.org/c/model.git\ngit@example.org:d/other.git#\n../x  # note\n"

    found = fleet.listed(text, tmp_path / "here")

    assert [each.name for each in found] == ["model", "model-2", "model-3", "other.git-", "x"]
    assert found[2] == Repository("model-3", "https://example.org/c/model.git")
    assert found[4].place == str(tmp_path / "x")


def test_a_missing_library_and_a_missing_scheduler_are_named(listed: Path):
    script = "import sys; sys.modules['distributed'] = None; from xops_lint.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", script, "fleet", "repos.txt", "--cluster", "tcp://localhost:1"]

    done = subprocess.run(command, cwd=listed.parent, capture_output=True, text=True, check=False, env=environment())

    assert done.returncode == 2
    assert 'needs a library that is not installed: pip install "xops-lint[cluster]"' in done.stderr


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and workers, each a process of its own; give the address and the workers."""
    started: list[subprocess.Popen[bytes]] = []
    about = folder / "scheduler.json"
    log = (folder / "cluster.log").open("wb")

    def start(*words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", *words, "--scheduler-file", str(about)]
        started.append(subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=environment()))
        return started[-1]

    try:
        start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        wait(about.exists)
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder / "scratch"))
        running = [start("distributed.cli.dask_worker", *options, "--name", f"w{each}") for each in range(workers)]
        wait(lambda: (folder / "cluster.log").read_text().count("Registered to:") >= workers)
        yield json.loads(about.read_text())["address"], running
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        log.close()


def wait(ready, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "the cluster did not start"
        time.sleep(0.1)


def test_a_cluster_that_loses_a_worker_loses_nothing(listed: Path):
    pytest.importorskip("distributed")
    folder = listed.parent
    lint(folder, "fleet", "repos.txt", "-o", "alone", "--jobs", "1")

    with cluster(folder, 3) as (address, workers):
        command = [sys.executable, "-m", "xops_lint", "fleet", "repos.txt", "-o", "together", "--cluster", address]
        with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, env=environment()) as running:
            first = running.stderr.readline()
            os.kill(workers[0].pid, signal.SIGKILL)
            rest = running.stderr.read()
        assert workers[0].wait() == -signal.SIGKILL

    assert running.returncode == 0, first + rest
    assert "/8 team-" in first
    assert "8/8 team-" in rest
    assert reports(folder / "together") == reports(folder / "alone")
