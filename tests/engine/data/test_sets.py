"""Sets: drawn from the seed, set apart without overlap, and the published signals as published."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from fallline.core.errors import DataError, SpecError
from fallline.core.rng import generator
from fallline.engine.data.sets import SETS, Data, data_of, load_set
from fallline.engine.data.sets.mnist1d import signals
from fallline.engine.data.sets.text import GRAMMAR, LETTERS

ALL = pytest.mark.parametrize("name", SETS)


@ALL
def test_a_set_is_whole_and_set_apart(name: str) -> None:
    """Every row has one part; numbers are finite float32, classes count from 0, and nothing can be changed."""
    data = load_set(name, generator(0, "data"), rows=max(SETS[name].least, 200))
    parts = np.concatenate([data.train, data.validation, data.test])
    assert np.array_equal(np.sort(parts), np.arange(len(data.x)))
    assert len(data.train) > len(data.validation) > 0
    assert data.task == SETS[name].task
    if data.vocabulary:
        assert data.x.dtype == np.int64
        assert 0 <= data.x.min() <= data.x.max() < data.vocabulary == data.outputs
    else:
        assert data.x.dtype == np.float32
        assert np.isfinite(data.x).all()
    if data.classes:
        assert set(np.unique(data.y)) == set(range(data.classes))
    with pytest.raises(ValueError, match="read-only"):
        data.x[0] = 0


@ALL
def test_the_same_generator_gives_the_same_set(name: str) -> None:
    """Bit by bit, by its SHA-256; another seed gives another."""
    rows = max(SETS[name].least, 100)
    first, again, other = (load_set(name, generator(seed, "data"), rows=rows).sha256 for seed in (0, 0, 1))
    assert first == again != other


@ALL
def test_noise_is_added(name: str) -> None:
    """More noise changes the samples or what is said of them."""
    rows = max(SETS[name].least, 100)
    calm, loud = (load_set(name, generator(0, "data"), rows=rows, noise=noise) for noise in (0.0, 0.5))
    assert not (np.array_equal(calm.x, loud.x) and np.array_equal(calm.y, loud.y))


def test_mnist1d_is_the_published_one() -> None:
    """The package's own generator, at its own seed, gives the same signals to 1e-12 and the same digits."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it imports matplotlib, whose parser says what pyparsing will rename
        from mnist1d.data import get_dataset_args, make_dataset
    arguments = get_dataset_args()
    arguments.num_samples = 400
    theirs = make_dataset(arguments)
    x, y = signals(40, 42)
    assert np.allclose(x, np.concatenate([theirs["x"], theirs["x_test"]]), atol=1e-12)
    assert np.array_equal(y, np.concatenate([theirs["y"], theirs["y_test"]]))


def test_the_line_has_the_condition_that_it_states() -> None:
    """The curvatures of its mean squared error are in the ratio of about 30."""
    data = load_set("line", generator(0, "data"), rows=20_000)
    curvatures = np.linalg.eigvalsh(np.cov(data.x.T.astype(np.float64)))
    assert curvatures[-1] / curvatures[0] == pytest.approx(30.0, rel=0.1)


def test_the_text_is_of_the_grammar_and_y_is_the_next_letter() -> None:
    """Every word that stands whole in the text is one of the grammar's; y is x moved by one."""
    data = load_set("text", generator(0, "data"), rows=60)
    flat = data.x.ravel()
    assert np.array_equal(data.y.ravel()[:-1], flat[1:])
    written = "".join(LETTERS[code] for code in flat).rpartition(" ")[0]
    known = {word for alternatives in GRAMMAR.values() for each in alternatives for word in each.split()}
    assert set(written.replace(".", "").split()) <= known


def test_arrays_are_understood_or_refused() -> None:
    """Floats are a regression, whole numbers classes; what fits nothing is refused with the reason."""
    x = np.random.default_rng(0).standard_normal((12, 3))
    rng = np.random.default_rng(0)
    assert data_of(x, x[:, 0], rng).task == "regression"
    assert data_of(x, np.arange(12) % 2, rng).task == "binary"
    assert data_of(x, np.arange(12) % 3, rng).classes == 3
    tokens = data_of(np.ones((12, 4), int), np.ones((12, 4), int), rng, task="tokens", test=0.25)
    assert (tokens.vocabulary, len(tokens.test)) == (2, 3)
    for wrong, y, task, said in (
        (x[:5], np.zeros(12), None, "one row of each"),
        (x * np.nan, np.zeros(12), None, "not a finite"),
        (x, np.zeros(12, int), None, "1 classes"),
        (x, np.arange(12) % 3, "binary", "3 classes"),
        (x, x, "tokens", "expected tokens"),
    ):
        with pytest.raises(DataError, match=said):
            data_of(wrong, y, rng, task=task)
    with pytest.raises(SpecError, match="binary"):
        data_of(x, np.zeros(12), rng, task="binery")  # type: ignore[arg-type]
    with pytest.raises(SpecError, match="leaves rows"):
        data_of(x, np.zeros(12), rng, validation=0.6, test=0.5)


def test_a_set_without_rows_to_learn_from_is_refused() -> None:
    """Data says which set has none."""
    with pytest.raises(DataError, match="no row"):
        Data("empty", "regression", np.zeros((0, 1), np.float32), np.zeros((0, 1)), *(np.zeros(0, np.int64),) * 2)


def test_numbers_out_of_range_are_refused() -> None:
    """Too few rows, and noise that is none, name what was expected."""
    with pytest.raises(SpecError, match="from 16"):
        load_set("moons", generator(0, "data"), rows=3)
    with pytest.raises(SpecError, match=r"data\.noise"):
        load_set("moons", generator(0, "data"), noise=-1.0)
