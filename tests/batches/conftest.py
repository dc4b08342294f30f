from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from distributed import LocalCluster

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="package")  # idle workers go on asking, which costs other tests their time
def address() -> Iterator[str]:
    """The address of a scheduler with two workers, which come back when they die."""
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as cluster:
        yield cluster.scheduler_address
