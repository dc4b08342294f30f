"""Work in batches: on this machine or on many, broken off and gone on with, to the same bits."""

from dispersal.batches.cluster import one_client, usable_workers
from dispersal.batches.run import run_batches
from dispersal.batches.task import BatchError, BatchFailedError, Task, split

__all__ = [
    "BatchError",
    "BatchFailedError",
    "Task",
    "one_client",
    "run_batches",
    "split",
    "usable_workers",
]
