"""What has to hold of the forecast of any case, whatever it is."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from dispersal.forecast import ensemble
from dispersal.forecast.answer import answer
from dispersal.forecast.forecast import Forecast
from dispersal.forecast.store import load_forecast
from dispersal.model.design import country_of
from dispersal.model.states import ALL_FATES, fate_of
from dispersal.report.document import document
from dispersal.report.schema import check

from .means import Means, posterior_of, renamed_states, with_origins_from

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dispersal.case import Case
    from dispersal.forecast.answer import Answer
    from dispersal.forecast.ensemble_types import Ensemble
    from dispersal.inference.posterior import Posterior

    from .recipes import Recipe, Row

DRAWS, SEED = 4, 7

#: Words that tell of a number that is none.
NO_NUMBERS = ("nan", "inf", "-inf", "None", "NaT")


@dataclass(frozen=True, eq=False)
class Forecasted:
    """A generated case with its forecast.

    Parameters
    ----------
    recipe : Recipe
    case : Case
    posterior : Posterior
    forecast : Forecast
    folder : Path
        Where files may be written.
    """

    recipe: Recipe
    case: Case
    posterior: Posterior
    forecast: Forecast
    folder: Path

    @classmethod
    def of(cls, recipe: Recipe, folder: Path) -> Forecasted:
        case = recipe.load(folder / "as_it_is")
        posterior = posterior_of(recipe, case)
        return cls(recipe, case, posterior, Forecast.of(simulated(posterior)), folder)

    @cached_property
    def words(self) -> Answer:
        """The answer."""
        return answer(self.forecast)

    def other(self, name: str, recipe: Recipe) -> tuple[Case, Posterior]:
        """Return another case, and draws from its priors."""
        case = recipe.load(self.folder / name)
        return case, posterior_of(recipe, case)


def simulated(posterior: Posterior, threads: int = 1) -> Ensemble:
    """Return sampled paths of a case."""
    return ensemble.simulate(posterior, draws=DRAWS, seed=SEED, threads=threads)


# --- of sampled paths ---------------------------------------------------------------------------


def people_are_conserved(made: Forecasted) -> None:
    """Nobody appears or disappears: of each draw, origin and stratum, and at places."""
    found = made.forecast.ensemble
    ahead = found.fates[..., found.now :].astype(np.int64)
    everyone = ahead.sum(axis=3)
    assert (ahead >= 0).all()
    assert (everyone == everyone[..., :1]).all()
    of_place = [fate_of(state) for state in found.place_states]
    by_stratum = found.strata_places
    assert by_stratum is not None
    assert (by_stratum.sum(axis=(1, 2)) == found.places.sum(axis=1)).all()
    for fate in set(of_place):
        there = [at for at, name in enumerate(of_place) if name == fate]
        total = ahead[:, :, :, ALL_FATES.index(fate)].sum(axis=2)
        assert (found.places[:, :, there].sum(axis=2) == total).all(), fate
    assert (np.diff(found.arrivals, axis=-1) >= 0).all()
    assert found.moves is not None
    assert (np.diff(found.moves, axis=-1) >= 0).all()


def the_same_seed_gives_the_same_bits(made: Forecasted) -> None:
    """Another run, by another number of threads, is equal."""
    require_equal(made.forecast.ensemble, simulated(made.posterior, threads=2))


def what_is_saved_is_loaded(made: Forecasted) -> None:
    """A forecast that was written and read again says the same."""
    saved = made.forecast.save(made.folder / "run")
    loaded = load_forecast(saved)
    require_equal(made.forecast.ensemble, loaded.ensemble)
    assert loaded.case == made.forecast.case
    assert answer(loaded) == made.words


def every_table_is_finite(made: Forecasted) -> None:
    """Summary, tables and answer hold numbers, in the order of their quantiles."""
    forecast = made.forecast
    for table in (
        forecast.summary(),
        forecast.remnant(),
        forecast.theatres_table(),
        forecast.origins_table(),
        *(forecast.fates_table(origin=group) for group in ("foreign", "local", "all")),
    ):
        numbers = table.select_dtypes("number")
        assert np.isfinite(numbers.to_numpy()).all()
        names = [str(name) for name in numbers]
        for prefix in {name.removesuffix("p10") for name in names if name.endswith("p10")}:
            low, middle, high = (numbers[f"{prefix}p{level}"] for level in (10, 50, 90))
            assert ((low <= middle) & (middle <= high)).all(), prefix
    words = made.words
    texts = [*words.sentences]
    for made_table in words.tables:
        assert made_table.rows, made_table.title
        for row in made_table.rows:
            assert len(row) == len(made_table.columns)
            texts += row
    for text in texts:
        assert text == text.rstrip()
        assert not set(text.replace(",", " ").split()).intersection(NO_NUMBERS), text


def the_document_is_finite(made: Forecasted) -> None:
    """The document of the report is as its schema says, and so is what JSON makes of it."""
    later = made.case if len(made.case.ledger.figures) else None
    text = json.dumps(document(made.forecast, later=later), allow_nan=False)
    assert check(json.loads(text)).meta.case == made.case.name


def words_tell_of_those_who_are(made: Forecasted) -> None:
    """A case without members from abroad, or without local ones, says nothing of them."""
    kinds = {row.kind for row in made.case.origins}
    words = made.words
    told = " ".join([words.text, *(name for table in words.tables for name in table.columns)])
    assert ("from abroad" in told) == ("foreign" in kinds), told
    assert ("local" in told.replace("local members included", "")) == ("local" in kinds), told
    assert "Of none people" not in told


# --- of expected means --------------------------------------------------------------------------


def names_do_not_matter(made: Forecasted) -> None:
    """Zones and hosts may have other names, and rows another order."""
    recipe = made.recipe
    zones = {row["place"] for row in recipe.tables["places.csv"] if "latitude" in row}
    zones |= {row["origin"] for row in recipe.tables["origins.csv"] if "latitude" in row}
    organisations = [row["host"] for row in recipe.tables["hosts.csv"]]
    # Their alphabetical order is turned round.
    names = {name: f"ZONE-{99 - at}" for at, name in enumerate(sorted(zones))}
    names |= {name: f"other_{99 - at}" for at, name in enumerate(sorted(organisations))}
    changed = recipe.renamed(names)
    for name in ("origins.csv", "places.csv", "hosts.csv", "policies.csv"):
        changed.tables[name].reverse()
    case, posterior = made.other("renamed", changed)
    before = Means.of(made.posterior)
    origins = made.posterior.design.origins
    at = [origins.index(old) for old in (_old(names, row.origin) for row in case.origins)]
    after = Means.of(with_origins_from(posterior, made.posterior, at))
    assert set(renamed_states(before.states, names)) == set(after.states)
    require_alike(
        after, before, renamed_states(origins, names), renamed_states(before.states, names)
    )


def what_nobody_can_reach_changes_nothing(made: Forecasted) -> None:
    """Places and hosts that take in nobody leave everyone where they were."""
    before = Means.of(made.posterior)
    _, posterior = made.other("more", made.recipe.with_rows(**unreachable(made.recipe, made.case)))
    origins = made.posterior.design.origins
    after = Means.of(with_origins_from(posterior, made.posterior, range(len(origins))))
    require_alike(after, before, origins, before.states)
    others = [state not in before.states for state in after.states]
    assert any(others)
    assert after.free[:, :, :, others].max() == after.crowded[:, :, :, others].max() == 0.0


def unreachable(recipe: Recipe, case: Case) -> dict[str, list[Row]]:
    """Return rows of places.csv and hosts.csv that nobody's way leads to."""
    past = recipe.cutoff - dt.timedelta(days=200)
    lands = {country_of(case, row.origin) for row in case.origins}
    land = lands.pop() if len(lands) == 1 else None
    taken = [row.place for row in case.hosts if row.published <= recipe.cutoff]
    kinds = {
        "HOSTED-TRANSIT": "transit",
        "LEFT-SANCTUARY": "sanctuary",
        # Whose own country it is, is at home there.
        **({"OWN-THEATRE": "theatre", "OWN-SHELTER": "third_country"} if land else {}),
    }
    places: list[Row] = [
        {"place": name, "name": name, "roles": roles, "latitude": 11, "longitude": 22 + at}
        | {"country": land or "FJI", "governance": -1, "note": "judgement"}
        for at, (name, roles) in enumerate(kinds.items())
    ]
    # At a theatre one can always be alone; a sanctuary without a host would get its first one.
    at_theatres = [
        row.place
        for row in case.places
        if "theatre" in row.roles and ("sanctuary" not in row.roles or row.place in taken)
    ]
    gone = {"kind": "local", "affinity": 0.9, "published": past, "until": past, "note": "judgement"}
    hosts: list[Row] = [
        {"host": f"gone_{at}", "name": "Gone", "place": place} | gone
        for at, place in enumerate(["LEFT-SANCTUARY", *at_theatres[:1]])
    ]
    hosts.append(hosts[0] | {"host": "idle", "place": "HOSTED-TRANSIT", "until": None})
    return {"places": places, "hosts": hosts}


