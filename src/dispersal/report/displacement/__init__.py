"""Results of displacement as a folder: tables, pictures, and a page that needs nothing else."""

from dispersal.report.displacement.write import write_displacement

__all__ = ["write_displacement"]
