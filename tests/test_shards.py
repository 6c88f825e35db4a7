"""``check --shard`` and ``merge``, by real processes on copies of one repository: together they are one run."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from processes import git, lint, write

from xops_lint.cache import shards
from xops_lint.cache.shards import Shard

EXAMPLES = Path(__file__).parent.parent / "examples"

HELPER = """from sklearn.preprocessing import StandardScaler


def scaled(rows):
    return StandardScaler().fit_transform(rows)
"""

USER = """import pandas
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split

from helper import scaled

rows = scaled(pandas.read_csv("rows.csv"))
train, test = train_test_split(rows, test_size=0.2)  # xops: ignore[unseeded-split] shown to people
model = SGDClassifier().fit(train[:, :-1], train[:, -1])
again = 1  # xops: ignore[unseeded-split] nothing here
"""

RAISES = """from xops_lint.rule import Rule

RULE = Rule(
    code="ACM101",
    name="raises",
    summary="It raises.",
    harm="Nobody knows what it would have found.",
    remedy="Mend the rule.",
    ops=("mlops",),
)


@RULE.python
def check(file):
    raise ValueError("no")
"""

BROKEN = "def f(:\n"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = shutil.copytree(EXAMPLES / "before", tmp_path_factory.mktemp("shards") / "project")
    shutil.rmtree(root / ".xops-lint-cache", ignore_errors=True)
    for path, text in {"src/helper.py": HELPER, "src/user.py": USER, "src/broken.py": BROKEN}.items():
        write(root, path, text)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "all")
    return root


@pytest.fixture
def project(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "project", symlinks=True)


@pytest.fixture(scope="module")
def read_once(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What both shards of the project have written."""
    return sharded(shutil.copytree(original, tmp_path_factory.mktemp("halves") / "project", symlinks=True), 2)


@pytest.fixture
def halves(read_once: Path, tmp_path: Path) -> Path:
    return shutil.copytree(read_once, tmp_path / "halves")


def sharded(root: Path, total: int, *arguments: str) -> Path:
    """Let every shard be read in a checkout of its own, elsewhere; return the folder of what they wrote."""
    found = root.parent / f"found-{total}"
    for number in range(1, total + 1):
        checkout = shutil.copytree(root, root.parent / f"machine-{number}-of-{total}" / root.name, symlinks=True)
        done = lint(checkout, "check", "--shard", f"{number}/{total}", *arguments)

        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        written = checkout / f"xops-lint-{number}-of-{total}.shard"
        (found / str(number)).mkdir(parents=True)
        shutil.move(written, found / str(number) / written.name)
    return found


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


@pytest.mark.parametrize("total", [1, 2, 5])
def test_shards_together_are_one_run(project: Path, halves: Path, total: int):
    found = halves if total == 2 else sharded(project, total)

    for format in ("json", "sarif", "full") if total == 2 else ("json",):
        one = lint(project, "check", "--no-cache", "--output-format", format)
        merged = lint(project, "merge", str(found), "--no-cache", "--output-format", format)

        assert (merged.stdout, merged.stderr) == (one.stdout, one.stderr)
        assert merged.returncode == one.returncode == 1
    told = json.loads(lint(project, "merge", str(found), "--output-format", "json").stdout)
    # Findings of single files, of suppressions, of the project, and of files that are read again with others.
    expected = {"XOP001 src/broken.py", "XOP003 src/user.py", "XOP302 src/prepare.py", "XOP406 src/user.py"}
    assert expected <= {f"{each['code']} {each['filename']}" for each in told}


def test_merge_reads_nothing_that_the_shards_have_read(project: Path):
    (project / "src/user.py").unlink()
    (project / "src/broken.py").unlink()
    found = sharded(project, 2)

    told = lint(project, "merge", str(found), "--no-cache", "--verbose").stderr

    known, asked = next(line.split()[1:4:2] for line in told.splitlines() if line.startswith("cache: "))
    assert int(known) > 10
    assert known == asked


