from __future__ import annotations

import json
import pickle
from pathlib import Path

import jsonschema
import pytest

from xops_lint import registry, settings_check, settings_loading
from xops_lint.document import Context
from xops_lint.exceptions import SettingsError
from xops_lint.registry import Registry
from xops_lint.rule import Confidence, Group, Option, Rule, Severity
from xops_lint.selectors import Selection
from xops_lint.settings import Override, Settings
from xops_lint.settings_file import line_of
from xops_lint.settings_keys import schema
from xops_lint.settings_loading import CommandLine

STANDARD = Context()
PRODUCTION = Context("production")
EXPLORATION = Context("exploration")


def rule(code: str, name: str, **given: object) -> Rule:
    return Rule(code, name, "Summary.", "Harm.", "Remedy.", ("mlops",), **given)  # type: ignore[arg-type]


RULES = {
    made.code: made
    for made in (
        rule("XOP001", "syntax-error", severity=Severity.ERROR),
        rule("XOP101", "unsafe-load", severity=Severity.ERROR),
        rule("XOP301", "unseeded-one", exploration=True),
        rule("XOP302", "unseeded-two", severity=Severity.INFO, options={"limit": Option(10, "How many.")}),
        rule("XOP311", "unpinned-image", group=Group.PRODUCTION),
        rule("XOP312", "unpinned-tag", group=Group.OPTIONAL, confidence=Confidence.LOW),
        rule("XOP313", "unpinned-data", group=Group.PREVIEW),
        rule("XOP401", "weak-test", tests=True),
    )
}
BOOK = Registry(RULES, {code: Path(f"{code}.py") for code in RULES})


def codes(settings: Settings, path: str = "a.py", context: Context = STANDARD) -> list[str]:
    return list(settings.enabled(path, context, BOOK))


def test_the_default_set_leaves_out_production_optional_and_preview_rules():
    assert codes(Settings()) == ["XOP001", "XOP101", "XOP301", "XOP302", "XOP401"]


def test_the_production_profile_adds_its_rules():
    assert "XOP311" in codes(Settings(), context=PRODUCTION)


def test_preview_adds_preview_rules():
    assert "XOP313" in codes(Settings(preview=True))


def test_a_principle_keeps_to_the_groups_that_are_on():
    assert codes(Settings(select=("reproducibility",))) == ["XOP001", "XOP301", "XOP302"]
    assert codes(Settings(select=("XOP31",)), context=PRODUCTION) == ["XOP001", "XOP311"]


def test_all_adds_optional_and_production_rules_but_no_preview():
    assert codes(Settings(select=("ALL",))) == [code for code in RULES if code != "XOP313"]


@pytest.mark.parametrize("selector", ["XOP311", "XOP312", "unpinned-data"])
def test_a_code_or_a_name_turns_on_any_rule(selector: str):
    assert len(codes(Settings(select=(selector,)))) == 2


def test_exploration_keeps_errors_and_what_falsifies_results():
    assert codes(Settings(), context=EXPLORATION) == ["XOP001", "XOP101", "XOP301"]


def test_tests_keep_errors_and_rules_made_for_them():
    assert codes(Settings(), context=Context(test=True)) == ["XOP001", "XOP101", "XOP401"]


def test_a_rule_selected_by_name_runs_anywhere():
    settings = Settings(extend_select=("unseeded-two",))

    assert "XOP302" in codes(settings, context=Context("exploration", test=True))


def test_the_more_specific_selector_wins():
    assert codes(Settings(select=("XOP301",), ignore=("XOP3",))) == ["XOP001", "XOP301"]
    assert codes(Settings(select=("XOP3",), ignore=("XOP301",))) == ["XOP001", "XOP302"]


def test_ignore_wins_among_equals():
    assert codes(Settings(select=("XOP301",), ignore=("unseeded-one",))) == ["XOP001"]


def test_a_narrow_selection_does_not_hide_unreadable_files():
    assert codes(Settings(select=("XOP401",))) == ["XOP001", "XOP401"]
    assert codes(Settings(select=("XOP401",), ignore=("XOP001",))) == ["XOP401"]


def test_the_command_line_selects_anew():
    settings = Settings(select=("ALL",), ignore=("XOP301",), command=Selection(select=("XOP301",)))

    assert codes(settings) == ["XOP001", "XOP301"]


