"""New evidence: a saved forecast brought up to date, and what each row of evidence does to it."""

from dispersal.whatif.update.apply import Update, update
from dispersal.whatif.update.history import history_of
from dispersal.whatif.update.influence import Influence, influence
from dispersal.whatif.update.rows import NewRows, read_rows

__all__ = ["Influence", "NewRows", "Update", "history_of", "influence", "read_rows", "update"]
