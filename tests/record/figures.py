"""Figures of an invented ledger."""

from __future__ import annotations

from dispersal.case.schema import Figure


def figure(name: str, quantity: str, origin: str, value: float, **cells: object) -> Figure:
    row = {
        "figure_id": name, "quantity": quantity, "origin": origin, "low": value, "high": value,
        "qualifier": "point", "as_of": "2018-01-01", "published": "2018-01-02", "source": "s",
    }  # fmt: skip
    return Figure.model_validate(row | cells)
