"""The page of camps: its document is strict, it says what it rests on, it does without a map."""

from __future__ import annotations

import copy
import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dispersal.errors import InputError
from dispersal.report.displacement.document import displacement_document
from dispersal.report.displacement.layout import check_displacement
from dispersal.report.displacement.positions import positions_of
from dispersal.report.numbers import counts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.report_displacement.conftest import Run


@pytest.fixture(scope="module")
def made(run: Run) -> dict[str, Any]:
    return displacement_document(run.own, run.positions)


def test_the_page_holds_the_document_and_names_no_network(
    written: Path, made: dict[str, Any]
) -> None:
    text = (written / "report.html").read_text(encoding="utf-8")
    data = re.findall(r'id="dispersal-data">(.*?)</script>', text, flags=re.DOTALL)
    assert json.loads(data[0]) == json.loads(json.dumps(made))
    assert "default-src 'none'" in text
    assert not re.search(r"<(?:link|iframe|object|img)\b|@import", text)
    title = re.findall("<title>(.*?)</title>", text)
    assert title == ["small_one: people in camps"]
    words = text.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "A forecast as known on 5 January 2020, up to 10 January 2020." in words
    assert "People in camps on 10 January 2020" in words


def test_both_documents_are_as_described(run: Run, made: dict[str, Any]) -> None:
    again = json.loads(json.dumps(made, allow_nan=False))
    assert check_displacement(again).displacement.rules == "dispersal"
    positions = positions_of(run.flee.folder)
    flee = check_displacement(displacement_document(run.expected, positions))
    assert (flee.ahead, flee.meta.cutoff, flee.meta.seed) == (0, None, None)
    assert all(camp.spread is None for camp in flee.displacement.camps)


@pytest.mark.parametrize(
    ("place", "key"),
    [((), "extra"), (("meta",), "mood"), (("displacement",), "x"),
     (("displacement", "camps", 0), "persons"), (("displacement", "map", "places", 0), "x")],
)  # fmt: skip
def test_unknown_keys_are_refused(
    made: dict[str, Any], place: tuple[str | int, ...], key: str
) -> None:
    spoilt = copy.deepcopy(made)
    inner: Any = spoilt
    for step in place:
        inner = inner[step]
    inner[key] = 1
    with pytest.raises(InputError, match=f"{key} with 'Extra inputs are not permitted'"):
        check_displacement(spoilt)


def test_series_of_another_length_are_refused(made: dict[str, Any]) -> None:
    for name in ("middle", "counted", "beside"):
        spoilt = copy.deepcopy(made)
        spoilt["displacement"]["camps"][1][name].pop()
        with pytest.raises(InputError, match=f"in {name} of camp Camp Two, expected"):
            check_displacement(spoilt)


def test_camps_are_those_of_the_results(run: Run, made: dict[str, Any]) -> None:
    assert (len(made["instants"]), made["ahead"]) == (10, 5)
    for at, camp in enumerate(made["displacement"]["camps"]):
        assert camp["name"] == run.own.camps[at]
        assert camp["middle"] == counts(run.own.middle[:, at])
        assert camp["spread"]["p90"] == counts(run.own.spread["p90"][:, at])
        assert camp["counted"] == counts(run.forecast.data[:, at])
        figures = run.own.figures(run.own.camps[at])
        assert [one["count"] for one in camp["figures"]] == [counts(f[1]) for f in figures]
    fed = {row["name"] for row in made["displacement"]["errors"] if row["fed"]}
    assert fed == {"Flee's rules, with capacities", "shares of capacity"}


def test_the_map_knows_where_people_flee_from(run: Run, made: dict[str, Any]) -> None:
    drawn = made["displacement"]["map"]
    places = {place["name"]: place for place in drawn["places"]}
    assert "Ctown" not in places
    assert "Ctown is not on the map" in made["displacement"]["missing"]
    assert places["Aville"]["conflict"][0][0] == 0
    assert places["Hub"]["conflict"] == []
    # Between the two places in conflict, of which the first is the larger.
    assert 10.0 < drawn["centre"]["lat"] < 10.5
    names = [place["name"] for place in drawn["places"]]
    assert ["Aville", "Btown"] in [[names[one], names[two]] for one, two in drawn["roads"]]
    assert drawn["home"] == sorted(run.positions.home) == ["TCD"]
    for camp in made["displacement"]["camps"]:
        assert names[camp["place"]] == camp["name"]


def test_without_coordinates_there_is_a_sentence(run: Run, written_flee: Path) -> None:
    positions = positions_of(run.flee.folder)
    assert not positions.can_be_drawn
    assert positions.missing == "There is no map: locations.csv of bare gives no coordinates."
    made = check_displacement(displacement_document(run.expected, positions))
    assert made.displacement.map is None
    assert all(camp.place is None for camp in made.displacement.camps)
    assert not list(written_flee.glob("map.*"))
    assert (written_flee / "errors.png").is_file()


def test_words_name_the_total_and_what_looks_ahead(run: Run, made: dict[str, Any]) -> None:
    said = " ".join(made["answer"]["sentences"])
    assert "The true number in all camps on each day is given" in said
    assert "looks ahead" in said
    error = float(run.score.errors["rescaled"].to_numpy()[0])
    assert f"error of the Dispersal rules, {error:.2f}" in said
    provenance = {**run.own.provenance, "figures": "published"}
    other = dataclasses.replace(run.own, total=(900.0, 1200.0, 1500.0), provenance=provenance)
    said = " ".join(displacement_document(other, run.positions)["answer"]["sentences"])
    assert "All camps together are forecast to hold about 1,200 (900 to 1,500) people" in said
    assert "none of a later day" in said


def test_an_answer_that_is_beaten_says_by_what(run: Run) -> None:
    errors = run.own.errors.copy()
    errors.loc["equal_shares", "rescaled"] = -1.0
    errors.loc["shares_of_capacity", "rescaled"] = -2.0
    errors.loc["dispersal", "rescaled"] = 0.0
    worse = dataclasses.replace(run.own, errors=errors)
    found = displacement_document(worse, run.positions)["displacement"]["findings"]["errors"]
    assert found == "The error of the Dispersal rules, 0.00, is above that of equal shares"
    assert np.isfinite(run.own.errors["rescaled"]).all()
