"""The room's public names."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from dispersal import model


def test_every_public_name_is_there_and_sorted() -> None:
    assert len(set(model.__all__)) == len(model.__all__)
    for name in model.__all__:
        assert getattr(model, name) is not None
    assert dir(model) == sorted(model.__all__)
    assert model.make_design is import_module("dispersal.model.design").make_design
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = model.nothing


def test_the_table_and_the_calendar_do_not_wait_for_jax() -> None:
    code = (
        "import sys, dispersal.model as m; m.table(); m.Months; m.make_states;"
        "sys.exit('jax' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
