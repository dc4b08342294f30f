"""Mathematics of the site as MathML, which browsers draw themselves: no script, font or network.

An extension of Sphinx, named in docs/conf.py. The package math-core translates from LaTeX.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

CONVERTER = LatexToMathML(fancy_error=False)
LOGGER = logging.getLogger(__name__)


def mathml(latex: str, *, block: bool) -> str:
    """Return a formula in LaTeX as MathML.

    Raises
    ------
    LatexError
        If a command is unknown or a brace is missing.

    Examples
    --------
    >>> mathml("x^2", block=False)
    '<math><msup><mi>x</mi><mn>2</mn></msup></math>'
    """
    return CONVERTER.convert_with_local_state(latex.strip(), displaystyle=block)


def visit_inline(translator: HTML5Translator, node: nodes.Element) -> None:
    """Write a formula that stands in a line."""
    translator.body.append(translated(node, block=False))
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.Element) -> None:
    """Write a formula that stands on lines of its own; a wide one scrolls by itself."""
    # A region that scrolls has to be reachable by keyboard.
    translator.body.append(
        f'<div class="math" role="group" tabindex="0">{translated(node, block=True)}</div>\n'
    )
    raise nodes.SkipNode


def translated(node: nodes.Element, *, block: bool) -> str:
    """Return the MathML of a node; a formula with a mistake is a warning, which ends the build."""
    try:
        return mathml(node.astext(), block=block)
    except LatexError as fault:
        LOGGER.warning("formula cannot be read: %s", fault, location=node)
        return ""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer with Sphinx."""
    app.add_html_math_renderer(
        "docs_math", inline_renderers=(visit_inline, None), block_renderers=(visit_block, None)
    )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