def test_the_command_line_ignores_what_the_file_selects_by_name():
    settings = Settings(select=("XOP301", "XOP401"), command=Selection(ignore=("XOP3",)))

    assert codes(settings) == ["XOP001", "XOP401"]


def test_an_override_can_enable_and_ignore():
    overrides = (Override(("src/**",), Selection(extend_select=("unpinned-tag",), ignore=("XOP301",))),)
    settings = Settings(overrides=overrides)

    assert codes(settings, "src/a.py") == ["XOP001", "XOP101", "XOP302", "XOP312", "XOP401"]
    assert codes(settings, "a.py") == ["XOP001", "XOP101", "XOP301", "XOP302", "XOP401"]


def test_what_an_override_ignores_stays_ignored_when_the_command_line_selects():
    settings = Settings(
        overrides=(Override(("src/**",), Selection(ignore=("XOP301",))),), command=Selection(select=("XOP301",))
    )

    assert codes(settings, "src/a.py") == ["XOP001"]


def test_per_file_ignores_take_patterns_and_their_opposites():
    settings = Settings(per_file_ignores={"legacy/*": ("ALL",), "!src/**": ("XOP301",)})

    assert codes(settings, "legacy/a.py") == []
    assert "XOP301" not in codes(settings, "lib/a.py")
    assert "XOP301" in codes(settings, "src/a.py")


def test_severities_can_be_set_by_selector_and_the_more_specific_wins():
    settings = Settings(severity={"unseeded-one": "error", "XOP3": "info"})
    enabled = settings.enabled("a.py", STANDARD, BOOK)

    assert (enabled["XOP301"], enabled["XOP302"]) == (Severity.ERROR, Severity.INFO)


def test_thresholds_leave_rules_out():
    assert codes(Settings(min_severity=Severity.WARNING)) == ["XOP001", "XOP101", "XOP301", "XOP401"]
    assert "XOP312" not in codes(Settings(select=("ALL",), min_confidence=Confidence.MEDIUM))


def test_settings_survive_the_way_to_another_process():
    settings = Settings(overrides=(Override(("src/**",), Selection(extend_select=("XOP312",))),))
    codes(settings)

    assert pickle.loads(pickle.dumps(settings)) == settings


@pytest.mark.parametrize(
    ("path", "context"),
    [
        ("train.py", Context()),
        ("tests/train.py", Context(test=True)),
        ("src/testing/train.py", Context(test=True)),
        ("src/test_train.py", Context(test=True)),
        ("src/train_test.py", Context(test=True)),
        ("src/conftest.py", Context(test=True)),
        ("src/latest.py", Context()),
        ("eda.ipynb", Context("exploration")),
        ("notebooks/helpers.py", Context("exploration")),
        ("examples/train.py", Context("exploration", example=True)),
        ("docs/conf.py", Context(example=True)),
    ],
)
def test_a_path_tells_what_kind_of_code_it_is(path: str, context: Context):
    assert Settings().context(path) == context


def test_profiles_go_from_the_general_to_the_particular():
    settings = Settings(
        profile="production",
        per_file_profiles={"jobs/**": "standard"},
        overrides=(Override(("jobs/hot/**",), profile="production"),),
    )

    assert [settings.context(path).profile for path in ("a.py", "eda.ipynb", "jobs/a.py", "jobs/hot/a.py")] == [
        "production",
        "exploration",
        "standard",
        "production",
    ]


def test_the_profile_of_the_command_line_counts_everywhere():
    assert Settings(command_profile="production").context("notebooks/eda.ipynb").profile == "production"


def test_options_of_an_override_win_where_it_matches():
    settings = Settings(
        options={"unseeded-two": {"limit": 1}},
        overrides=(Override(("src/**",), options={"unseeded-two": {"limit": 2}}),),
    )

    assert settings.options_for("a.py")["unseeded-two"] == {"limit": 1}
    assert settings.options_for("src/a.py")["unseeded-two"] == {"limit": 2}


