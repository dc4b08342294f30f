"""The command line: one thin command for each public function."""

from __future__ import annotations

from dispersal.cli.commands import main

__all__ = ["main"]
