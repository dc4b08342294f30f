"""Draws carried to a later cut-off, and turned back into what the sampler walks among."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpyro import handlers

from dispersal.inference.extend import carried, design_on, flat, start_of_quarters
from dispersal.inference.observation import observe
from dispersal.inference.posterior import axis_labels
from dispersal.inference.prediction import days_of_departures, informed_origins
from dispersal.inference.program import priors
from dispersal.inference.reweigh import only, reweigh, row_likelihoods
from dispersal.inference.warm import sites_of, warm_start
from dispersal.model.design import make_design

if TYPE_CHECKING:
    from dispersal.inference.posterior import Posterior

LATER = dt.date(2017, 9, 7)


def test_quarters_stay_where_they_were(posterior: Posterior) -> None:
    case, start = posterior.design.case, posterior.design.months.start
    assert start_of_quarters(axis_labels(posterior.design)["knot"]) == start
    assert start_of_quarters(["a"]) is None
    same = design_on(case, posterior.design.cutoff, start)
    assert same.months == make_design(case, posterior.design.cutoff).months
    for day in (dt.date(2017, 3, 20), dt.date(2017, 4, 30), LATER):
        design = design_on(case, day, start)
        assert design.months.start == start
        end = design.months.instant(design.months.steps)
        assert abs((end - day).days) <= 47
        assert design.held.shape == (design.steps + 1,)
        assert design.open_home.shape[1] == design.steps


def test_what_was_seen_is_as_likely_after_more_quarters(posterior: Posterior) -> None:
    design = design_on(posterior.design.case, LATER, posterior.design.months.start)
    assert design.steps == posterior.design.steps + 2
    values, gained = carried(posterior, design, 1)
    before = row_likelihoods(flat(posterior.samples), posterior.design, posterior.observations)
    after = row_likelihoods(values, design, observe(design))
    np.testing.assert_allclose(after, before, rtol=0, atol=0.02)
    level = posterior.table["home_hazard"]
    assert isinstance(level.b, float)

    def log_prior(hazard: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> object:
        return -0.5 * (np.log(hazard / level.median) / level.b) ** 2

    # Of the two hazards one was checked by hand; the other is the rest.
    rest = dict(flat(posterior.samples), home_hazard=values["home_hazard"])
    own = log_prior(values["home_hazard"]) - log_prior(flat(posterior.samples)["home_hazard"])  # type: ignore[operator]
    killed = posterior.table["killed_hazard"]
    z = [np.log(v["killed_hazard"] / killed.median) / float(killed.b) for v in (values, rest)]
    np.testing.assert_allclose(gained, own - 0.5 * (z[0] ** 2 - z[1] ** 2), atol=1e-9)


def test_quarters_that_moved_are_refused(posterior: Posterior) -> None:
    design = make_design(posterior.design.case, dt.date(2017, 3, 20))
    with pytest.raises(ValueError, match="expected those from 2011-12-01"):
        carried(posterior, design, 1)


def test_without_news_nothing_changes(posterior: Posterior) -> None:
    found = reweigh(posterior, posterior.design, 3)
    assert found.problems == ()
    assert found.weights.khat == 0.0
    assert found.new == {}
    for name, draws in posterior.samples.items():
        np.testing.assert_array_equal(found.posterior.samples[name], draws, err_msg=name)


def test_rows_of_one_origin_are_as_likely_without_the_others(posterior: Posterior) -> None:
    observations = posterior.observations
    values = {name: value[:50] for name, value in flat(posterior.samples).items()}
    every = row_likelihoods(values, posterior.design, observations)
    tunisia = observations.origin == posterior.design.origins.index("TUN")
    some = row_likelihoods(values, posterior.design, only(observations, tunisia))
    np.testing.assert_allclose(some, every[:, tunisia], rtol=1e-9)


def test_sites_are_what_the_program_makes_the_values_of(posterior: Posterior) -> None:
    design, observations = posterior.design, posterior.observations
    values = {name: value[7:8] for name, value in flat(posterior.samples).items()}
    sites = {
        name: value[0]
        for name, value in sites_of(values, posterior.table, design, observations).items()
    }
    informed = informed_origins(observations, design)
    seen = days_of_departures(observations, design)
    program = handlers.substitute(handlers.seed(priors, 0), data=sites)
    made = program(posterior.table, design, informed, seen)
    trace = handlers.trace(handlers.seed(priors, 0)).get_trace(
        posterior.table, design, informed, seen
    )
    assert set(sites) == {name for name, site in trace.items() if site["type"] == "sample"}
    for name, value in values.items():
        keep = informed.get(name)
        found, wanted = np.asarray(made[name]), value[0]
        if keep is not None and np.ndim(wanted):
            found, wanted = found[keep], wanted[keep]
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-8, err_msg=name)


def test_chains_begin_at_different_draws(posterior: Posterior) -> None:
    warm = warm_start(posterior, posterior.design, posterior.observations, 4, 1)
    points = [warm.of_chain(at)["globals_unit"] for at in range(4)]
    assert all((points[0] != point).any() for point in points[1:])
    assert warm.inverse_mass.shape == (sum(v.size for v in warm.variances.values()),)
    assert (warm.inverse_mass > 0).all()
