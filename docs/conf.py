"""How Sphinx makes the site from the pages of this folder: run ``make docs``."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pygments.lexers.special import TextLexer

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))  # the extensions docs_map and docs_math

from dispersal import __version__  # noqa: E402

for chatty in ("arviz", "matplotlib"):
    logging.getLogger(chatty).setLevel(logging.WARNING)

project = "Dispersal"
author = "The Dispersal developers"
version = release = __version__
language = "en"
root_doc = "index"
exclude_patterns = ["notebooks"]  # linked to as a file; GitHub and Jupyter show it

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "numpydoc",
    "docs_map",
    "docs_math",
    "docs_names",
]

# Pages are written for GitHub, too: only what both understand, and headings with GitHub's anchors.
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
html_math_renderer = "docs_math"

# A reference that leads nowhere is a warning, and `make docs` makes warnings errors.
nitpicky = True

# Docstrings tell types, shapes and units; signatures stay short enough to read.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
numpydoc_show_class_members = False
python_maximum_signature_line_length = 88

html_theme = "furo"
html_title = "Dispersal"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_copyright = False
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": False}


def setup(app: Sphinx) -> None:
    """Show tables of comma-separated values as they are: Pygments has no lexer of them."""
    app.add_lexer("csv", TextLexer)
