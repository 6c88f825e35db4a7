"""Fixes that name versions: where these come from, and that nobody is asked for them without being allowed to."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from threading import Thread

import pytest
from processes import git, lint, write

COMMIT = "4f2c7d1e9b8a6c5d3e2f1a0b9c8d7e6f5a4b3c2d"
GITHUB = "https://github.com/"
WORKFLOW = """on: push
jobs:
  test:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: acme/churn@dev
"""
REQUIREMENTS = """\
click
PyYAML[fast] >= 1 ; python_version > "3"
# by hand
nobody-has-this
"""


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """Variables of a machine whose home is empty."""
    places = ("UV_CACHE_DIR", "PIP_CACHE_DIR", "POETRY_CACHE_DIR", "CONDA_PKGS_DIRS", "HF_HOME")
    unset = dict.fromkeys(("VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_EXE", "HF_HUB_CACHE", "HF_ENDPOINT"), "")
    return {**unset, **{name: str(tmp_path / "home" / name) for name in places}}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    git(root, "init", "-q")
    return root


def mended(project: Path, machine: dict[str, str], *arguments: str) -> str:
    """Mend the whole project twice, which must change nothing the second time; return what was told."""
    command = ("check", "--fix", "--unsafe-fixes", "--no-cache", *arguments)
    told = lint(project, *command, variables=machine)
    after = contents(project)
    lint(project, *command, variables=machine)

    assert told.returncode in (0, 1), told.stderr
    assert contents(project) == after
    return told.stdout + told.stderr


def contents(project: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in project.rglob("*") if path.is_file() and ".git" not in path.parts}


def test_versions_are_those_of_the_active_environment(project: Path, machine: dict[str, str]):
    requirements = write(project, "requirements.txt", REQUIREMENTS)

    mended(project, {**machine, "VIRTUAL_ENV": sys.prefix}, "--profile=production")

    assert requirements.read_text() == REQUIREMENTS.replace("click", f"click=={version('click')}").replace(
        "[fast] >= 1", f"[fast]=={version('PyYAML')}"
    )


def test_a_hook_does_not_take_its_own_environment_for_the_project_s(project: Path, machine: dict[str, str]):
    requirements = write(project, "requirements.txt", REQUIREMENTS)

    mended(project, {**machine, "VIRTUAL_ENV": sys.prefix, "PRE_COMMIT": "1"})

    assert requirements.read_text() == REQUIREMENTS


def test_every_notation_keeps_its_own_way_to_pin(project: Path, machine: dict[str, str]):
    write(project, ".venv/pyvenv.cfg", "version = 3.11.9\n")
    for name in ("numpy-2.1.0", "torch-2.4.1+cu121", "local-0.1"):
        write(project, f".venv/lib/python3.11/site-packages/{name}.dist-info/METADATA", "")
    write(project, ".venv/lib/python3.11/site-packages/local-0.1.dist-info/direct_url.json", '{"url": "file:///x"}')
    given = {
        "environment.yml": "dependencies:\n- python\n- conda-forge::numpy\n- pip: ['torch', local]\n",
        "Pipfile": '[packages]\nnumpy = "*"\ntorch = {version = "*", extras = ["x"]}\n',
        "pyproject.toml": '[project]\nname = "app"\nversion = "1"\ndependencies = ["numpy", \'torch\']\n',
        "Dockerfile": "FROM python:3.11.9-slim\nRUN pip install -q numpy torch && echo numpy\n",
    }
    files = {path: write(project, path, text) for path, text in given.items()}

    told = mended(project, machine)

    assert "as in `.venv`" not in told  # Everything that is known is mended, and told of no more.
    assert {path: file.read_text() for path, file in files.items()} == {
        "environment.yml": "dependencies:\n- python=3.11\n- conda-forge::numpy=2.1.0\n- pip: ['torch==2.4.1', local]\n",
        "Pipfile": '[packages]\nnumpy = "==2.1.0"\ntorch = {version = "==2.4.1", extras = ["x"]}\n',
        "pyproject.toml": '[project]\nname = "app"\nversion = "1"\ndependencies = ["numpy==2.1.0", \'torch==2.4.1\']\n',
        "Dockerfile": "FROM python:3.11.9-slim\nRUN pip install -q numpy==2.1.0 torch==2.4.1 && echo numpy\n",
    }


def test_caches_tell_what_no_environment_does(project: Path, machine: dict[str, str]):
    home = Path(machine["UV_CACHE_DIR"]).parent
    for number in ("1.26.4", "2.1.0", "2.2.0rc1"):
        write(home, f"UV_CACHE_DIR/wheels-v8/pypi/numpy/{number}-cp311-cp311-manylinux_2_28_x86_64.http", "")
    write(home, "PIP_CACHE_DIR/wheels/1a/97/antlr4_python3_runtime-4.9.3-py3-none-any.whl", "")
    write(home, "HF_HOME/hub/models--acme--churn/refs/main", COMMIT)
    write(home, "HF_HOME/hub/datasets--acme--rows/refs/main", COMMIT)
    requirements = write(project, "requirements.txt", "numpy\nantlr4-python3-runtime\n")
    code = """from datasets import load_dataset
