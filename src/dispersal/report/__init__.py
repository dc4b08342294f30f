"""From a forecast to a page that shows it.

The package itself can be called: ``dispersal.report(forecast, path)`` is
:func:`dispersal.report.page.report`, for the reason that ``dispersal.forecast`` gives.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


class _CallablePackage(ModuleType):
    """A package that writes a report when it is called."""

    def __call__(self, *arguments: Any, **settings: Any) -> Path:
        from dispersal.report.page import report

        return report(*arguments, **settings)


sys.modules[__name__].__class__ = _CallablePackage
