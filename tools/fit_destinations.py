"""Fit the weights by which ``dispersal draft`` finds destinations, and say how good they are.

``python tools/fit_destinations.py`` reads the annotated articles of tests/drafting/tuning and
tests/drafting/training, with the short texts there, tells precision and recall by
cross-validation (articles are left out whole), and writes
src/dispersal/drafting/weighing/weights.csv. Articles of tests/drafting/held_out are never read.
``--only-check`` writes nothing; ``--without WORD`` leaves out the features whose name begins with
a word, to see what they are worth. The same articles give the same weights.

An annotation says of a place that it is a destination, not by which mention. The likelihood is
that of the article: a place is one of a cohort if any mention is, which is one minus the product
of the chances that each is not; the penalty is that of a Gaussian prior.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import yaml
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from dispersal.drafting.article import Article, read_article
from dispersal.drafting.evaluate import Score, same_place
from dispersal.drafting.organisations import organisations_in
from dispersal.drafting.persons import persons_in
from dispersal.drafting.places import places_in
from dispersal.drafting.proposals import COHORTS
from dispersal.drafting.weighing.candidates import surroundings_of
from dispersal.drafting.weighing.destinations import candidates_by_place
from dispersal.drafting.weighing.weights import LEAST, Weights, any_of, cohorts_of

ROOT: Final = Path(__file__).resolve().parents[1]
ARTICLES_OF: Final = ROOT / "tests" / "drafting"
FOLDERS: Final = ("tuning", "training")
TARGET: Final = ROOT / "src" / "dispersal" / "drafting" / "weighing" / "weights.csv"
#: Features of fewer articles than this get no weight.
ARTICLES: Final = 2
PENALTY: Final = 4.0
#: Weights smaller than this, for every cohort, are left out of the table.
SMALLEST: Final = 0.02
FOLDS: Final = 10
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """An annotated article: its candidates' features by place, and what was annotated."""

    folder: str
    features: dict[str, list[dict[str, float]]]
    wanted: list[tuple[str, str]]

    def truth(self, place: str) -> Array:
        """Return for each cohort whether the place is annotated with it."""
        own = {cohort for name, cohort in self.wanted if same_place(place, name)}
        return np.array([float(cohort in own) for cohort in COHORTS])


def example(
    article: Article, annotation: dict[str, Any], folder: str, without: tuple[str, ...]
) -> Example:
    """Return an article's candidates with their features, and its annotation."""
    persons = persons_in(article)
    places = places_in(article, persons, organisations_in(article, persons))
    wanted = [(str(one["place"]), str(one["cohort"])) for one in annotation["destinations"] or []]
    features = {
        place: [
            {name: value for name, value in each.items() if not name.startswith(without or ("\0",))}
            for _, each in mentions
        ]
        for place, mentions in candidates_by_place(surroundings_of(article, places)).items()
    }
    return Example(folder, features, wanted)


def examples_in(folder: Path, without: tuple[str, ...]) -> list[Example]:
    """Read the annotated articles of a folder."""
    paths = sorted(path for path in folder.iterdir() if path.suffix in {".txt", ".html"})
    return [
        example(
            read_article(path),
            yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8")),
            folder.name,
            without,
        )
        for path in paths
    ]


def sentences(without: tuple[str, ...]) -> list[Example]:
    """Read the short texts, which are fitted to but never scored."""
    rows = yaml.safe_load((ARTICLES_OF / "training" / "sentences.yaml").read_text("utf-8"))
    return [example(read_article(row["text"] + "\n"), row, "sentences", without) for row in rows]