def test_options_and_paths_are_those_of_the_shards(project: Path):
    given = ("src", "--select", "XOP3,XOP4", "--preview", "--fail-on", "error", "--extend-exclude", "src/helper.py")
    found = sharded(project, 2, *given)

    one = lint(project, "check", *given, "--no-cache", "--output-format", "json")
    merged = lint(project, "merge", str(found), "--no-cache", "--output-format", "json")
    stricter = lint(project, "merge", str(found), "--no-cache", "--fail-on", "info")

    assert json.loads(one.stdout)
    assert (merged.stdout, merged.returncode) == (one.stdout, one.returncode)
    assert stricter.returncode == 1


def test_baseline_and_revision_count_as_in_one_run(project: Path):
    lint(project, "baseline", "create", "src")
    write(project, "src/new.py", "import pickle\n\nmodel = pickle.load(open('model.pkl', 'rb'))\n")
    found = sharded(project, 2)

    for given in ((), ("--no-baseline",), ("--no-baseline", "--since", "HEAD"), ("--statistics",)):
        one = lint(project, "check", "--no-cache", *given, variables={"CI": "true"})
        merged = lint(project, "merge", str(found), "--no-cache", *given, variables={"CI": "true"})

        assert (merged.stdout, merged.stderr, merged.returncode) == (one.stdout, one.stderr, one.returncode)


def test_shards_know_what_earlier_ones_have_read(project: Path):
    first, second = (lint(project, "check", "--shard", "1/2", "-o", name) for name in ("a.shard", "b.shard"))

    assert first.returncode == second.returncode == 0
    assert (project / "a.shard").read_bytes() == (project / "b.shard").read_bytes()
    assert (project / ".xops-lint-cache").is_dir()


def test_every_file_is_in_one_share_and_stays_there():
    paths = [f"src/module_{number}.py" for number in range(1000)]
    shares = [{path for path in paths if Shard(number, 3).takes(path)} for number in (1, 2, 3)]

    assert sorted(path for share in shares for path in share) == sorted(paths)
    assert all(270 < len(share) < 400 for share in shares)
    assert Shard(1, 1).takes("any")


def test_the_files_of_a_share_are_listed(project: Path):
    every = lint(project, "check", "--show-files").stdout.splitlines()
    shares = [lint(project, "check", "--show-files", "--shard", f"{number}/2").stdout for number in (1, 2)]

    assert sorted("".join(shares).splitlines()) == every


@pytest.mark.parametrize("value", ["0/3", "4/3", "3", "1/", "/3", "a/b", "-1/2"])
def test_a_share_that_there_is_not_is_refused(project: Path, value: str):
    assert "say which of how many, as in `1/3`" in refused(lint(project, "check", "--shard", value))


def test_what_only_a_whole_run_can_do_is_refused(project: Path):
    for option in ("--fix", "--diff", "--write-baseline", "--timing"):
        told = refused(lint(project, "check", "--shard", "1/2", option))
        assert f"`{option}` is for whole runs" in told
    told = refused(lint(project, "check", "--shard", "1/2", "--output-format", "sarif"))
    assert "`--output-format` is for `xops-lint merge`" in told
    assert not list(project.glob("*.shard"))


def test_a_missing_shard_is_named(project: Path, halves: Path):
    for path in halves.rglob("*.shard"):
        read = shards.read(path, path.name)
        path.write_bytes(shards.packed(read.manifest._replace(total=4), read.entries))

    assert "shards 3/4, 4/4 are missing: 2 of 4 were given" in refused(lint(project, "merge", str(halves)))


def test_a_shard_that_is_given_twice_is_named(project: Path, halves: Path):
    shutil.copy(halves / "1" / "xops-lint-1-of-2.shard", halves / "again.shard")

    assert "are both shard 1/2" in refused(lint(project, "merge", str(halves)))