def splitting_an_origin_changes_no_total(made: Forecasted) -> bool:
    """Two halves of a zone, together, go where the whole went; return whether there was one."""
    recipe, design = made.recipe, made.posterior.design
    taken = {row["place"] for row in recipe.tables["places.csv"]}
    rows = [
        row
        for row in recipe.tables["origins.csv"]
        if "latitude" in row and row["origin"] not in taken
    ]
    if not rows:
        return False
    whole = rows[0]["origin"]
    half = rows[0] | {"origin": "OTHER-HALF"}
    # Journeys cross all who control borders alike, and no more of them than before.
    of_half = [
        row | {"actor": "OTHER-HALF", "policy_id": f"{row['policy_id']}_half"}
        for row in recipe.tables["policies.csv"]
        if row["actor"] == whole and row["policy"] != "border_control"
    ]
    _, posterior = made.other("split", recipe.with_rows(origins=[half], policies=of_half))
    at = [*range(len(design.origins)), design.origins.index(whole)]
    halves = with_origins_from(posterior, made.posterior, at)
    members = halves.samples["members"] + np.where(np.array(at) == at[-1], np.log(0.5), 0.0)
    # Covariates are centred over origins, so that a twin would shift everyone's a little.
    alike = replace(halves.design, covariates=design.covariates[at])
    halves = replace(halves, design=alike, samples={**halves.samples, "members": members})
    before, after = Means.of(made.posterior), Means.of(halves)
    assert after.states == before.states
    require_alike(after.together(), before.together(), ["all"], before.states)
    return True


