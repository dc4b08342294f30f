"""Compiling the inner loops with Numba, keeping the result on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.core.caching import FunctionCache

Function = TypeVar("Function", bound=Callable[..., Any])

#: Makes an index that cannot count from the end: an inner loop then need not ask whether it does.
from_start = np.uint64


def compiled(function: Function) -> Function:
    """Compile a function that may run outside the interpreter's lock.

    The machine code is kept on disk where a folder can be written. Numba notices a change only in
    the file of the function itself, so what is older than any file beside it or here is deleted.
    """
    return _compiled(function)


def inlined(function: Function) -> Function:
    """Compile a function, copying it into every compiled function that calls it.

    A call between compiled functions returns several values through memory, in pieces that the
    caller reads as one before they are stored; and it spells out every array it is given.
    """
    return _compiled(function, copied=True)


def _compiled(function: Function, *, copied: bool = False) -> Function:
    def compile_it(cache: bool) -> Any:
        options = numba.njit(cache=cache, nogil=True, error_model="numpy", forceinline=copied)
        return options(function)

    try:
        dispatcher = compile_it(cache=True)
    except RuntimeError:  # neither the package's folder nor the user's cache can be written
        return cast("Function", compile_it(cache=False))
    _forget_older(function, Path(str(dispatcher.stats.cache_path)))
    return cast("Function", dispatcher)


def compiled_callback(function: Callable[..., Any], signature: Any) -> Any:
    """Compile a function that C code calls, keeping the result on disk as ``compiled`` does.

    Returns Numba's ``CFunc``, whose ``address`` is that of the function.
    """
    try:
        kept: Any = FunctionCache(function)  # type: ignore[no-untyped-call]
        _forget_older(function, Path(str(kept.cache_path)))
        return numba.cfunc(signature, cache=True)(function)
    except RuntimeError:  # neither the package's folder nor the user's cache can be written
        return numba.cfunc(signature)(function)


def _forget_older(function: Callable[..., Any], folder: Path) -> None:
    """Delete what is kept of a function in a folder, if a file beside it or here is newer."""
    folders = {Path(__file__).parent, Path(function.__code__.co_filename).parent}
    changed = max(path.stat().st_mtime for each in folders for path in each.glob("*.py"))
    module = Path(function.__code__.co_filename).stem
    for kept in folder.glob(f"{module}.{function.__name__}-*.nbi"):
        try:
            if kept.stat().st_mtime < changed:
                kept.unlink()
        except OSError:  # another process was faster, or may not be allowed to
            continue