def fit(examples: list[Example], penalty: float = PENALTY, articles: int = ARTICLES) -> Weights:
    """Return the weights that explain the annotations, kept small by the penalty."""
    used: Counter[str] = Counter()
    for one in examples:
        used.update({name for rows in one.features.values() for row in rows for name in row})
    names = sorted(name for name, count in used.items() if count >= articles)
    column = {name: at for at, name in enumerate(names)}
    truth: list[Array] = []
    place_of: list[int] = []
    entries: list[tuple[int, int, float]] = []
    for one in examples:
        for place, mentions in one.features.items():
            for row in mentions:
                entries += [
                    (len(place_of), column[name], value)
                    for name, value in row.items()
                    if name in column
                ]
                place_of.append(len(truth))
            truth.append(one.truth(place))
    rows, columns, values = zip(*entries, strict=True)
    features = csr_matrix((values, (rows, columns)), shape=(len(place_of), len(names)))
    transposed = features.T.tocsr()
    wanted, places = np.array(truth), np.array(place_of)
    prior = np.full((len(names), 1), penalty)
    prior[column["always"]] = 0.01

    def loss(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(len(names), len(COHORTS))
        odds = features @ weights
        top = np.maximum(odds.max(axis=1, keepdims=True), 0)
        share = np.exp(odds - top)
        share /= np.exp(-top) + share.sum(axis=1, keepdims=True)
        share = np.clip(share, 1e-12, 1 - 1e-9)
        none = np.zeros_like(wanted)  # log of the chance that no mention of a place is one
        np.add.at(none, places, np.log1p(-share))
        some = np.maximum(-np.expm1(none), 1e-12)
        value = -(wanted * np.log(some) + (1 - wanted) * none).sum()
        by_none = (wanted * (1 - some) / some - (1 - wanted))[places]
        by_share = -by_none / (1 - share)
        by_odds = share * (by_share - (by_share * share).sum(axis=1, keepdims=True))
        slope = transposed @ by_odds + prior * weights
        return float(value + 0.5 * (prior * weights**2).sum()), slope.ravel()

    start = np.zeros(len(names) * len(COHORTS))
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 80}).x
    return Weights(dict(zip(names, best.reshape(len(names), len(COHORTS)), strict=True)))


def left_out(
    examples: list[Example], always: list[Example], penalty: float, articles: int
) -> list[dict[str, Array]]:
    """Return the chances of every place of each article, by weights fitted without the article."""
    fold = np.empty(len(examples), dtype=int)
    fold[np.random.default_rng(0).permutation(len(examples))] = np.arange(len(examples)) % FOLDS
    found: list[dict[str, Array]] = [{} for _ in examples]
    for number in range(FOLDS):
        rest = [examples[at] for at in np.flatnonzero(fold != number)]
        weights = fit(rest + always, penalty, articles)
        for at in np.flatnonzero(fold == number):
            found[at] = {
                place: any_of(weights.chances(mentions))
                for place, mentions in examples[at].features.items()
            }
    return found


def score(
    examples: list[Example], chances: list[dict[str, Array]], least: float
) -> tuple[Score, Score]:
    """Return how many places with their cohorts, and how many places, are right."""
    both, alone = Score(0, 0, 0, 0), Score(0, 0, 0, 0)
    for one, places in zip(examples, chances, strict=True):
        rows = [(place, name) for place, own in places.items() for name in cohorts_of(own, least)]
        left, right = list(one.wanted), 0
        for place, cohort in rows:
            match = [other for other in left if other[1] == cohort and same_place(place, other[0])]
            right += bool(match)
            for other in match[:1]:
                left.remove(other)
        both += Score(len(rows), len(one.wanted), right, right)
        named = {name for name, _ in one.wanted}
        proposed = {place for place, _ in rows}
        hits = sum(any(same_place(place, name) for name in named) for place in proposed)
        alone += Score(len(proposed), len(named), hits, hits)
    return both, alone


def tell(examples: list[Example], chances: list[dict[str, Array]]) -> None:
    """Print precision, recall and F1 of all articles and of each folder, by threshold."""
    for folder in ("", *FOLDERS):
        chosen = [at for at, one in enumerate(examples) if folder in {"", one.folder}]
        print(f"{folder or 'all'}: {len(chosen)} articles left out in turn")
        for least in (0.2, 0.25, 0.3, LEAST, 0.35, 0.4, 0.45):
            both, alone = score(
                [examples[at] for at in chosen], [chances[at] for at in chosen], least
            )
            mean = 2 * both.right / (both.proposed + both.annotated)
            print(
                f"  from {least:.3f}: precision {both.precision:.3f} recall {both.recall:.3f} "
                f"F1 {mean:.3f}; places alone {alone.precision:.3f} {alone.recall:.3f}"
            )


def main() -> None:
    """Cross-validate, fit on every article, and write the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only-check", action="store_true")
    options.add_argument("--without", nargs="*", default=[])
    options.add_argument("--penalty", type=float, default=PENALTY)
    options.add_argument("--articles", type=int, default=ARTICLES)
    given = options.parse_args()
    without = tuple(given.without)
    examples = [one for name in FOLDERS for one in examples_in(ARTICLES_OF / name, without)]
    plain = sentences(without)
    tell(examples, left_out(examples, plain, given.penalty, given.articles))
    if given.only_check:
        return
    rows = fit(examples + plain).rows
    kept = {name: row for name, row in rows.items() if np.abs(row).max() >= SMALLEST}
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["feature", *COHORTS])
        table.writerows([name, *(f"{weight:.3f}" for weight in row)] for name, row in kept.items())
    print(f"{len(kept)} weights of {len(rows)} features in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
