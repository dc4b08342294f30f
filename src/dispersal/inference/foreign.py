"""Call a compiled Numba function from within a JAX program.

XLA's foreign function interface hands a C function a frame that points to the buffers of its
arguments and results; the offsets below are those of ``xla/ffi/api/c_api.h`` (version 0.3), whose
layout XLA promises to keep. Nothing of Python runs in such a call, so that chains do not wait for
each other.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import jax
import numba
from numba import types
from numba.extending import intrinsic

from dispersal.population.compiled import compiled_callback

if TYPE_CHECKING:
    from collections.abc import Callable

#: Version of the interface that these offsets follow.
MAJOR, MINOR = 0, 3

#: Offsets in words of eight bytes.
FRAME_EXTENSION, FRAME_ARGUMENTS, FRAME_RESULTS = 1, 9, 14
EXTENSION_TYPE, EXTENSION_METADATA = 1, 3
METADATA_VERSION = 3
BUFFER_DATA, BUFFER_DIMENSIONS = 3, 5

_PACKED_VERSION = MAJOR + (MINOR << 32)
_IS_METADATA = 1


def _pointer_to(kind: Any) -> Any:
    """Return a function of compiled code that turns an address into a pointer to such values."""

    def pointer(_context: Any, _address: Any) -> Any:
        signature = _pointer(kind)(types.int64)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

        return signature, generate

    return intrinsic(pointer)


_pointer: Any = types.CPointer
_array: Any = numba.carray  # type: ignore[attr-defined]
words_at: Any = _pointer_to(types.int64)
floats_at: Any = _pointer_to(types.float64)


@numba.njit(inline="always")
def argument(frame: Any, index: int) -> Any:
    """Return a pointer to the words of a buffer: its argument of that number."""
    return words_at(words_at(frame[FRAME_ARGUMENTS])[index])


@numba.njit(inline="always")
def result(frame: Any, index: int) -> Any:
    """Return a pointer to the words of a buffer: its result of that number."""
    return words_at(words_at(frame[FRAME_RESULTS])[index])


@numba.njit(inline="always")
def length(buffer: Any, axis: int) -> int:
    """Return the length of a buffer's axis."""
    return int(words_at(buffer[BUFFER_DIMENSIONS])[axis])


@numba.njit(inline="always")
def floats(buffer: Any, shape: Any) -> Any:
    """Return a buffer's data as an array of that shape, without a copy."""
    return _array(floats_at(buffer[BUFFER_DATA]), shape)


@numba.njit(inline="always")
def told_version(frame: Any) -> bool:
    """Answer XLA's question for the version of the interface, if that is what the call is."""
    if frame[FRAME_EXTENSION] == 0:
        return False
    extension = words_at(frame[FRAME_EXTENSION])
    if extension[EXTENSION_TYPE] & 0xFFFFFFFF != _IS_METADATA:
        return False
    words_at(extension[EXTENSION_METADATA])[METADATA_VERSION] = _PACKED_VERSION
    return True


def register(name: str, handler: Callable[[Any], int]) -> None:
    """Make a compiled handler callable as ``jax.ffi.ffi_call(name, ...)``.

    Parameters
    ----------
    name : str
    handler : callable
        Takes a pointer to the words of the frame; returns 0. Compiled here.
    """
    compiled = compiled_callback(handler, types.int64(_pointer(types.int64)))
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype, capsule.argtypes = (
        ctypes.py_object,
        [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p],
    )
    pointer = capsule(compiled.address, None, None)
    _KEPT.append(compiled)
    jax.ffi.register_ffi_target(name, pointer, platform="cpu")


#: Compiled handlers, which must outlive every program that calls them.
_KEPT: list[Any] = []
