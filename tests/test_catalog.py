"""The tool catalog: its vocabulary is closed, its files load alone, its mistakes are named."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from xops_lint.catalog import Catalog
from xops_lint.entry import Entry, Parameter
from xops_lint.exceptions import CatalogError


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog()


def all_entries(catalog: Catalog) -> list[Entry]:
    return [entry for tool in catalog.tools() for entry in catalog.entries(tool)]


def write(folder: Path, text: str, name: str = "tracker.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


OWN = """\
tool: tracker
title: Our tracker
roots: [acme]
generations: {g: ["acme==1.0"]}
aliases: {acme.tracking: acme}
types: {acme.Child: [acme.Base]}
calls:
  - names: [acme.open_run]
    roles: [start_run]
    returns: acme.Run
    parameters: {name: {names: [title, name], position: 0}, mode: {name: mode, default: online}}
  - names: [acme.Run.log]
    roles: [track, log_metrics]
  - names: [acme.Base, acme.Child]
    roles: [estimator]
  - names: [acme.Base.fit]
    roles: [train]
  - names: [acme.Forest]
    returns: acme.Base
    parameters: {seed: random_state}
    chance: {unless: {shuffle: [false, "<default>"]}}
  - names: [acme.*.load]
    roles: [load_model]
    returns: acme.*
