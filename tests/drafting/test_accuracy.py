"""Precision and recall on annotated articles: those the rules were made on, and those kept out."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dispersal.drafting import Score, evaluate, propose, read_article
from dispersal.drafting.evaluate import MEASURED, same_organisation, same_place

HERE = Path(__file__).parent
NOTHING = Score(0, 0, 0, 0)


def scores(folder: Path) -> tuple[int, dict[str, Score]]:
    """Return how many articles a folder has, and their counts together."""
    total = dict.fromkeys(MEASURED, NOTHING)
    articles = sorted(path for path in folder.iterdir() if path.suffix in {".txt", ".html"})
    for path in articles:
        annotation = yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8"))
        found = evaluate(propose(read_article(path)), annotation)
        total = {kind: total[kind] + found[kind] for kind in MEASURED}
    return len(articles), total


def table(name: str, count: int, total: dict[str, Score]) -> str:
    lines = [f"{name}: {count} articles", f"{'':20}{'annotated':>10}{'precision':>11}{'recall':>9}"]
    lines += [
        f"{kind:20}{score.annotated:>10}{score.precision:>11.2f}{score.recall:>9.2f}"
        for kind, score in total.items()
    ]
    return "\n".join(lines)


def test_on_the_articles_that_the_rules_were_made_on() -> None:
    count, total = scores(HERE / "tuning")
    print(table("tuning", count, total))
    assert count >= 47
    assert total["places"].precision >= 0.95
    assert total["places"].recall >= 0.95
    # The weights were fitted on these: this only shows that they are read as they were written.
    assert total["destinations"].precision >= 0.78
    assert total["destinations"].recall >= 0.88


def test_matching_counts_each_annotation_once() -> None:
    found = propose(read_article("Most of the rebels will return to Peru. Peru waits."))
    score = evaluate(found, {"places": ["PER", "PER", "COL"], "destinations": []})
    assert score["places"] == Score(1, 3, 1, 1)
    assert score["destinations"].precision == 0
    assert score["numbers"] == NOTHING
    assert same_place("the Nuba Mountains", "nuba mountains")
    assert not same_place("TCD", "Lake Chad")
    assert same_organisation("Lord's Resistance Army", "the Lord’s Resistance Army")


#: Destinations were meant to reach 0.7 here. They reached 0.51 and 0.49, their places alone 0.67
#: and 0.66 (docs/draft.md), when this set was measured once after the weights were fitted; the
#: rules before them reached 0.36 and 0.25. No rule, weight or threshold may be made on it.
FLOOR_OF_DESTINATIONS = (0.50, 0.48)


def test_on_the_articles_that_were_kept_out() -> None:
    """The aim for places, and for destinations what was reached: it must not get worse."""
    folder = HERE / "held_out"
    if not folder.is_dir() or not any(folder.glob("*.yaml")):
        pytest.skip("no articles are kept out yet: tests/drafting/held_out is empty")
    count, total = scores(folder)
    print(table("held out", count, total))
    assert total["places"].precision >= 0.9
    assert total["places"].recall >= 0.9
    precision, recall = FLOOR_OF_DESTINATIONS
    assert total["destinations"].precision >= precision
    assert total["destinations"].recall >= recall
