"""Evidence becomes arrays: the right rows, weights, sides and tags, and nothing from the future."""

from __future__ import annotations

import dataclasses
import datetime as dt
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dispersal.case import Case, load_case
from dispersal.case.schema import Figure
from dispersal.inference.evidence import make_log_likelihood
from dispersal.inference.observation import BIAS_TAGS, QUANTITIES, STATES, observe, value_and_width
from dispersal.inference.prediction import informed_origins
from dispersal.model.design import STRATA, Design, make_design
from tests.model.drawn import prior_values

CUTOFF = dt.date(2017, 3, 7)


@cache
def case() -> Case:
    return load_case("isis_2017")


@cache
def design() -> Design:
    return make_design(case(), CUTOFF)


def with_figures(*rows: Figure) -> Case:
    ledger = dataclasses.replace(case().ledger, figure_rows=(*case().ledger.figure_rows, *rows))
    return dataclasses.replace(case(), ledger=ledger)


def figure(**changes: object) -> Figure:
    base: dict[str, object] = {
        "figure_id": "new",
        "quantity": "returned",
        "origin": "TUN",
        "low": 5000,
        "high": 5000,
        "qualifier": "point",
        "as_of": "2017-01-31",
        "published": "2017-02-28",
        "source": "soufan_2017",
        "note": "",
    }
    return Figure.model_validate(base | changes)


def row_of(figure_id: str, of: Design | None = None) -> dict[str, object]:
    found = observe(of or design())
    at = found.figure_id.index(figure_id)
    fields = dataclasses.fields(found)
    return {field.name: getattr(found, field.name)[at] for field in fields}


def test_every_row_was_known_and_speaks_of_the_past() -> None:
    known = case().as_known_on(CUTOFF).ledger
    rows = pd.concat([known.figures, known.aggregates]).set_index("figure_id")
    found = observe(design())
    assert len(found.figure_id) > 300
    chosen = rows.loc[list(found.figure_id)]
    assert (chosen["published"] <= pd.Timestamp(CUTOFF)).all()
    assert (chosen["as_of"] <= pd.Timestamp(CUTOFF)).all()
    assert not any({"misprint", "overlap"} & tags for tags in chosen["tags"])


def test_rows_published_later_change_nothing() -> None:
    later = with_figures(
        figure(published="2017-03-08"), figure(figure_id="n2", published="2019-01-01")
    )
    before, after = observe(design()), observe(make_design(later, CUTOFF))
    for field in dataclasses.fields(before):
        np.testing.assert_array_equal(getattr(before, field.name), getattr(after, field.name))


def test_a_row_published_in_time_is_seen() -> None:
    known = make_design(with_figures(figure()), CUTOFF)
    row = row_of("new", known)
    assert row["value"] == pytest.approx(np.log1p(5000))
    assert row["origin"] == known.origins.index("TUN")
    assert row["quantity"] == list(QUANTITIES).index("returned")
    expected = np.outer([name == "home" for name in STATES], [1.0, 1.0, 0.0])
    np.testing.assert_array_equal(row["weights"], expected)


@pytest.mark.parametrize(
    ("changes", "side"),
    [
        ({"qualifier": "at_least", "high": None}, 1),
        ({"qualifier": "at_most", "low": None}, -1),
        ({}, 0),
    ],
)
def test_sides(changes: dict[str, object], side: int) -> None:
    assert row_of("new", make_design(with_figures(figure(**changes)), CUTOFF))["side"] == side


@pytest.mark.parametrize(
    ("quantity", "strata"),
    [("women_departed", {"women"}), ("minors_returned", {"minors"}), ("killed", {"men", "women"})],
)
def test_strata(quantity: str, strata: set[str]) -> None:
    row = row_of("new", make_design(with_figures(figure(quantity=quantity)), CUTOFF))
    weights = np.asarray(row["weights"]).max(axis=0)
    assert {name for name, weight in zip(STRATA, weights, strict=True) if weight} == strata


def test_repatriations_are_left_out() -> None:
    known = make_design(with_figures(figure(quantity="repatriated")), CUTOFF)
    assert "new" not in observe(known).figure_id


def test_tags_reach_their_bias() -> None:
    rows = case().as_known_on(CUTOFF).ledger.query(tag="unofficial")
    tagged = set(rows["figure_id"])
    found = observe(design())
    column = found.tags[:, BIAS_TAGS.index("unofficial")]
    flagged = {name for name, flag in zip(found.figure_id, column, strict=True) if flag}
    assert flagged
    assert flagged <= tagged


def test_range_is_an_eighty_per_cent_interval() -> None:
    frame = pd.DataFrame({"low": [99.0], "high": [399.0], "qualifier": ["range"]})
    value, width, side = value_and_width(frame)
    low, high = stats.norm(value[0], width[0]).ppf([0.1, 0.9])
    np.testing.assert_allclose(np.expm1([low, high]), [99.0, 399.0], rtol=1e-9)
    assert side[0] == 0


def test_informed_origins_have_rows() -> None:
    found = observe(design())
    informed = informed_origins(found, design())
    returned = (found.quantity == list(QUANTITIES).index("returned")) & (found.aggregate < 0)
    seen = np.zeros(len(design().origins), dtype=bool)
    seen[found.origin[returned]] = True
    np.testing.assert_array_equal(informed["bias_returned"], seen)
    assert informed["home_origin"].sum() > seen.sum()


def test_a_case_without_evidence_has_no_rows_and_a_likelihood_of_one() -> None:
    ledger = dataclasses.replace(case().ledger, figure_rows=(), aggregate_rows=())
    empty = make_design(dataclasses.replace(case(), ledger=ledger), CUTOFF)
    found = observe(empty)
    assert found.figure_id == ()
    values = {name: jnp.asarray(row[0]) for name, row in prior_values(empty, 1, 1).items()}
    evidence = make_log_likelihood(empty, found)
    assert float(jax.jit(evidence)(values)) == 0.0
