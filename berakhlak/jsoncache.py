"""What the cache keeps in Redis: JSON. A pickle would run code when it is read."""

from __future__ import annotations

import json
from typing import Any


class JsonSerializer:
    """Django asks a serializer of its Redis cache for ``dumps`` and ``loads``.

    >>> JsonSerializer().loads(JsonSerializer().dumps(["a", 1.5, None]))
    ['a', 1.5, None]
    >>> JsonSerializer().dumps(7)
    7
    """

    def dumps(self, value: Any) -> bytes | int:
        """Whole numbers stay as they are, so that Redis can count with them."""
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)
