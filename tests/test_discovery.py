from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from xops_lint import discovery, settings_loading
from xops_lint.exceptions import PathError
from xops_lint.settings import Settings


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def write(root: Path, *paths: str, text: str = "") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def found(settings: Settings, *paths: str | Path) -> list[str]:
    named = [settings.root / path for path in paths or (".",)]
    return [file.path for file in discovery.find(named, settings).files]


def test_files_come_in_the_order_of_their_paths(repository: Path):
    write(repository, "b.py", "a/z.py", "a/b/c.ipynb", "a.py")

    assert found(Settings(repository)) == ["a.py", "a/b/c.ipynb", "a/z.py", "b.py"]


def test_files_of_no_language_are_left_out(repository: Path):
    write(repository, "a.py", "picture.png", "notes")

    assert found(Settings(repository)) == ["a.py"]


@pytest.mark.parametrize(
    "path",
    [
        ".git/hooks/a.py",
        ".venv/lib/a.py",
        "venv/a.py",
        "node_modules/x/a.py",
        "deep/build/a.py",
        "lib/site-packages/a.py",
        "__pypackages__/a.py",
        ".ipynb_checkpoints/a.ipynb",
        ".dvc/cache/a.py",
    ],
)
def test_what_nobody_wrote_is_left_out(repository: Path, path: str):
    write(repository, path, "kept.py")

    assert found(Settings(repository)) == ["kept.py"]


def test_dvc_pipelines_beside_the_cache_are_kept(repository: Path):
    write(repository, ".dvc/cache/a.py", ".dvc/plots/b.py")

    assert found(Settings(repository)) == [".dvc/plots/b.py"]


def test_exclude_replaces_and_extend_exclude_adds(repository: Path):
    write(repository, "build/a.py", "gen/b.py", "c.py")

    assert found(Settings(repository, exclude=("gen",))) == ["build/a.py", "c.py"]
    assert found(Settings(repository, extend_exclude=("gen/*.py",))) == ["c.py"]


def test_include_narrows(repository: Path):
    write(repository, "src/a.py", "b.py", "src/gen/c.py")

    assert found(Settings(repository, include=("src/**", "!src/gen/**"))) == ["src/a.py"]


def test_gitignore_files_nest_and_the_nearest_decides(repository: Path):
    write(repository, "a.py", "sub/a.py", "sub/b.py", "sub/deep/a.py", "sub/deep/b.py", "out/c.py", "sub/out/d.py")
    write(repository, ".gitignore", text="a.py\n/out/\n")
    write(repository, "sub/.gitignore", text="b.py\n")
    write(repository, "sub/deep/.gitignore", text="!a.py\n!b.py\n")

    assert found(Settings(repository)) == ["sub/deep/a.py", "sub/deep/b.py", "sub/out/d.py"]


def test_what_discovery_keeps_git_keeps(repository: Path):
    write(repository, *(f"{folder}{name}.py" for folder in ("", "a/", "a/b/", "c/") for name in "xyz"))
    write(repository, ".gitignore", text="x.py\n/a/y.py\n**/b/z.py\n!c/x.py\nc/*\n!c/z.py\n# comment\n\\!odd\n")
    write(repository, "a/.gitignore", text="!x.py\nb/\n")
    listed = subprocess.run(
        ["git", "-C", str(repository), "ls-files", "-o", "--exclude-standard", "*.py"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()

    assert found(Settings(repository)) == sorted(listed)


def test_gitignore_files_above_the_root_count(repository: Path):
    write(repository, "project/a.py", "project/b.py")
    write(repository, ".gitignore", text="b.py\n")

    assert found(Settings(repository / "project")) == ["a.py"]


def test_a_gitignore_above_the_repository_does_not_count(tmp_path: Path):
    write(tmp_path, "inner/a.py")
    write(tmp_path, ".gitignore", text="*.py\n")
    subprocess.run(["git", "init", "-q", str(tmp_path / "inner")], check=True)

    assert found(Settings(tmp_path / "inner")) == ["a.py"]


def test_the_repositorys_own_exclude_file_counts(repository: Path):
    write(repository, "a.py", "b.py")
    write(repository, ".git/info/exclude", text="b.py\n")

    assert found(Settings(repository)) == ["a.py"]


def test_a_worktree_uses_the_exclude_file_of_its_repository(repository: Path):
    git = ["git", "-C", str(repository), "-c", "user.name=n", "-c", "user.email=e@example.org"]
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "start"], check=True)
    subprocess.run([*git, "worktree", "add", "-q", str(repository / "tree"), "-b", "other"], check=True)
    write(repository / "tree", "a.py", "b.py")
    write(repository, ".git/info/exclude", text="b.py\n")

    assert found(Settings(repository / "tree")) == ["a.py"]


def test_gitignore_can_be_disregarded(repository: Path):
    write(repository, "a.py")
    write(repository, ".gitignore", text="a.py\n")

    assert found(Settings(repository, respect_gitignore=False)) == ["a.py"]