# --- helpers ------------------------------------------------------------------------------------


def require_alike(
    after: Means, before: Means, origins: Sequence[str], states: Sequence[str]
) -> None:
    """Raise unless means are equal up to the order of sums.

    Parameters
    ----------
    origins, states : sequence of str
        How ``after`` calls what ``before`` has.
    """
    found = after.in_order(origins, states)
    np.testing.assert_allclose(found.free, before.free, rtol=1e-9, atol=1e-9)
    # A pool's hazards are made of means with a little weight for nobody.
    np.testing.assert_allclose(found.crowded, before.crowded, rtol=1e-6, atol=1e-4)


def require_equal(one: Ensemble, other: Ensemble) -> None:
    """Raise unless two ensembles are equal to the last bit; what took how long aside."""
    for name in (field.name for field in fields(one)):
        if name == "timings":
            continue
        name = "fates" if name == "by_fate" else name
        mine, theirs = getattr(one, name), getattr(other, name)
        if isinstance(mine, dict):
            assert mine.keys() == theirs.keys(), name
            assert all(np.array_equal(mine[key], theirs[key]) for key in mine), name
        elif isinstance(mine, np.ndarray):
            assert np.array_equal(mine, theirs), name
        else:
            assert mine == theirs, name


def _old(names: dict[str, str], new: str) -> str:
    return next((old for old, name in names.items() if name == new), new)
