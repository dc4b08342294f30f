"""From what a person calls a country or zone to the name that the case has for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dispersal.authoring.countries import UnnamedCountryError, code_of
from dispersal.case.schema import AREA_CODES
from dispersal.errors import Fault
from dispersal.world import countries
from dispersal.world.names import fold_name

if TYPE_CHECKING:
    from dispersal.case.draft import Draft

#: What looks like a code or a zone's identifier is left to the checks, which know the nearest.
_IDENTIFIER: Final = re.compile(r"[A-Z0-9-]{3,20}")


class Names:
    """The origins and places of a case, by what a person may call them.

    Parameters
    ----------
    draft : Draft
        A case without a fault.
    """

    def __init__(self, draft: Draft) -> None:
        self._origins = {row.origin: row.name for row in draft.origins.values()}
        self._places = {row.place: row.name for row in draft.places.values()}

    def origin(self, text: str) -> str:
        """Return the origin of the case that a code or a name in any language means.

        Raises
        ------
        UnknownNameError
            If it is no country, or one that is no origin of the case.
        """
        code = self._named(text, self._origins)
        if code in self._origins or code not in countries():
            return code
        expected = (
            f"an origin of origins.csv; if people of {countries()[code].name} ({code}) are meant, "
            "add its row there first"
        )
        raise UnknownNameError("unknown_origin", text, expected)

    def area(self, text: str) -> str:
        """Return the places that a text means, which may join several with ``+``.

        Raises
        ------
        UnknownNameError
            If one is no country, no area and no place of the case.
        """
        known = {**self._origins, **self._places}
        return "+".join(self._named(part, known) for part in text.split("+"))

    def _named(self, text: str, known: dict[str, str]) -> str:
        clean = text.strip()
        if clean in known or clean in AREA_CODES or _IDENTIFIER.fullmatch(clean):
            return clean
        called = [code for code, name in known.items() if fold_name(name) == fold_name(clean)]
        if len(called) == 1:
            return called[0]
        try:
            return code_of(clean)
        except UnnamedCountryError as error:
            near = error.suggestions[0].name if error.suggestions else None
            raise UnknownNameError("unknown_country", text, error.expected, near) from None


class UnknownNameError(Exception):
    """A name that stands for nothing in the case: what a fault says of it."""

    def __init__(self, kind: str, found: str, expected: str, nearest: str | None = None) -> None:
        self.kind, self.found, self.expected, self.nearest = kind, found, expected, nearest
        super().__init__(f"found {found!r}, expected {expected}")

    def fault(self, file: str, row: int | None, column: str | None) -> Fault:
        """Return the fault for the place where the name stands."""
        return Fault(self.kind, file, row, column, self.found, self.expected, self.nearest)
