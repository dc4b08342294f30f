"""The weights of destinations: the fit, what follows from them, and the table that is shipped."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dispersal.drafting.proposals import COHORTS
from dispersal.drafting.weighing.weights import LEAST, any_of, cohorts_of, weights

TOOL = Path(__file__).resolve().parents[2] / "tools" / "fit_destinations.py"


@pytest.fixture(scope="module")
def tool() -> Any:
    spec = importlib.util.spec_from_file_location("fit_destinations", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def made_up(tool: Any, count: int = 12) -> list[Any]:
    """Articles in which “hide” means holdouts and “home” returnees; “met” means nothing."""
    told = {"hide": "holdouts", "home": "returnees", "met": ""}
    found = []
    for number in range(count):
        rows = {}
        wanted = []
        for at, (word, cohort) in enumerate(told.items()):
            place = f"{word.title()}ville {number}"
            # Each place is named twice, and only one of its mentions tells.
            rows[place] = [{"always": 1.0}, {"always": 1.0, word: 1.0}][:: 1 if at % 2 else -1]
            wanted += [(place, cohort)] if cohort else []
        found.append(tool.Example("training", rows, wanted))
    return found


def test_the_fit_finds_which_words_tell_a_cohort(tool: Any) -> None:
    fitted = tool.fit(made_up(tool), penalty=0.1)
    chances = {
        word: fitted.probabilities({"always": 1.0, word: 1.0}) for word in ("hide", "home", "met")
    }
    assert COHORTS[int(np.argmax(chances["hide"]))] == "holdouts"
    assert COHORTS[int(np.argmax(chances["home"]))] == "returnees"
    assert chances["hide"].max() > 0.8
    assert chances["met"].sum() < 0.1
    assert fitted.probabilities({"always": 1.0}).sum() < 0.1


def test_left_out_articles_are_scored_by_weights_that_have_not_seen_them(tool: Any) -> None:
    examples = made_up(tool, 20)
    examples[0].wanted[:] = [(examples[0].wanted[0][0], "third_country")]
    chances = tool.left_out(examples, [], 0.1, 2)
    both, alone = tool.score(examples, chances, 0.5)
    # The odd article is judged as the others are, so its annotation is missed.
    assert both.right == both.annotated - 1
    assert alone.precision == pytest.approx(39 / 40)


def test_mentions_add_up_and_a_second_cohort_must_be_likely_itself() -> None:
    assert any_of(np.array([[0.5, 0.0, 0, 0], [0.5, 0.2, 0, 0]]))[:2] == pytest.approx([0.75, 0.2])
    assert cohorts_of(np.array([0.6, 0.55, 0.0, 0.0])) == ["holdouts", "free_agents"]
    assert cohorts_of(np.array([0.6, 0.45, 0.0, 0.0])) == ["holdouts"]
    assert cohorts_of(np.full(4, LEAST / 8)) == []


def test_what_is_denied_has_no_chance() -> None:
    strong = max(weights().rows, key=lambda name: float(weights().rows[name].max()))
    told, denied = weights().chances([{strong: 9.0}, {strong: 9.0, "denied": 1.0}])
    assert told.sum() > 0.5
    assert denied.sum() == 0


def test_the_table_of_weights_is_whole() -> None:
    rows = weights().rows
    assert len(rows) > 1_000
    assert all(row.shape == (len(COHORTS),) and np.isfinite(row).all() for row in rows.values())
    assert "always" in rows