def test_a_named_file_is_linted_even_if_excluded(repository: Path):
    write(repository, "build/a.py", "b.py")
    write(repository, ".gitignore", text="b.py\n")

    assert found(Settings(repository), "build/a.py", "b.py") == ["b.py", "build/a.py"]


def test_force_exclude_leaves_out_named_files_and_says_so(repository: Path):
    write(repository, "build/deep/a.py", "b.py", "c.py", "gone/d.py")
    write(repository, ".gitignore", text="b.py\ngone/\n")
    settings = Settings(repository, force_exclude=True)
    named = [repository / path for path in ("build/deep/a.py", "b.py", "c.py", "gone/d.py", "build")]

    result = discovery.find(named, settings)

    assert [file.path for file in result.files] == ["c.py"]
    assert result.skipped == tuple(
        discovery.Notice(path, "is excluded") for path in ("b.py", "build", "build/deep/a.py", "gone/d.py")
    )


def test_a_named_folder_is_walked_even_if_excluded(repository: Path):
    write(repository, "venv/a.py", "venv/lib/site-packages/b.py", "ignored/c.py")
    write(repository, ".gitignore", text="ignored/\n")

    assert found(Settings(repository), "venv", "ignored") == ["ignored/c.py", "venv/a.py"]


def test_a_file_named_twice_is_found_once_and_counts_as_named(repository: Path):
    write(repository, "a.py", "b.py")

    files = discovery.find([repository, repository / "a.py", repository / "." / "a.py"], Settings(repository)).files

    assert [(file.path, file.explicit) for file in files] == [("a.py", True), ("b.py", False)]


def test_a_path_that_does_not_exist_is_an_error(repository: Path):
    with pytest.raises(PathError, match=r"nowhere\.py: no such file or directory"):
        discovery.find([repository / "nowhere.py"], Settings(repository))


def test_a_named_file_of_no_language_is_a_notice(repository: Path):
    write(repository, "picture.png")

    result = discovery.find([repository / "picture.png"], Settings(repository))

    assert result == discovery.Discovered((), (discovery.Notice("picture.png", "is of no kind that is linted"),))


def test_links_to_folders_are_not_followed_so_no_loop_is_endless(repository: Path):
    write(repository, "src/a.py")
    (repository / "src" / "loop").symlink_to(repository)
    (repository / "again").symlink_to(repository / "src")

    assert found(Settings(repository)) == ["src/a.py"]


def test_a_link_to_a_file_of_the_project_shows_it_once(repository: Path, tmp_path_factory: pytest.TempPathFactory):
    outside = tmp_path_factory.mktemp("outside")
    write(outside, "shared.py")
    write(repository, "a.py")
    (repository / "link.py").symlink_to("a.py")
    (repository / "shared.py").symlink_to(outside / "shared.py")

    assert found(Settings(repository)) == ["a.py", "shared.py"]


def test_a_link_to_nothing_is_a_notice(repository: Path, tmp_path: Path):
    (repository / "gone.py").symlink_to("/nowhere/at/all.py")

    result = discovery.find([repository], Settings(repository))

    assert result == discovery.Discovered((), (discovery.Notice("gone.py", "is no regular file"),))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads every folder")
def test_a_folder_that_cannot_be_read_is_a_notice(repository: Path):
    write(repository, "a.py", "locked/b.py")
    (repository / "locked").chmod(0)
    try:
        result = discovery.find([repository], Settings(repository))
    finally:
        (repository / "locked").chmod(0o755)

    assert [file.path for file in result.files] == ["a.py"]
    assert result.skipped == (discovery.Notice("locked", "cannot be read: Permission denied"),)


def project(settings: Settings, *named: Path) -> list[str]:
    return [file.path for file in discovery.project(discovery.find(named, settings), named, settings)]


def test_the_project_is_the_root_whatever_is_named(repository: Path):
    write(repository, "a.py", "src/b.py", "build/c.py")
    settings = settings_loading.load([repository / "src"])

    assert project(settings, repository) == ["a.py", "src/b.py"]
    assert project(settings, repository / "src") == ["a.py", "src/b.py"]
    assert project(settings, repository / "build" / "c.py") == ["a.py", "build/c.py", "src/b.py"]


def test_without_a_root_the_project_is_what_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path, "a.py", "src/b.py")
    monkeypatch.chdir(tmp_path)
    settings = settings_loading.load([Path("src")])

    assert not settings.anchored
    assert project(settings, Path("src")) == ["src/b.py"]


def test_files_outside_the_root_are_found_when_named(repository: Path, tmp_path_factory: pytest.TempPathFactory):
    outside = tmp_path_factory.mktemp("outside")
    write(outside, "a.py", "venv/b.py")

    assert found(Settings(repository), outside) == [os.path.relpath(outside / "a.py", repository).replace(os.sep, "/")]
