from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
import pytest

from dispersal.model.fates import DETAINED, FATES, HOME, KILLED, ONWARD, UNDERGROUND
from dispersal.model.strata import ratios, sizes, women_share

if TYPE_CHECKING:
    from dispersal.model.design import Design
    from dispersal.model.forward import Forward


def of_draw(forward: Forward, draw: int) -> dict[str, Any]:
    return {name: jax.numpy.asarray(value[draw]) for name, value in forward.values.items()}


def with_strata(design: Design, men: bool, women: bool, minors: bool) -> Design:
    return replace(design, strata=np.array([men, women, minors]))


@pytest.mark.parametrize("draw", range(5))
def test_men_and_women_together_have_the_hazard_of_the_adults(
    isis_forward: Forward, draw: int
) -> None:
    values, design = of_draw(isis_forward, draw), isis_forward.design
    ratio = np.asarray(ratios(values, design))
    women = np.asarray(women_share(values, design))
    assert ratio.shape == (3, len(FATES), len(design.origins))
    assert ((women > 0) & (women < 1)).all()
    adults = (1 - women) * ratio[0] + women * ratio[1]
    assert adults == pytest.approx(np.ones_like(adults))


def test_women_and_minors_stand_to_men_as_the_parameters_say(isis_forward: Forward) -> None:
    values = of_draw(isis_forward, 0)
    ratio = np.asarray(ratios(values, isis_forward.design))
    for stratum, name in ((1, "women"), (2, "minors")):
        for fate, key in ((KILLED, "killed"), (DETAINED, "detained"), (HOME, "home")):
            expected = float(values[f"{name}_{key}"])
            assert ratio[stratum, fate] / ratio[0, fate] == pytest.approx(
                np.full(ratio.shape[2], expected)
            )
        for fate in (UNDERGROUND, ONWARD):
            assert ratio[stratum, fate] == pytest.approx(ratio[0, fate])


def test_sizes_add_up(isis_forward: Forward) -> None:
    values, design = of_draw(isis_forward, 0), isis_forward.design
    men, women, minors = np.asarray(sizes(values, design))
    assert men + women == pytest.approx(np.exp(np.asarray(values["members"])))
    assert women / (men + women) == pytest.approx(np.asarray(women_share(values, design)))
    ratio = float(values["minors_ratio"]) * np.exp(np.asarray(values["minors_ratio_origin"]))
    assert minors / (men + women) == pytest.approx(ratio)


def test_strata_that_a_case_leaves_out_are_empty(isis_forward: Forward) -> None:
    values, design = of_draw(isis_forward, 0), isis_forward.design
    adults = np.exp(np.asarray(values["members"]))
    men, women, minors = np.asarray(sizes(values, with_strata(design, True, False, False)))
    assert men == pytest.approx(adults)
    assert not women.any()
    assert not minors.any()
    men, women, minors = np.asarray(sizes(values, with_strata(design, False, True, True)))
    assert not men.any()
    assert women == pytest.approx(adults)
    assert (minors > 0).all()


def test_one_stratum_of_adults_has_their_hazard(isis_forward: Forward) -> None:
    values, design = of_draw(isis_forward, 0), isis_forward.design
    assert np.asarray(ratios(values, with_strata(design, True, False, True)))[0] == pytest.approx(1)
    assert np.asarray(ratios(values, with_strata(design, False, True, True)))[1] == pytest.approx(1)
