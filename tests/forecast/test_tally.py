"""Tallies: exact sums, the same bits in any order, and quantiles near those of the draws."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from dispersal.forecast.labelled import layout, table_of, whole_numbers
from dispersal.forecast.store import load_forecast
from dispersal.forecast.tally import MOST, WITHIN, Tally, bins_of, first_of, merged

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from dispersal.forecast.forecast import Forecast

LEVELS = (0.0, 0.1, 0.25, 0.5, 0.9, 0.999, 1.0)

#: Draws of a few numbers of any size, small ones often.
DRAWS = arrays(
    np.int64,
    array_shapes(min_dims=2, max_dims=2, max_side=8),
    elements=st.one_of(st.integers(0, 20), st.integers(0, 5_000), st.integers(0, MOST)),
)


def same(one: Tally, other: Tally) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("draws", "starts", "bins", "counts", "sums")
    )


@given(DRAWS)
def test_bins_are_narrow_and_in_order(values: NDArray[np.int64]) -> None:
    low, width = first_of(bins_of(values))
    assert (low <= values).all()
    assert (values < low + width).all()
    assert (width[values < 2 * WITHIN] == 1).all()
    assert (width * WITHIN <= np.maximum(values, WITHIN)).all()
    ordered = np.sort(values.ravel())
    assert (np.diff(bins_of(ordered).astype(int)) >= 0).all()


def test_numbers_without_a_bin_are_refused() -> None:
    for wrong in (-1, MOST + 1):
        with pytest.raises(ValueError, match="expected 0 to"):
            bins_of(np.array([wrong]))


@given(DRAWS, st.data())
def test_parts_can_be_merged_in_any_order(values: NDArray[np.int64], data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(values)), max_size=3))
    edges = sorted({0, len(values), *cuts})
    parts = [Tally.of([values[a:b]]) for a, b in itertools.pairwise(edges)]
    whole = Tally.of([values])
    shuffled = data.draw(st.permutations(parts))
    assert same(merged(shuffled), whole)
    at = data.draw(st.integers(1, len(parts)))
    grouped = [merged(shuffled[:at]), *shuffled[at:]]
    assert same(merged(grouped), whole)
    assert same(Tally.from_arrays(whole.arrays()), whole)


@given(DRAWS)
def test_quantiles_are_within_a_bin(values: NDArray[np.int64]) -> None:
    found = Tally.of([values]).quantiles(LEVELS)
    # Of floats of up to 2^40, NumPy's own rounding is within 1e-3.
    for column, level in enumerate(LEVELS):
        exact = np.quantile(values, level, axis=0)
        over = np.quantile(values, level, axis=0, method="higher")
        assert (abs(found[:, column] - exact) <= over / WITHIN + 1e-3).all()
        small = over < 2 * WITHIN
        assert found[small, column] == pytest.approx(exact[small], abs=1e-9)


@given(DRAWS)
def test_means_and_variances_are_exact(values: NDArray[np.int64]) -> None:
    tally = Tally.of([values])
    for at, column in enumerate(values.T.tolist()):
        total, squares = sum(column), sum(value**2 for value in column)
        assert tally.means()[at] == total / len(column)
        variance = (squares * len(column) - total**2) / len(column) ** 2
        assert tally.variances()[at] == variance


def test_nothing_cannot_be_merged() -> None:
    with pytest.raises(ValueError, match="expected one or more"):
        merged([])


def test_the_summary_of_a_tally_is_that_of_its_draws(forecast: Forecast) -> None:
    ensemble = forecast.ensemble
    tally = Tally.of(whole_numbers(ensemble, slice(at, at + 7)) for at in range(0, 60, 7))
    found, exact = table_of(tally, ensemble), forecast.summary()
    labels = ["quantity", "origin", "place", "stratum", "date"]
    pd.testing.assert_frame_equal(found[labels], exact[labels])
    np.testing.assert_allclose(found["mean"], exact["mean"], rtol=1e-12)
    _, units = layout(ensemble)
    assert set(units) <= {1, 28, 29, 30, 31}
    assert len(units) == len(found)
    for level in ("p10", "p50", "p90"):
        np.testing.assert_allclose(found[level], exact[level], rtol=2 / WITHIN, atol=1e-9)
        few = exact[level] < 2 * WITHIN / 31
        # The next draw may be past those that are exact.
        np.testing.assert_allclose(found[level][few], exact[level][few], rtol=1e-12, atol=0.05)


def test_a_saved_tally_is_read_again(forecast: Forecast, tmp_path: Path) -> None:
    tally = Tally.of([whole_numbers(forecast.ensemble, slice(None))] * 2)
    made = type(forecast).of(forecast.ensemble, tally=tally)
    folder = made.save(tmp_path / "run")
    read = load_forecast(folder)
    assert read.size == 60
    assert read.tally is not None
    assert same(read.tally, tally)
    pd.testing.assert_frame_equal(read.summary(), made.summary())
    assert '"tallied": 120' in (folder / "run.json").read_text()