"""


def test_every_built_in_file_keeps_to_the_schema(catalog: Catalog) -> None:
    assert len(all_entries(catalog)) > 3000


def test_no_name_is_catalogued_twice(catalog: Catalog) -> None:
    counted = Counter(entry.name for entry in all_entries(catalog))

    assert [name for name, times in counted.items() if times > 1] == []


def test_no_catalogued_name_is_hidden_by_an_alias(catalog: Catalog) -> None:
    hidden = {entry.name for entry in all_entries(catalog) if "*" not in entry.name} - {
        catalog.canonical(entry.name) for entry in all_entries(catalog)
    }

    assert hidden == set()


def test_every_role_is_played_by_some_tool(catalog: Catalog) -> None:
    played = frozenset().union(*(entry.roles for entry in all_entries(catalog)))

    assert set(catalog.roles()) - played == set()


def test_every_trait_and_meaning_is_used(catalog: Catalog) -> None:
    entries = all_entries(catalog)
    traits = frozenset().union(*(entry.traits for entry in entries))
    meanings = {meaning for entry in entries for meaning in entry.parameters}

    assert set(catalog.vocabulary.traits) - traits == set()
    assert set(catalog.vocabulary.parameters) - meanings == set()


def test_a_call_left_to_chance_can_be_seeded_somehow(catalog: Catalog) -> None:
    entries = [entry for entry in all_entries(catalog) if entry.chance and "split_data" in entry.roles]

    assert [entry.name for entry in entries if "seed" not in entry.parameters] == []


def test_types_that_are_named_have_no_cycle(catalog: Catalog) -> None:
    for entry in all_entries(catalog):
        assert entry.name not in catalog.bases(entry.name)


def test_only_the_files_of_the_asked_roots_are_read() -> None:
    catalog = Catalog()

    catalog.load_for(["sklearn"])

    assert catalog.loaded() == ("sklearn",)


def test_an_uncatalogued_root_reads_nothing() -> None:
    catalog = Catalog()

    assert catalog.lookup("somebodys.own.function") is None
    assert catalog.loaded() == ()


def test_roots_are_known_without_reading_the_files() -> None:
    catalog = Catalog()

    assert catalog.roots["sklearn"] == ("sklearn",)
    assert "wandb" in catalog.tools()
    assert catalog.loaded() == ()


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("sklearn.model_selection.train_test_split", {"split_data"}),
        ("sklearn.ensemble.RandomForestClassifier.fit", {"train"}),
        ("sklearn.preprocessing.StandardScaler.fit", {"preprocess"}),
        ("sklearn.preprocessing.StandardScaler.fit_transform", {"preprocess", "transform"}),
        ("sklearn.ensemble._forest.RandomForestClassifier", {"estimator"}),
        ("sklearn.cross_validation.train_test_split", {"split_data"}),
        ("xgboost.XGBClassifier.predict_proba", {"predict"}),
        ("tensorflow.keras.Sequential.fit", {"train"}),
        ("keras.models.Sequential", {"estimator"}),
        ("tensorflow.compat.v1.set_random_seed", {"seed"}),
        ("pytorch_lightning.Trainer.fit", {"train"}),
        ("pytorch_lightning.LightningModule.eval", {"evaluation_mode"}),
        ("mlflow.sklearn.log_model", {"log_model", "track"}),
        ("mlflow.tracking.MlflowClient.log_metric", {"track", "log_metrics"}),
        ("wandb.sdk.wandb_run.Run.log", {"track", "log_metrics"}),
        ("geopandas.GeoDataFrame.sample", {"sample_data"}),
        ("torch.nn.Conv2d.eval", {"evaluation_mode"}),
        ("torch.optim.Adam.zero_grad", {"reset_gradient"}),
        ("optuna.study.create_study", {"tune"}),
        ("imblearn.over_sampling.SMOTE.fit_resample", {"resample"}),
    ],
)
def test_a_name_is_found_by_itself_alias_wildcard_or_base(catalog: Catalog, name: str, roles: set[str]) -> None:
    entry = catalog.lookup(name)

    assert entry is not None
    assert entry.roles == roles


def test_a_class_makes_itself(catalog: Catalog) -> None:
    entry = catalog.lookup("sklearn.ensemble.RandomForestClassifier")

    assert entry is not None
    assert entry.returns == "sklearn.ensemble.RandomForestClassifier"
    assert catalog.bases(entry.name) == ("sklearn.base.ClassifierMixin", "sklearn.base.BaseEstimator")


def test_a_wildcard_fills_in_the_type_it_returns(catalog: Catalog) -> None:
    entry = catalog.lookup("transformers.BertModel.from_pretrained")

    assert entry is not None
    assert (entry.name, entry.returns) == ("transformers.BertModel.from_pretrained", "transformers.BertModel")


def test_global_seeds_cover_the_families_they_seed(catalog: Catalog) -> None:
    covered = {name: set(entry.seeds) for name in SEEDS if (entry := catalog.lookup(name))}

    assert covered == SEEDS


SEEDS = {
    "random.seed": {"random"},
    "numpy.random.seed": {"numpy"},
    "torch.manual_seed": {"torch"},
    "tensorflow.random.set_seed": {"tensorflow"},
    "keras.utils.set_random_seed": {"random", "numpy", "tensorflow", "torch"},
    "transformers.set_seed": {"random", "numpy", "torch", "tensorflow"},
    "lightning.seed_everything": {"random", "numpy", "torch"},
}


def test_an_own_file_is_read_beside_the_built_in_ones(tmp_path: Path) -> None:
    catalog = Catalog([write(tmp_path, OWN)])

    run, inherited = catalog.lookup("acme.tracking.open_run"), catalog.lookup("acme.Child.fit")
    forest, loaded = catalog.lookup("acme.Forest"), catalog.lookup("acme.Model.load")

    assert run is not None and inherited is not None and forest is not None and loaded is not None
    assert run.parameters["name"] == Parameter(("title", "name"), 0)
    assert run.parameters["mode"] == Parameter(("mode",), None, "online")
    assert inherited.roles == {"train"}
    assert forest.chance == {"unless": {"shuffle": [False, "<default>"]}}
    assert loaded.returns == "acme.Model"
    assert catalog.lookup("acme.Forest.fit") == inherited
    assert catalog.lookup("sklearn.utils.shuffle") is not None


def test_a_folder_of_own_files_is_read(tmp_path: Path) -> None:
    write(tmp_path, OWN)

    assert "tracker" in Catalog([tmp_path]).tools()


def test_an_own_file_wins_over_a_built_in_one(tmp_path: Path) -> None:
    own = write(
        tmp_path, "tool: sklearn\nroots: [sklearn]\ncalls:\n  - {names: [sklearn.utils.shuffle], roles: [track]}\n"
    )

    entry = Catalog([own]).lookup("sklearn.utils.shuffle")

    assert entry is not None
    assert entry.roles == {"track"}


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ("[start_run]", "[strat_run]", 9, "unknown role `strat_run`; did you mean `start_run`?"),
        ("seed: random_state", "sede: random_state", 20, "unknown parameter meaning `sede`; did you mean `seed`?"),
        ("returns: acme.Base", "traits: [hubb]", 19, "unknown trait `hubb`; did you mean `hub`?"),
        ("    returns: acme.Run\n", "    return: acme.Run\n", 10, "unknown key; did you mean `returns`?"),
        ("title: Our tracker", "titel: Our tracker", 2, "unknown key; did you mean `title`?"),
        ("[acme.Base.fit]", "[acme.Base.fit, acme.Run.log]", 16, "`acme.Run.log` is listed twice"),
        ("[acme.Base.fit]", "[acme..fit]", 16, "`acme..fit` is a malformed name"),
        ("[acme.Base.fit]", "[other.fit]", 16, "`other.fit` is below none of the file's roots"),
        ("{unless: {shuffle: [false", "{unles: {shuffle: [false", 21, "unknown key; did you mean `unless`?"),
        (
            "{names: [title, name], position: 0}",
            "{names: [title], position: first}",
            11,
            "counts positional arguments from 0",
        ),
        ("[load_model]", "load_model", 23, "is a list of words"),
        ("roots: [acme]", "roots: [ac me]", 3, "`ac me` is no import root"),
    ],
)
def test_a_mistake_is_named_by_file_line_and_key(
    tmp_path: Path, before: str, after: str, line: int, message: str
) -> None:
    assert before in OWN
    path = write(tmp_path, OWN.replace(before, after, 1))

    with pytest.raises(CatalogError) as raised:
        Catalog([path])

    assert str(raised.value).startswith(f"{path}:{line}: ")
    assert str(raised.value).endswith(message)


@pytest.mark.parametrize("text", ["", "- a list\n", "tool: only\n", "tool: [unclosed\n", "tool: x\nroots: [x]\n"])
def test_a_file_that_is_no_tool_file_is_refused(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)

    with pytest.raises(CatalogError, match=r"tracker\.yaml:\d+: "):
        Catalog([path])


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no such tool file or folder"):
        Catalog([tmp_path / "nothing.yaml"])
