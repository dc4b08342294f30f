"""From posterior to ensemble to forecast.

The package itself can be called: ``dispersal.forecast(posterior, ...)`` is
:func:`dispersal.forecast.make.forecast`. The public face names the function like the room that it
lives in, and Python binds a package to its parent's attribute whenever one of its modules is
imported, so a plain function of that name would come and go with the order of imports.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dispersal.forecast.forecast import Forecast


class _CallablePackage(ModuleType):
    """A package that makes a forecast when it is called."""

    def __call__(self, *arguments: Any, **settings: Any) -> Forecast:
        from dispersal.forecast.make import forecast

        return forecast(*arguments, **settings)


sys.modules[__name__].__class__ = _CallablePackage
