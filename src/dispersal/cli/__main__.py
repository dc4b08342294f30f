"""``python -m dispersal.cli`` is ``dispersal``."""

from __future__ import annotations

from dispersal.cli.commands import main

if __name__ == "__main__":
    main(prog_name="dispersal")
