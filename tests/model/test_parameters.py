from __future__ import annotations

import ast
import math
import re
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

import dispersal
from dispersal.model.design import STRATA
from dispersal.model.fates import FATES
from dispersal.model.parameters import Parameter, PriorError, UnknownParameterError, table

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOM = Path(dispersal.__file__).parent
PLAIN = [p for p in table().values() if not p.hierarchical]
HIERARCHIES = [p for p in table().values() if p.hierarchical]


def quantiles(parameter: Parameter, at: list[float]) -> list[float]:
    """Return quantiles of a prior as SciPy has them."""
    a, b = float(parameter.a), float(parameter.b)
    if parameter.distribution == "share":
        logit = stats.norm(math.log(a / (1 - a)), b).ppf(at)
        return [1 / (1 + math.exp(-value)) for value in logit]
    found = {
        "normal": stats.norm(a, b),
        "lognormal": stats.lognorm(b, scale=a),
        "halfnormal": stats.halfnorm(scale=b),
    }[parameter.distribution].ppf(at)
    return [float(value) for value in found]


@pytest.mark.parametrize("parameter", PLAIN, ids=lambda p: p.name)
def test_a_prior_has_the_support_and_the_quantiles_of_its_family(parameter: Parameter) -> None:
    draws = parameter.draw(np.random.default_rng(7), 20_000)
    assert np.isfinite(draws).all()
    if parameter.distribution != "normal":
        assert (draws > 0).all()
    if parameter.distribution == "share":
        assert (draws < 1).all()
    at = [0.1, 0.5, 0.9]
    expected = quantiles(parameter, at)
    # The share of draws below a quantile has a standard error of 0.0035 at most.
    below = [float((draws < value).mean()) for value in expected]
    assert below == pytest.approx(at, abs=0.018)
    assert parameter.median == pytest.approx(expected[1], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("parameter", PLAIN, ids=lambda p: p.name)
def test_the_unconstrained_scale_is_monotone_and_free(parameter: Parameter) -> None:
    draws = np.sort(parameter.draw(np.random.default_rng(8), 500))
    free = parameter.unconstrain(draws)
    assert np.isfinite(free).all()
    assert (np.diff(free) >= 0).all()


@pytest.mark.parametrize("parameter", HIERARCHIES, ids=lambda p: p.name)
def test_a_hierarchy_names_parameters_before_it_and_cannot_be_drawn_alone(
    parameter: Parameter,
) -> None:
    names = list(table())
    parts = [str(part)[1:] for part in (parameter.a, parameter.b) if isinstance(part, str)]
    assert parts
    for part in parts:
        assert names.index(part) < names.index(parameter.name)
        assert table()[part].stage == parameter.stage
    with pytest.raises(UnknownParameterError, match=parameter.name):
        parameter.draw(np.random.default_rng(1), 3)


def test_forward_parameters_are_scalars_that_can_be_drawn() -> None:
    forward = table().of_stage("forward")
    assert forward
    assert all(not p.axis and not p.hierarchical for p in forward)


def test_every_row_says_what_it_is_and_why() -> None:
    for parameter in table().values():
        assert parameter.meaning, parameter.name
        assert parameter.source, parameter.name
        assert parameter.unit, parameter.name


def test_the_first_draws_stay_when_more_are_asked_for() -> None:
    for parameter in PLAIN:
        few = parameter.draw(np.random.default_rng(3), (4, 2))
        many = parameter.draw(np.random.default_rng(3), (9, 2))
        assert np.array_equal(few, many[:4])


def test_a_prior_can_be_replaced_and_nothing_else_changes() -> None:
    changed = table().with_priors({"killed_hazard": (0.02, 0.5)})
    assert changed["killed_hazard"].median == 0.02
    assert list(changed) == list(table())
    assert [n for n in table() if changed[n] != table()[n]] == ["killed_hazard"]
    assert table()["killed_hazard"].median == 0.008


def test_a_hierarchy_cannot_be_replaced() -> None:
    with pytest.raises(UnknownParameterError, match="killed_origin is a hierarchy"):
        table().with_priors({"killed_origin": (0.0, 1.0)})


def test_an_unknown_name_gets_the_nearest() -> None:
    assert "kiled_hazard" not in table()
    with pytest.raises(UnknownParameterError, match="did you mean 'killed_hazard'"):
        table()["kiled_hazard"]
    with pytest.raises(UnknownParameterError, match="found parameter 'zzz'"):
        table().with_priors({"zzz": (1.0, 1.0)})


@pytest.mark.parametrize(
    ("name", "a", "b"),
    [
        ("killed_hazard", 0.0, 0.5),
        ("killed_hazard", -0.1, 0.5),
        ("killed_hazard", 0.1, 0.0),
        ("custody_share", 1.0, 0.5),
        ("custody_share", 0.0, 0.5),
        ("members_sd", 1.0, 0.5),
        ("home_distance", math.nan, 0.5),
        ("home_distance", 0.0, -1.0),
        ("home_distance", 0.0, math.inf),
    ],
)
def test_numbers_that_the_family_does_not_take_are_refused(name: str, a: float, b: float) -> None:
    with pytest.raises(PriorError, match=f"of {name}, expected {table()[name].distribution}"):
        table().with_priors({name: (a, b)})


# --- the table and the code -----------------------------------------------------------------------


def trees() -> Iterator[ast.Module]:
    for room in ("model", "inference", "forecast"):
        for path in sorted((ROOM / room).glob("*.py")):
            yield ast.parse(path.read_text(encoding="utf-8"))


def is_of_parameters(node: ast.expr) -> bool:
    """Whether an expression is the table, or values by the names of the table."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "table"
    return (isinstance(node, ast.Attribute) and node.attr == "values") or (
        isinstance(node, ast.Name) and node.id == "values"
    )


def test_every_parameter_that_the_code_names_exists() -> None:
    named = {
        node.slice.value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and is_of_parameters(node.value)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    }
    assert len(named) > 40
    assert named - set(table()) == set()


def test_every_parameter_is_used_by_the_code() -> None:
    texts: set[str] = set()
    patterns: set[str] = set()
    for tree in trees():
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if id(node) not in prose:
                    texts.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    part.value if isinstance(part, ast.Constant) else None for part in node.values
                ]
                words = "".join(str(part) for part in parts if part is not None)
                if re.fullmatch(r"[a-z]+_|_[a-z_]+", words):
                    patterns.add("".join(str(part or "[a-z_]+") for part in parts))
    texts |= {f"{stratum}_{fate}" for stratum, fate in product(STRATA, FATES)}
    # What a hierarchy refers to is used where the hierarchy is.
    texts |= {str(part)[1:] for p in HIERARCHIES for part in (p.a, p.b)}
    unused = [
        name
        for name in table()
        if name not in texts and not any(re.fullmatch(pattern, name) for pattern in patterns)
    ]
    assert unused == []
