"""The hooks, by the real pre-commit on a real repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from xops_lint import __version__
from xops_lint.file_names import files_pattern, language_of

ROOT = Path(__file__).parent.parent
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}

DEFECT = "from sklearn.model_selection import train_test_split\n\ntrain, test = train_test_split([1, 2, 3])\n"
MENDED = DEFECT.replace("[1, 2, 3])", "[1, 2, 3], random_state=0)")
TEST = "import train\n\n\ndef test_split():\n    assert len(train.test) == 1\n"


def test_the_pattern_is_that_of_the_kinds() -> None:
    assert HOOKS["xops-lint"]["files"] == files_pattern()


READ = ["train.py", "a/b.ipynb", "dvc.yaml", "data/x.csv.dvc", "MLproject", "Dockerfile", ".github/workflows/ci.yml"]
LEFT = ["notes.md", "data/rows.csv", "model.pkl", "src/main.rs"]


@pytest.mark.parametrize("path", [*READ, *LEFT])
def test_the_pattern_takes_what_the_linter_reads(path: str) -> None:
    assert bool(re.search(HOOKS["xops-lint"]["files"], path)) == (path in READ)
    assert (language_of(path) is not None) == (path in READ)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository that holds the sources as a release would."""
    folder = tmp_path_factory.mktemp("released") / "xops-lint"
    folder.mkdir()
    for name in ("xops_lint", "rules", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Release")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environment it builds: once for all tests here."""
    return tmp_path_factory.mktemp("pre-commit")


def git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    return subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True)


def repository(folder: Path, released: Path, hook: str, *arguments: str) -> Path:
    """Make a repository whose commits a hook guards."""
    folder.mkdir()
    git(folder, "init", "--quiet")
    revision = git(released, "rev-parse", "HEAD").stdout.strip()
    config = {"repos": [{"repo": str(released), "rev": revision, "hooks": [{"id": hook, "args": [*arguments]}]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=folder, check=True, capture_output=True)
    return folder


def commit(folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "XOPS_", "GITHUB_"))}
    environment |= {"PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}
    git(folder, "add", "--all")
    words = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-m", "Change"]
    return subprocess.run(words, cwd=folder, env=environment, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("hook", ["xops-lint", "xops-lint-project"])
def test_a_defect_is_refused_and_the_mended_file_passes(released: Path, home: Path, tmp_path: Path, hook: str) -> None:
    folder = repository(tmp_path / "work", released, hook)
    (folder / "train.py").write_text(DEFECT)
    (folder / "test_train.py").write_text(TEST)
    refused = commit(folder, home)
    (folder / "train.py").write_text(MENDED)
    passed = commit(folder, home)

    assert refused.returncode != 0
    assert "train.py:3:15: XOP302" in refused.stdout + refused.stderr
    assert passed.returncode == 0, passed.stdout + passed.stderr


def test_a_hook_that_mends_fails_once(released: Path, home: Path, tmp_path: Path) -> None:
    folder = repository(tmp_path / "work", released, "xops-lint", "--fix", "--unsafe-fixes")
    (folder / "train.py").write_text(DEFECT)
    (folder / "test_train.py").write_text(TEST)
    refused = commit(folder, home)
    mended = (folder / "train.py").read_text()
    passed = commit(folder, home)

    assert refused.returncode != 0
    assert "files were modified by this hook" in refused.stdout + refused.stderr
    assert mended == MENDED.replace("=0", "=42")
    assert passed.returncode == 0, passed.stdout + passed.stderr


def test_the_hook_that_init_adds_guards_commits(released: Path, home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "train.py").write_text(DEFECT)
    (folder / "test_train.py").write_text(TEST)
    subprocess.run([sys.executable, "-m", "xops_lint", "init", "--yes"], cwd=folder, check=True, capture_output=True)
    written = folder / ".pre-commit-config.yaml"
    revision = git(released, "rev-parse", "HEAD").stdout.strip()
    there = {
        "repo: https://github.com/xops-lint/xops-lint": f"repo: {released}",
        f"rev: v{__version__}": f"rev: {revision}",
    }
    for public, local in there.items():
        assert public in written.read_text()
        written.write_text(written.read_text().replace(public, local))
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=folder, check=True, capture_output=True)
    passed = commit(folder, home)
    (folder / "more.py").write_text(DEFECT)
    refused = commit(folder, home)

    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert refused.returncode != 0
    assert "more.py:3:15: XOP302" in refused.stdout + refused.stderr
