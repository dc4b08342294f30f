"""Figures show the numbers that the forecast's functions return, on whole and on partial input."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.colors import to_rgb
from matplotlib.container import ErrorbarContainer
from matplotlib.patches import Polygon

import dispersal
from dispersal.case import load_case
from dispersal.errors import InputError
from dispersal.forecast.forecast import Forecast
from dispersal.forecast.plots.flows import COHORTS, flows_of
from dispersal.forecast.plots.over_time import draws_over_time
from dispersal.forecast.plots.style import COLOURS, NAMES, instants_of
from dispersal.forecast.wording import number
from tests.forecast.synthetic import FILES, make_ensemble, make_forecast, write_tiny

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from numpy.typing import NDArray

CONTRACTION = pd.DataFrame(
    {"unit": ["1"] * 3, "contraction": [0.8, 0.02, -0.01]}, index=["told", "untold", "wider"]
)


@pytest.fixture(scope="module")
def forecast(tmp_path_factory: pytest.TempPathFactory) -> Forecast:
    found = make_forecast(tmp_path_factory.mktemp("case"))
    return Forecast.of(found.ensemble, contraction=CONTRACTION)


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Draw without a screen, and leave no figure open."""
    before = mpl.get_backend()
    plt.switch_backend("agg")
    yield
    plt.close("all")
    plt.switch_backend(before)


def numbers(given: Any) -> NDArray[np.float64]:
    return np.asarray(given, float)


def line_of(ax: Axes, name: str) -> Line2D:
    return next(line for line in ax.lines if line.get_gid() == name)


def dots_of(ax: Axes) -> dict[str, Line2D]:
    """Return the dots of published figures by their names."""
    named = {str(line.get_gid()): line for line in ax.lines if line.get_gid()}
    return {name: line for name, line in named.items() if name != "median"}