def load(folder: Path, text: str, name: str = "xops-lint.toml") -> Settings:
    (folder / name).write_text(text)
    return settings_loading.load([folder])


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('preview = true\nselct = ["ALL"]\n', 2, "unknown key `selct`; did you mean `select`?"),
        ('select = "ALL"\n', 1, "`select` must be an array of strings, not a string"),
        ('select = [\n  "ALL",\n  3,\n]\n', 1, "`select[1]` must be a string, not an integer"),
        ("preview = 1\n", 1, "`preview` must be a boolean, not an integer"),
        ("jobs = 0\n", 1, "`jobs` must be at least 1, not 0"),
        (
            '\nprofile = "prod"\n',
            2,
            "`profile` must be one of `exploration`, `standard`, `production`, not `prod`",
        ),
        ('[severity]\nXOP301 = "bad"\n', 2, "`XOP301` must be one of `error`, `warning`, `info`, not `bad`"),
        (
            '[[overrides]]\nfiles = ["a"]\n\n[[overrides]]\nfiles = ["b"]\nselekt = []\n',
            6,
            "unknown key `selekt`; did you mean `select`?",
        ),
        ('[[overrides]]\nselect = ["ALL"]\n', 1, "`overrides[0]` lacks the key `files`"),
        (
            '[options.unseeded-split]\nx = 1\n[per-file-ignores]\n"a*" = "b"\n',
            4,
            "`a*` must be an array of strings, not a string",
        ),
    ],
)
def test_a_wrong_setting_names_file_line_and_key(tmp_path: Path, text: str, line: int, message: str):
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, text)

    assert str(raised.value) == f"{tmp_path}/xops-lint.toml:{line}: {message}"


def test_every_wrong_key_is_told_at_once(tmp_path: Path):
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, "[tool.other]\nselect = 1\n\n[tool.xops-lint]\nselect = 1\nignor = []\n", "pyproject.toml")

    assert str(raised.value).splitlines() == [
        f"{tmp_path}/pyproject.toml:5: `select` must be an array of strings, not an integer",
        f"{tmp_path}/pyproject.toml:6: unknown key `ignor`; did you mean `ignore`?",
    ]


def test_broken_toml_is_an_error_that_says_where(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"xops-lint\.toml: is not TOML: .*line 2"):
        load(tmp_path, 'select = ["ALL"]\nignore = x\n')


def test_somebody_elses_broken_pyproject_is_left_alone(tmp_path: Path):
    assert load(tmp_path, "[tool.black\n", "pyproject.toml").file is None


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            'ignore = []\nselect = ["unsafe-loads"]\n',
            2,
            "unknown rule selector `unsafe-loads`; did you mean `unsafe-load`?",
        ),
        ('[severity]\nunseeded-on = "info"\n', 2, "unknown rule selector `unseeded-on`; did you mean `unseeded-one`?"),
        ("[options.unseeded-twoo]\nlimit = 1\n", 1, "unknown rule `unseeded-twoo`; did you mean `unseeded-two`?"),
        ("[options.XOP302]\nlimit = 1\n", 1, "`XOP302` is set by its rule's name, `unseeded-two`"),
        ("[options.unseeded-two]\nlimt = 1\n", 2, "unknown key `limt`; did you mean `limit`?"),
        ("[options.unseeded-two]\nlimit = true\n", 2, "`limit` must be an integer, not a boolean"),
        ("[options.unseeded-one]\nlimit = 1\n", 2, "unknown key `limit`"),
        (
            '[[overrides]]\nfiles = ["a"]\nextend-select = ["ALLL"]\n',
            3,
            "unknown rule selector `ALLL`; did you mean `ALL`?",
        ),
    ],
)
def test_a_setting_that_names_no_rule_is_an_error(tmp_path: Path, text: str, line: int, message: str):
    settings = load(tmp_path, text)

    with pytest.raises(SettingsError) as raised:
        settings_check.check(settings, BOOK)

    assert str(raised.value) == f"{tmp_path}/xops-lint.toml:{line}: {message}"


def test_the_nearest_settings_file_wins_and_marks_the_root(tmp_path: Path):
    (tmp_path / "xops-lint.toml").write_text("preview = true\n")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[tool.xops-lint]\nfail-on = 'error'\n")
    (inner / "deep").mkdir()

    settings = settings_loading.load([inner / "deep"])

    assert (settings.root, settings.preview, settings.fail_on) == (inner, False, Severity.ERROR)