def test_shards_of_different_runs_are_told_apart(project: Path, halves: Path):
    others = {
        ("--shard", "2/3"): "are of runs with different numbers of shards",
        ("--shard", "2/2", "src"): "are of runs with different paths or options",
    }
    for given, words in others.items():
        other = project / "other.shard"
        lint(project, "check", *given, "-o", str(other))
        first = str(halves / "1" / "xops-lint-1-of-2.shard")

        assert words in refused(lint(project, "merge", first, str(other)))


def test_shards_of_other_settings_are_refused(project: Path, halves: Path):
    with (project / "xops-lint.toml").open("a") as settings:
        settings.write('\n[[overrides]]\nfiles = ["src/*"]\nextend-ignore = ["XOP302"]\n')

    assert "was made with other settings than those of this checkout" in refused(lint(project, "merge", str(halves)))


def test_shards_of_other_contents_are_refused(project: Path, halves: Path):
    before = (project / "src/helper.py").read_text()
    write(project, "src/helper.py", before + "more = 1\n")
    changed = refused(lint(project, "merge", str(halves)))
    (project / "src/helper.py").unlink()
    gone = refused(lint(project, "merge", str(halves)))
    write(project, "src/helper.py", before)
    write(project, "src/another.py", before)
    new = refused(lint(project, "merge", str(halves)))

    assert "src/helper.py, which " in changed and "has another content in this checkout" in changed
    assert "is not in this checkout" in gone
    assert "src/another.py is in none of the shards; run all shards and `merge` on the same commit" in new


def test_shards_of_another_version_are_refused(project: Path, halves: Path, tmp_path: Path):
    first, second = (shards.read(path, path.name) for path in sorted(halves.rglob("*.shard")))
    older = tmp_path / "older.shard"
    manifest = second.manifest._replace(version="0.0.1", program="another")
    older.write_bytes(shards.packed(manifest, second.entries))

    one_older = refused(lint(project, "merge", str(halves / "1"), str(older)))
    older.write_bytes(shards.packed(manifest._replace(number=1, total=1), second.entries))
    all_older = refused(lint(project, "merge", str(older)))

    assert "were made by different versions" in one_older
    assert "was made by xops-lint 0.0.1 on another Python or with other libraries than this one" in all_older
    assert first.manifest.program == second.manifest.program


def test_damaged_files_are_refused_and_nothing_in_them_is_run(project: Path, halves: Path, tmp_path: Path):
    whole = (halves / "2" / "xops-lint-2-of-2.shard").read_bytes()
    damaged = {
        whole[:-10]: "is damaged or cut off; run its shard again",
        b"PK\x03\x04": "is no shard of this version",
        b"": "is no shard of this version",
    }
    for content, words in damaged.items():
        (halves / "2" / "xops-lint-2-of-2.shard").write_bytes(content)

        assert words in refused(lint(project, "merge", str(halves)))
    (tmp_path / "empty").mkdir()
    assert "holds no shard" in refused(lint(project, "merge", str(tmp_path / "empty")))


def test_what_a_shard_could_not_keep_is_read_by_merge(project: Path, halves: Path):
    for path in halves.rglob("*.shard"):
        artefact = shards.read(path, path.name)
        path.write_bytes(shards.packed(artefact.manifest, {}))

    one = lint(project, "check", "--no-cache", "--output-format", "json")
    merged = lint(project, "merge", str(halves), "--no-cache", "--output-format", "json")

    assert (merged.stdout, merged.returncode) == (one.stdout, one.returncode)


def test_a_rule_that_raises_fails_the_merge_as_it_fails_a_run(project: Path):
    write(project, "pack/raises.py", RAISES)
    write(project, "xops-lint.toml", 'rule-paths = ["pack"]\nselect = ["ACM101"]\n')
    found = sharded(project, 2)

    one = lint(project, "check", "--no-cache", "--output-format", "json")
    merged = lint(project, "merge", str(found), "--no-cache", "--output-format", "json")

    assert "raised `ValueError: no`" in one.stdout
    assert (merged.stdout, merged.returncode) == (one.stdout, one.returncode)
    assert merged.returncode == 2
