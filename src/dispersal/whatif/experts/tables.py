"""Lines of the tables of pools and of scores, and tables as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dispersal.forecast.plain import plain
from dispersal.whatif.experts.judged import OTHERS, told
from dispersal.whatif.experts.pooling import METHODS
from dispersal.whatif.experts.scoring import brier, number_score, values_of

if TYPE_CHECKING:
    from dispersal.whatif.experts.judged import Judged
    from dispersal.whatif.experts.pooling import Pool


def compared(part: pd.DataFrame) -> dict[str, Any]:
    """Return mean scores of some judgements next to those of the others on the same ones."""
    line: dict[str, Any] = {
        "n": len(part),
        "right": sum(right is True for right in part["right"]),
        "wrong": sum(right is False for right in part["right"]),
        "score": float(part["score"].mean()),
    }
    for name in OTHERS:
        both = part[part[name].notna()]
        line[f"n_{name}"] = len(both)
        line[f"score_with_{name}"] = float(both["score"].mean()) if len(both) else np.nan
        line[name] = float(both[name].astype(float).mean()) if len(both) else np.nan
    return line


def last_known(pool: Pool, by_id: dict[str, Judged]) -> Judged:
    """Return the last judgement of a pool whose outcome is known; else its last."""
    members = [by_id[claim.judgement.judgement_id] for claim in pool.claims]
    return next((one for one in reversed(members) if one.scored), members[-1])


def pool_lines(pool: Pool, last: Judged) -> list[dict[str, Any]]:
    """Return the lines of a pool, with the outcome as measured for one of its judgements."""
    quantity, area, place, _ = pool.question
    begin = {
        "quantity": quantity,
        "area": area,
        "place": place,
        "kind": pool.kind,
        "proposition": last.claim.proposition,
        "judgements": tuple(claim.judgement.judgement_id for claim in pool.claims),
        "experts": tuple(claim.judgement.expert for claim in pool.claims),
    }
    end = {
        "outcome": last.found.text,
        "measure": last.measure,
        "model": last.scores.get("model"),
        "reference": last.scores.get("reference"),
    }
    if pool.kind == "ranking":
        order = {"order": pool.order, "says": " > ".join(pool.order)}
        return [begin | {"method": "borda"} | order | end | {"score": last.scores.get("pool")}]
    lines = []
    for method in METHODS:
        line: dict[str, Any] = begin | {"method": method}
        if pool.kind == "event":
            if method not in pool.chances:
                continue
            chance = pool.chances[method]
            line |= {"chance": chance, "says": f"{100 * chance:.0f} %"}
            truth = last.found.truth
            line |= end | {"score": None if truth is None else brier(chance, truth)}
        else:
            low, middle, high = np.quantile(pool.draws(method), [0.1, 0.5, 0.9])
            scale = last.claim.scale
            line |= {"p10": low, "p50": middle, "p90": high}
            line["says"] = told(np.array([low, middle, high]), scale)
            if method == "cooke" and pool.weights is not None:
                line["weights"] = tuple(float(each) for each in pool.weights.weights)
                line["fallback"] = pool.weights.fallback
            score = None
            if last.found.known and last.measure:
                score = number_score(pool.draws(method), values_of(last.found, scale))
            line |= end | {"score": score}
        lines.append(line)
    return lines


def plain_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the lines of a table as plain data; what is not given is left out."""
    lines = []
    for line in frame.to_dict("records"):
        kept: dict[str, Any] = {}
        for key, value in line.items():
            if isinstance(value, tuple | list):
                kept[str(key)] = [plain(each) for each in value]
            elif isinstance(value, dict):
                kept[str(key)] = {name: plain(each) for name, each in value.items()}
            elif (cell := plain(value)) is not None and cell is not pd.NaT and cell != "":
                kept[str(key)] = cell
        lines.append(kept)
    return lines
