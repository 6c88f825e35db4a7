from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from xops_lint import registry
from xops_lint.exceptions import RegistryError, SelectorError

PACK_RULE = """
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="{code}",
    name="{name}",
    summary="Something of ours is wrong.",
    harm="It hurts.",
    remedy="Mend it.",
    ops=("{ops}",),
)


@RULE.text
def check(file):
    return ()
"""


def write_rule(folder: Path, code: str, name: str, ops: str = "mlops") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name.replace('-', '_')}.py"
    path.write_text(PACK_RULE.format(code=code, name=name, ops=ops))
    return path


def test_the_rule_book_is_found_without_registration():
    rules = registry.load().rules

    assert list(rules) == sorted(rules)
    assert all(rule.code == code for code, rule in rules.items())


def test_every_rule_of_the_book_has_its_page_beside_it():
    book = registry.load()

    assert [code for code, rule in book.rules.items() if not book.page(rule).is_file()] == []


def test_a_local_pack_joins_the_book(tmp_path: Path):
    path = write_rule(tmp_path / "pack", "ACM301", "unblessed-run")
    (tmp_path / "pack" / "_shared.py").write_text("ANSWER = 42\n")

    loaded = registry.load([tmp_path / "pack"])

    assert loaded.rules["ACM301"].principle == "reproducibility"
    assert loaded.page(loaded.rules["ACM301"]) == path.with_suffix(".md")
    assert loaded.match("unblessed-run") == loaded.match("ACM") == {"ACM301"}
    assert "ACM301" in loaded.match("reproducibility") & loaded.match("@mlops") & loaded.match("ALL")


def test_a_registry_survives_the_way_to_another_process(tmp_path: Path):
    write_rule(tmp_path / "pack", "ACM302", "unblessed-data")
    loaded = registry.load([tmp_path / "pack"])

    assert pickle.loads(pickle.dumps(loaded)).rules.keys() == loaded.rules.keys()


@pytest.mark.parametrize(
    ("code", "name", "ops", "message"),
    [
        ("ACME301", "unblessed-run", "mlops", "the code `ACME301` is not three capital letters"),
        ("ACM901", "unblessed-run", "mlops", "the code `ACM901` is not three capital letters"),
        ("ACM301", "Unblessed", "mlops", "the name `Unblessed` is not in kebab-case"),
        ("ACM301", "unblessed-run", "mlop", "unknown ops discipline `mlop`; did you mean `mlops`?"),
    ],
)
def test_a_rule_that_breaks_the_contract_is_named(tmp_path: Path, code: str, name: str, ops: str, message: str):
    path = write_rule(tmp_path / "pack", code, name, ops)

    with pytest.raises(RegistryError) as raised:
        registry.load([tmp_path / "pack"])

    assert str(raised.value).startswith(f"{path}: {message}")


def test_two_rules_cannot_share_a_code_or_a_name(tmp_path: Path):
    first = write_rule(tmp_path / "pack", "ACM303", "unblessed-one")
    second = write_rule(tmp_path / "pack", "ACM303", "unblessed-two")
    with pytest.raises(RegistryError, match="is taken by") as raised:
        registry.load([tmp_path / "pack"])

    assert str(raised.value) == f"{second}: the code ACM303 is taken by {first}"


def test_a_pack_that_cannot_be_imported_says_why(tmp_path: Path):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "broken.py").write_text("import no_such_module_of_ours\n")

    with pytest.raises(RegistryError, match="ModuleNotFoundError: No module named 'no_such_module_of_ours'"):
        registry.load([tmp_path / "pack"])


def test_a_module_without_a_rule_is_named(tmp_path: Path):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "stray.py").write_text("")

    with pytest.raises(RegistryError, match=r"stray\.py: has no `RULE`"):
        registry.load([tmp_path / "pack"])


def test_a_rule_path_must_be_a_folder(tmp_path: Path):
    with pytest.raises(RegistryError, match="is no directory"):
        registry.load([tmp_path / "nowhere"])


def test_prefixes_select_their_codes(tmp_path: Path):
    write_rule(tmp_path / "pack", "ACM311", "unblessed-one")
    write_rule(tmp_path / "pack", "ACM321", "unblessed-two")
    loaded = registry.load([tmp_path / "pack"])

    assert loaded.match("ACM31") == {"ACM311"}
    assert loaded.match("ACM3") == {"ACM311", "ACM321"}


@pytest.mark.parametrize(
    ("selector", "nearest"),
    [
        ("reproducability", "reproducibility"),
        ("@mlop", "@mlops"),
        ("unseeded-splits", "unseeded-split"),
        ("xop302", "XOP302"),
        ("all", "ALL"),
    ],
)
def test_an_unknown_selector_names_the_nearest(selector: str, nearest: str):
    with pytest.raises(SelectorError) as raised:
        registry.load().match(selector)

    assert str(raised.value) == f"unknown rule selector `{selector}`; did you mean `{nearest}`?"


def test_a_selector_like_nothing_gets_no_suggestion():
    with pytest.raises(SelectorError) as raised:
        registry.load().match("qqqqqqqqqqqqqqqqqqq")

    assert str(raised.value) == "unknown rule selector `qqqqqqqqqqqqqqqqqqq`"
