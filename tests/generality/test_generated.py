"""Every property on cases that nobody wrote: fifty on every run of the tests, 500 at night."""

from __future__ import annotations

import os
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from dispersal.forecast import ensemble

from . import properties
from .compiled import compiled_formulas_agree
from .strategies import cases
from .uncompiled import formulas_by_numpy

if TYPE_CHECKING:
    from .recipes import Recipe

#: Cases of ``make test``, and of ``make nightly``.
FEW, MANY = 50, 500

#: Every so many cases, a property that takes long is looked at.
SELDOM = 8

#: Every so many cases, the formulas are also compiled.
COMPILED = 50

ALWAYS = (
    properties.people_are_conserved,
    properties.every_table_is_finite,
    properties.words_tell_of_those_who_are,
    properties.names_do_not_matter,
    properties.what_nobody_can_reach_changes_nothing,
    properties.splitting_an_origin_changes_no_total,
)
SELDOM_LOOKED_AT = (
    properties.the_same_seed_gives_the_same_bits,
    properties.the_document_is_finite,
    properties.what_is_saved_is_loaded,
)


@dataclass
class Tally:
    """What was really looked at."""

    seen: set[str] = field(default_factory=set)
    kinds: set[tuple[str, ...]] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    split: int = 0
    compiled: int = 0

    @property
    def cases(self) -> int:
        return len(self.seen)


def look_at_cases(count: int, first_seed: int) -> Tally:
    """Look at so many cases, each of a seed of its own.

    Hypothesis begins with the simplest case, and goes on with variations of one that it has drawn;
    one draw a seed makes cases that have nothing in common. What fails is made smaller as ever.
    """
    tally = Tally()
    number = 0

    def look_at(recipe: Recipe) -> None:
        key = str(recipe)
        if key in tally.seen:
            return
        with tempfile.TemporaryDirectory() as folder, formulas_by_numpy():
            made = properties.Forecasted.of(recipe, Path(folder))
            # By the seed, so that a case that fails is looked at alike while it is made smaller.
            seldom = SELDOM_LOOKED_AT if number % SELDOM == 0 else ()
            for holds in (*ALWAYS, *seldom):
                found = holds(made)
                tally.split += found is True
        if number % COMPILED == 0:
            compiled_formulas_agree(made.posterior)
            tally.compiled += 1
        tally.seen.add(key)
        tally.kinds.add(tuple(sorted({row.kind for row in made.case.origins})))
        tally.steps.add(made.case.step)

    with mock.patch.object(ensemble, "BATCH", properties.DRAWS):
        while tally.cases < count:
            of_seed = settings(
                max_examples=2,
                phases=[Phase.generate, Phase.shrink],
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            )(given(cases())(look_at))
            seed(first_seed + number)(of_seed)()
            number += 1
            assert number < 2 * count + 10, f"{number} seeds gave {tally.cases} cases"
    return tally


def require_variety(tally: Tally) -> None:
    """Raise unless every kind of case was among them."""
    assert tally.kinds == {("foreign",), ("local",), ("foreign", "local")}
    assert tally.steps == {"month", "week"}
    assert tally.split >= tally.cases // 5
    assert tally.compiled >= tally.cases // COMPILED


def test_fifty_cases() -> None:
    tally = look_at_cases(FEW, first_seed=1)
    assert tally.cases >= 50
    require_variety(tally)


@pytest.mark.slow
def test_five_hundred_cases_of_a_fresh_seed(capsys: pytest.CaptureFixture[str]) -> None:
    first_seed = int(os.environ.get("DISPERSAL_SEED") or secrets.randbits(31))
    with capsys.disabled():
        print(f"\ngenerated cases from DISPERSAL_SEED={first_seed} on")
    tally = look_at_cases(MANY, first_seed)
    assert tally.cases >= 500
    require_variety(tally)