def texts(ax: Axes) -> str:
    """Return everything that is written on a figure, after it was drawn."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.canvas.draw()
    written = [text.get_text() for text in (*figure.texts, *ax.texts)]
    return " ".join(" ".join(written).split())


@pytest.mark.parametrize(
    ("quantity", "origin", "stratum"),
    [("returned", "TUN", None), ("holdouts", None, None), ("killed", "all", "men"),
     ("women_returned", "FRA", None), ("departed", "local", "all")],
)  # fmt: skip
def test_many_days_at_once_are_the_draws_of_each(
    forecast: Forecast, quantity: str, origin: str | None, stratum: str | None
) -> None:
    days = [forecast.first_day, forecast.cutoff, pd.Timestamp("2018-05-17").date()]
    days.append(forecast.last_day)
    found = draws_over_time(forecast, quantity, origin, days, stratum)
    for at, when in enumerate(days):
        assert np.array_equal(found[at], forecast.draws(quantity, origin, when, stratum))


def test_the_fan_has_the_quantiles_of_the_draws(forecast: Forecast) -> None:
    ax = forecast.plot.fan("returned", "TUN")
    past, ahead = instants_of(forecast)
    line = line_of(ax, "median")
    days = [day.date() for day in mdates.num2date(numbers(line.get_xdata()))]
    assert days == [*past, *ahead]
    for at in (0, len(past), -1):
        drawn = forecast.draws("returned", "TUN", days[at])
        assert numbers(line.get_ydata())[at] == np.quantile(drawn, 0.5)
    outer = next(one for one in ax.collections if isinstance(one, FillBetweenPolyCollection))
    heights = numbers(outer.get_paths()[0].vertices)[:, 1]
    last = forecast.draws("returned", "TUN", forecast.last_day)
    assert heights.max() >= np.quantile(last, 0.9)
    assert set(np.quantile(last, [0.1, 0.9])) <= set(heights)
    assert to_rgb(line.get_color()) == to_rgb(COLOURS["returned"])


def test_the_fan_of_published_figures_is_that_of_the_draws_as_published(
    forecast: Forecast,
) -> None:
    ax = forecast.plot.fan("remaining", "FRA", as_published=True)
    drawn = forecast.draws("remaining", "FRA", forecast.last_day, as_published=True)
    assert numbers(line_of(ax, "median").get_ydata())[-1] == np.quantile(drawn, 0.5)
    with pytest.raises(InputError, match="as_published without an origin"):
        forecast.plot.fan("remaining", as_published=True)


def test_known_figures_are_filled_and_later_ones_hollow(forecast: Forecast, tmp_path: Path) -> None:
    later = load_case(write_tiny(tmp_path))
    ax = forecast.plot.fan("returned", "FRA", later=later)
    dots = dots_of(ax)
    assert set(dots) == {"f2", "f3", "later"}
    filled = {name: to_rgb(dot.get_markerfacecolor()) != (1, 1, 1) for name, dot in dots.items()}
    assert filled == {"f2": True, "f3": True, "later": False}
    assert [numbers(dots[name].get_ydata())[0] for name in ("f2", "f3", "later")] == [199, 249, 300]
    without = forecast.plot.fan("returned", "FRA", later=later.as_known_on("2017-03-07").ledger)
    assert set(dots_of(without)) == {"f2", "f3"}
    assert "hollow later" in texts(ax)
    assert "hollow later" not in texts(without)


def test_fates_are_shares_of_those_who_joined(forecast: Forecast) -> None:
    ax = forecast.plot.fates("TUN")
    for line in (line for line in ax.lines if line.get_gid()):
        fate = str(line.get_gid())
        part = forecast.draws(fate, "TUN", forecast.last_day, stratum="all")
        whole = forecast.draws("departed", "TUN", forecast.last_day, stratum="all")
        assert numbers(line.get_ydata())[-1] == np.quantile(part / whole, 0.5)
        assert NAMES[fate] in texts(ax)


@pytest.mark.parametrize("cohort", ["all", *COHORTS])
def test_flows_are_people_at_places_and_home_since_the_cut_off(
    forecast: Forecast, cohort: str
) -> None:
    ax = forecast.plot.flows(cohort, origin="all")
    curves = {str(patch.get_gid()) for patch in ax.patches if isinstance(patch, Polygon)}
    found = flows_of(forecast, cohort, None, "all")
    assert {flow.cohort for flow in found} <= (set(COHORTS) if cohort == "all" else {cohort})
    assert found or cohort == "returnees"  # at random, people may leave home again
    assert curves <= {f"{flow.cohort}:{flow.place}" for flow in found}
    for flow in found:
        if flow.cohort == "returnees":
            drawn = forecast.draws("returned", flow.place, stratum="all")
            drawn = drawn - forecast.draws("returned", flow.place, forecast.cutoff, stratum="all")
        else:
            name = "holdouts" if flow.cohort == "holdouts" else None
            quantities = [name] if name else ["elsewhere", "third_country"]
            options = [forecast.draws(one, "all", place=flow.place) for one in quantities
                       if f"{one}:{flow.place}" in by_place(forecast) or name]  # fmt: skip
            drawn = max(options, key=lambda one: float(np.median(one)))
        assert flow.middle == np.quantile(drawn, 0.5)
        assert flow.high == np.quantile(drawn, 0.9)


def by_place(forecast: Forecast) -> set[str]:
    return {":".join(state.split(":")[:2]) for state in forecast.ensemble.place_states}


def test_the_map_says_how_many_are_home(forecast: Forecast) -> None:
    ax = forecast.plot.map("2018-06-01", "FRA")
    found = texts(ax)
    middle = np.quantile(forecast.draws("returned", "FRA", "2018-06-01", stratum="all"), 0.5)
    assert number(float(middle)) in found
    assert "1 June 2018" in found
    discs = {str(one.get_gid()) for one in ax.collections if one.get_gid()}
    assert {"elsewhere:LBY", "elsewhere:YEM", "holdouts:SYR-BADIA"} & discs


def test_coverage_is_that_of_the_scores(forecast: Forecast, tmp_path: Path) -> None:
    scores = dispersal.score(forecast, load_case(write_tiny(tmp_path)))
    ax = forecast.plot.coverage(scores)
    for level, container in zip((50, 80, 95), ax.containers, strict=True):
        assert isinstance(container, ErrorbarContainer)
        shares = numbers(container.lines[0].get_xdata()).tolist()
        assert shares == [scores.rows[f"inside{level}"].mean()]
    empty = type(scores)(scores.rows.iloc[:0], scores.bounds, scores.left_out)
    with pytest.raises(InputError, match="found no scored figure"):
        forecast.plot.coverage(empty)


def test_contraction_shows_the_table(forecast: Forecast) -> None:
    ax = forecast.plot.contraction(2)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["untold", "told"]
    assert numbers(ax.lines[0].get_xdata()).tolist() == [0.02, 0.8]
    assert "2 of 3 parameters" in texts(ax)
    with pytest.raises(InputError, match="top 0"):
        forecast.plot.contraction(0)
    with pytest.raises(InputError, match="without its table"):
        Forecast.of(forecast.ensemble).plot.contraction()


def test_outcomes_are_drawn_beside_their_intervals(forecast: Forecast) -> None:
    line = {
        "figure_id": "o1", "quantity": "killed_total", "where": "SYR",
        "as_of": pd.Timestamp("2018"),
        "low": 90.0, "high": 110.0, "p2_5": 0.2, "p10": 20.0, "p50": 50.0, "p90": 200.0,
        "p97_5": 400.0, "inside95": True,
    }  # fmt: skip
    bound = line | {"figure_id": "o2", "as_of": pd.Timestamp("2019"), "high": float("nan")}
    missed = bound | {"figure_id": "o3", "low": float("nan"), "high": 9e5, "inside95": False}
    scored = SimpleNamespace(rows=pd.DataFrame([line, bound, missed]))
    ax = forecast.plot.outcomes(scored)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels[-1] == "killed total, SYR  2018-01"
    marks = [str(row.get_marker()) for row in ax.lines if row.get_marker() in ("o", ">", "<")]
    assert sorted(marks) == ["<", ">", "o"]
    figure = ax.get_figure(root=True)
    assert figure is not None
    texts = " ".join(text.get_text() for text in figure.texts)
    assert "2 of 3 published outcomes" in " ".join(texts.split())
    with pytest.raises(InputError, match="found no outcome"):
        forecast.plot.outcomes(SimpleNamespace(rows=scored.rows.head(0)))


@pytest.mark.parametrize("name", ["fan", "fates", "map", "flows", "contraction"])
def test_a_figure_draws_on_given_axes_and_changes_no_setting(forecast: Forecast, name: str) -> None:
    before = dict(mpl.rcParams)
    _, (ax, _) = plt.subplots(1, 2)
    assert getattr(forecast.plot, name)(ax=ax) is ax
    assert len(plt.get_fignums()) == 1
    found = texts(ax)
    assert "case tiny as known on 2017-03-07" in found.replace("\xa0", " ")
    assert f"Dispersal {forecast.provenance.versions['dispersal']}" in found
    assert dict(mpl.rcParams) == before


def test_text_keeps_within_the_figure(forecast: Forecast) -> None:
    for draw in (forecast.plot.fan, forecast.plot.fates, forecast.plot.map, forecast.plot.flows):
        ax = draw()
        texts(ax)
        figure = ax.get_figure(root=True)
        assert figure is not None
        for text in (*figure.texts, *ax.texts):
            box = text.get_window_extent()
            assert box.x0 >= -1, text.get_text()
            assert box.x1 <= figure.bbox.width + 1, text.get_text()


def partial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> Forecast:
    for name, text in files.items():
        monkeypatch.setitem(FILES, name.replace("__", "/").replace("_csv", ".csv"), text)
    return Forecast.of(make_ensemble(load_case(write_tiny(tmp_path)), draws=20))


def draw_everything(forecast: Forecast) -> None:
    for ax in (forecast.plot.fan(), forecast.plot.fates(), forecast.plot.map(),
               forecast.plot.flows(), forecast.plot.fan("killed", "local")):  # fmt: skip
        texts(ax)


def test_a_forecast_without_evidence_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = FILES["evidence/figures.csv"].splitlines()[0] + "\n"
    forecast = partial(tmp_path, monkeypatch, evidence__figures_csv=header)
    draw_everything(forecast)
    assert not dots_of(forecast.plot.fan("returned", "TUN"))


def test_nobody_anywhere_is_drawn(tmp_path: Path) -> None:
    found = make_forecast(tmp_path, draws=10).ensemble
    for counts in (found.fates, found.places, found.arrivals):
        counts[:] = 0
    draw_everything(Forecast.of(found))


def test_long_names_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = FILES["origins.csv"].replace("Tunisia", "A very long name " * 12)
    draw_everything(partial(tmp_path, monkeypatch, origins_csv=text))


def test_names_on_maps_keep_apart(forecast: Forecast) -> None:
    for cohort in ("all", *COHORTS):
        ax = forecast.plot.flows(cohort, origin="all")
        texts(ax)
        boxes = [text.get_window_extent() for text in ax.texts]
        for at, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[:at])
