"""What chance decides in a program, and what seeds it."""

from __future__ import annotations

from xops_lint.catalog import Catalog
from xops_lint.chance import first_draws, matters, partial_seedings, seeds, sounds_like_seeding
from xops_lint.code import PythonFile
from xops_lint.facts import facts_of
from xops_lint.languages.python import read_module
from xops_lint.project import Project


def model(source: str, path: str = "train.py") -> PythonFile:
    file = read_module(path, source, Catalog())
    assert file.problems == []
    return file


def project(**sources: str) -> Project:
    """Return a project of modules, named without their suffix."""
    facts = [facts_of(model(source, f"{name}.py")) for name, source in sources.items()]
    return Project("", facts)


def mattering(source: str) -> list[str]:
    """Return the draws of a program that go into data, models or scores."""
    found = project(train=source)
    file = found.files["train.py"]
    return [call.name for call in file.playing("draw") if matters(found, file, call)]


def test_functions_tell_what_they_give_back() -> None:
    file = model("import random\ndef f(x):\n    y = x + random.random()\n    return y\ndef g():\n    random.random()\n")

    assert file.returned == {"f": frozenset({0})}


def test_texts_give_back_nothing_that_was_drawn() -> None:
    file = model("import random\ndef f(x):\n    return f'run-{random.random()}'\n")

    assert file.returned == {}


def test_unknown_functions_that_are_called_for_seeding_may_seed_anything() -> None:
    found = project(train="from labkit import fix_all_seeds\nfix_all_seeds(7)\n")

    assert seeds(found, found.files["train.py"], "torch")


def test_a_seed_of_an_unknown_object_is_its_own() -> None:
    file = model("def f(environment):\n    environment.seed(7)\n    environment.seed_everything(7)\n")

    assert [sounds_like_seeding(call) for call in file.all_calls] == [False, True]


def test_a_value_that_is_made_and_kept_is_no_seeding_unless_it_is_set() -> None:
    file = model("from labkit import make_seed, set_seed\nseed = make_seed()\nseed = set_seed(None)\n")

    assert [sounds_like_seeding(call) for call in file.all_calls] == [False, True]


def test_a_block_that_is_run_with_a_seed_is_seeded() -> None:
    file = model("from labkit import numpy_seed\nwith numpy_seed(7):\n    pass\n")

    assert [sounds_like_seeding(call) for call in file.all_calls] == [True]


def test_seed_data_and_seeds_that_are_shown_seed_nothing() -> None:
    file = model("from labkit import seed_database, log_seed, set_seed\nseed_database()\nlog_seed(7)\nset_seed(7)\n")

    assert [sounds_like_seeding(call) for call in file.all_calls] == [False, False, True]


def test_a_seed_of_none_seeds_nothing() -> None:
    found = project(train="import random\nrandom.seed()\n", other="import random\nrandom.seed(7)\n")

    assert not seeds(found, found.files["train.py"], "random")
    assert seeds(found, found.files["other.py"], "random")


def test_draws_matter_where_data_models_or_scores_take_them() -> None:
    source = "import numpy as np\nrows = np.random.rand(5)\nnp.save('rows.npy', rows)\nprint(np.random.randn(3))\n"

    assert mattering(source) == ["numpy.random.rand"]


def test_names_seeds_and_scores_of_nothing_do_not_matter() -> None:
    source = """
import random, string
import numpy as np
from sklearn.metrics import accuracy_score
name = random.choice(string.ascii_letters)
np.save(name, 1)
seed = random.randint(0, 9)
random.seed(seed)
print(accuracy_score(np.random.randint(2, size=9), np.random.randint(2, size=9)))
"""

    assert mattering(source) == []


def test_first_weights_count_only_where_a_model_is_trained() -> None:
    layers = "import torch\nmodel = torch.nn.Linear(4, 1)\n"
    scoring = project(train=layers + "print(model(1))\n")
    training = project(train=layers + "torch.nn.functional.mse_loss(model(1), 2).backward()\noptimizer.step()\n")

    assert first_draws(scoring, scoring.files["train.py"]) == {}
    assert list(first_draws(training, training.files["train.py"])) == ["torch"]


def test_a_place_that_seeds_several_families_tells_what_it_leaves_out() -> None:
    source = """
import random
import numpy as np
import torch
random.seed(1)
np.random.seed(1)
torch.nn.functional.mse_loss(torch.nn.Linear(4, 1)(2), 3).backward()
optimizer.step()
"""
    found = project(train=source)

    (seeding,) = partial_seedings(found, found.files["train.py"])
    assert seeding.covered == ("random", "numpy")
    assert list(seeding.missing) == ["torch"]
