"""Arrays as bytes and back: equal arrays give equal bytes on every machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"arrays 1\n"


def pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Named arrays, in their order, little-endian."""
    layout, parts = [], []
    for name, value in arrays.items():
        little = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<"))
        layout.append([name, little.dtype.str, list(value.shape)])
        parts.append(little.tobytes())
    return b"".join([_MAGIC, json.dumps(layout).encode(), b"\n", *parts])


def unpack(data: bytes) -> dict[str, NDArray[Any]]:
    """The arrays that ``pack`` wrote; ValueError for anything else."""
    if not data.startswith(_MAGIC):
        raise ValueError("not packed arrays")
    end = data.index(b"\n", len(_MAGIC))
    at = end + 1
    found: dict[str, NDArray[Any]] = {}
    for name, kind, shape in json.loads(data[len(_MAGIC) : end]):
        dtype = np.dtype(kind)
        count = int(np.prod(shape))
        stored = np.frombuffer(data, dtype=dtype, count=count, offset=at)
        found[name] = stored.reshape(shape).astype(dtype.newbyteorder("="))
        at += count * dtype.itemsize
    return found
