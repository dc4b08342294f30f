"""Links between names in docstrings, where these leave out the module or say where the code is.

An extension of Sphinx, named in docs/conf.py. Docstrings say ``Forecast`` or ``InputError``, as one
reads them; Sphinx looks for a name within its own module only. Here a name that the reference has
once, wherever, is found; one that it does not have, or has twice, stays a warning of Sphinx.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.nodes import make_refnode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.domains.python import ObjectEntry, PythonDomain
    from sphinx.environment import BuildEnvironment


def full_names(objects: Mapping[str, ObjectEntry], name: str) -> list[str]:
    """Return the full names that a name may stand for.

    ``Forecast.draws`` stands for what ends with it; ``dispersal.case.read.load_case``, a path
    within a room, for ``dispersal.case.load_case`` or ``dispersal.load_case``, as users import it.
    """
    ends = [full for full in objects if full == name or full.endswith(f".{name}")]
    if not ends and name.startswith("dispersal."):
        module, _, last = name.rpartition(".")
        ends = [
            full
            for full in objects
            if full.rpartition(".")[2] == last and module.startswith(full.rpartition(".")[0])
        ]
    promised = [full for full in ends if not objects[full].aliased]
    return promised or ends


def link(
    app: Sphinx, domain: PythonDomain, page: str, name: str, content: nodes.Node
) -> nodes.reference:
    """Return a link from a page to an object."""
    entry = domain.objects[name]
    return make_refnode(app.builder, page, entry.docname, entry.node_id, content, name)


def find_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> nodes.reference | None:
    """Return a link to the one object of a name, or nothing."""
    if node.get("refdomain") != "py":
        return None
    domain = env.domains.python_domain
    found = full_names(domain.objects, node["reftarget"])
    return link(app, domain, node["refdoc"], found[0], content) if len(found) == 1 else None


def link_types(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Make links of the classes that lists of parameters and of results name as types."""
    domain = app.env.domains.python_domain
    classes = {
        name: entry
        for name, entry in domain.objects.items()
        if entry.objtype in {"class", "exception"}
    }
    kinds = list(doctree.findall(nodes.classifier))
    for fields in doctree.findall(nodes.field_body):
        kinds += fields.findall(nodes.term)
    for kind in kinds:
        if not all(isinstance(part, nodes.Text) for part in kind.children):
            continue  # the name of a parameter, or a link that the docstring makes
        words = re.split(r"\b([A-Z]\w+)\b", kind.astext())
        kind.clear()
        for word in words:
            found = full_names(classes, word) if word else []
            text = nodes.Text(word)
            linked = len(found) == 1
            kind += link(app, domain, docname, found[0], text) if linked else text


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension with Sphinx."""
    app.connect("missing-reference", find_name)
    app.connect("doctree-resolved", link_types)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
