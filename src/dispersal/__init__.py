"""When an armed group loses its territory, where do its members go?"""

from dispersal._version import __version__

__all__ = ["__version__"]