def test_a_pyproject_without_our_table_is_passed_over(tmp_path: Path):
    (tmp_path / "xops-lint.toml").write_text("preview = true\n")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "pyproject.toml").write_text("[project]\nname = 'xops-lint-user'\n")

    assert settings_loading.load([tmp_path / "inner"]).preview


def test_the_hidden_name_comes_before_the_others(tmp_path: Path):
    (tmp_path / "pyproject.toml").write_text("[tool.xops-lint]\njobs = 3\n")
    (tmp_path / "xops-lint.toml").write_text("jobs = 2\n")
    (tmp_path / ".xops-lint.toml").write_text("jobs = 1\n")

    assert settings_loading.load([tmp_path]).jobs == 1


def test_the_search_stops_at_the_repository(tmp_path: Path):
    (tmp_path / "xops-lint.toml").write_text("preview = true\n")
    (tmp_path / "repository" / ".git").mkdir(parents=True)

    settings = settings_loading.load([tmp_path / "repository"])

    assert (settings.preview, settings.root, settings.anchored) == (False, tmp_path / "repository", True)


def test_extend_builds_on_another_file(tmp_path: Path):
    (tmp_path / "shared.toml").write_text(
        'select = ["ALL"]\nextend-ignore = ["XOP301"]\nlocked = ["XOP101"]\n[severity]\nXOP302 = "error"\n'
    )
    settings = load(
        tmp_path,
        'extend = "shared.toml"\nselect = ["XOP3"]\nextend-ignore = ["XOP312"]\n[severity]\nXOP301 = "info"\n',
    )

    assert settings.select == ("XOP3",)
    assert settings.extend_ignore == ("XOP301", "XOP312")
    assert settings.locked == ("XOP101",)
    assert settings.severity == {"XOP302": "error", "XOP301": "info"}
    assert settings.source["locked"] == f"{tmp_path}/shared.toml:3"


def test_extend_in_a_circle_is_an_error(tmp_path: Path):
    (tmp_path / "shared.toml").write_text('extend = "xops-lint.toml"\n')

    with pytest.raises(SettingsError, match=r"shared\.toml:1: `extend` leads back to"):
        load(tmp_path, 'extend = "shared.toml"\n')


def test_extend_of_nothing_is_an_error(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"xops-lint\.toml:1: `extend` names .*nowhere\.toml, which does not exist"):
        load(tmp_path, 'extend = "nowhere.toml"\n')


def test_paths_in_a_file_count_from_it(tmp_path: Path):
    assert load(tmp_path, 'rule-paths = ["lint/rules"]\n').rule_paths == (tmp_path / "lint" / "rules",)


def test_the_command_line_beats_the_file(tmp_path: Path):
    (tmp_path / "xops-lint.toml").write_text("fail-on = 'error'\njobs = 4\n")
    command_line = CommandLine({"fail-on": "warning", "select": ("XOP301",)}, {"fail-on": "--fail-on"})

    settings = settings_loading.load([tmp_path], command_line=command_line)

    assert (settings.fail_on, settings.jobs) == (Severity.WARNING, 4)
    assert settings.command == Selection(select=("XOP301",))
    assert settings.source["fail-on"] == "--fail-on"


@pytest.mark.parametrize(
    ("route", "line"),
    [
        (("a",), 1),
        (("b", "c"), 3),
        (("b", "c", "d"), 4),
        (("list", 0, "x"), 8),
        (("list", 1, "x"), 10),
        (("list", 1, "deep", "y"), 12),
        (("quoted.key",), 13),
        (("nowhere",), 1),
    ],
)
def test_lines_of_keys_are_found(route: tuple[str | int, ...], line: int):
    text = 'a = 1\n\n[b.c]\nd.e = """\n[[list]]\n"""\n[[list]]\nx = 1\n[[list]]\nx = 2\n[list.deep]\ny = 3\n'
    text = text if route != ("quoted.key",) else "\n" * 12 + '"quoted.key" = 1\n'

    assert line_of(text, route) == line


def test_the_schema_is_a_schema_and_accepts_its_defaults():
    found = schema(registry.load().rules.values())
    jsonschema.Draft202012Validator.check_schema(found)
    defaults = {key: value["default"] for key, value in found["properties"].items() if "default" in value}

    jsonschema.validate(json.loads(json.dumps(defaults, default=list)), found)