from transformers import AutoModel, Trainer
rows = load_dataset("acme/rows", revision="main")
model = AutoModel.from_pretrained("acme/churn")
other = AutoModel.from_pretrained("acme/never-seen")
"""
    module = write(project, "train.py", code)

    told = mended(project, machine)

    assert requirements.read_text() == "numpy==2.1.0\nantlr4-python3-runtime==4.9.3\n"
    expected = code.replace('"main"', f'"{COMMIT}"').replace('"acme/churn"', f'"acme/churn", revision="{COMMIT}"')
    assert module.read_text() == expected
    assert "train.py:5" in told


def test_a_lock_file_elsewhere_in_the_project_comes_first(project: Path, machine: dict[str, str]):
    write(project, "app/poetry.lock", '[[package]]\nname = "click"\nversion = "8.0.4"\n')
    requirements = write(project, "requirements.txt", "click\n")

    mended(project, {**machine, "VIRTUAL_ENV": sys.prefix})

    assert requirements.read_text() == "click==8.0.4\n"


def test_a_report_that_was_kept_names_the_versions_of_now(project: Path, machine: dict[str, str]):
    write(project, "requirements.txt", "click\n")
    for variables, offered in ((machine, False), ({**machine, "VIRTUAL_ENV": sys.prefix}, True), (machine, False)):
        done = lint(project, "check", "--output-format=json", variables=variables)

        [found] = [each for each in json.loads(done.stdout) if each["name"] == "unpinned-requirement"]
        assert bool(found["fix"]) == offered


class Index(BaseHTTPRequestHandler):
    """A package index in the notation of PEP 691."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        files = [{"filename": "thing-3.0.tar.gz", "yanked": "broken"}, {"filename": "thing-2.1-py3-none-any.whl"}]
        body = json.dumps({"versions": ["1.9", "2.1", "3.0", "4.0a1"], "files": files}).encode()
        found = self.path == "/simple/thing/"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(body if found else b"")

    def log_message(self, format: str, *words: object) -> None:
        """Keep the terminal free."""


@pytest.fixture
def index() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), type("_Index", (Index,), {"asked": asked})) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple", asked
        server.shutdown()


def test_the_network_is_asked_only_if_it_may_be(
    project: Path, machine: dict[str, str], index: tuple[str, list[str]], tmp_path: Path
):
    address, asked = index
    hub = tmp_path / "hub" / "acme" / "churn"
    hub.mkdir(parents=True)
    git(hub, "init", "-q")
    git(hub, "commit", "-q", "--allow-empty", "-m", "One")
    head = git(hub, "rev-parse", "HEAD").strip()
    git(hub, "branch", "dev")
    base = (tmp_path / "hub").as_uri()
    instead = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{base}/.insteadOf", "GIT_CONFIG_VALUE_0": GITHUB}
    variables = {**machine, **instead, "PIP_INDEX_URL": address, "HF_ENDPOINT": base}
    requirements = write(
        project,
        "requirements.txt",
        f"thing\nnobody-has-this\ntools @ git+{GITHUB}acme/churn@dev\nlast @ git+{GITHUB}no/where\n",
    )
    module = write(
        project, "train.py", 'from transformers import AutoModel\nmodel = AutoModel.from_pretrained("acme/churn")\n'
    )
    steps = write(project, ".github/workflows/ci.yml", WORKFLOW)
    before = requirements.read_text(), module.read_text()

    mended(project, variables)
    assert not asked
    assert (requirements.read_text(), module.read_text()) == before

    told = mended(project, variables, "--online", "--verbose")
    assert requirements.read_text() == before[0].replace("thing\n", "thing==2.1\n", 1).replace("@dev", f"@{head}")
    assert f'"acme/churn", revision="{head}"' in module.read_text()
    assert steps.read_text() == WORKFLOW.replace("@dev", f"@{head}")
    assert "nobody-has-this stays open" in told
    assert "no/where does not tell it" in told
