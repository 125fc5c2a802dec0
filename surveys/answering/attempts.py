"""How often wrong codes and drafts may come: per device and in all, never per address.

Thousands of people share one office's address, so addresses are not looked at. A right
code is never refused: these limits are asked only after a code turned out wrong. The
counters live in Redis for an hour under keys that change with the hour; a device is its
HMAC there. Without Redis nothing is limited, and nobody is locked out.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from surveys.errors import SurveyError

HOUR = 60 * 60
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """How many of one kind an hour brings, from one device and from all together."""

    kind: str
    per_device: int
    in_all: int


WRONG_CODES = Limit("wrong-codes", per_device=20, in_all=10_000)
DRAFTS = Limit("drafts", per_device=60, in_all=5_000)


class TooMany(SurveyError):
    """The limit is reached; ``minutes`` says how long until it is lifted."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"{minutes} min")
        self.minutes = minutes


def count(limit: Limit, device: str) -> None:
    """Count one more, from the device with this cookie; TooMany over the limit."""
    hour, second = divmod(int(time.time()), HOUR)
    try:
        is_over = _one_more(limit, hour, "") > limit.in_all
        if device:
            is_over |= _one_more(limit, hour, device) > limit.per_device
    except RedisError:
        logger.warning("Redis does not answer: %s are not limited", limit.kind)
        return
    if is_over:
        raise TooMany(minutes=-(-(HOUR - second) // 60))


def _one_more(limit: Limit, hour: int, device: str) -> int:
    """The counter of this hour after one more; of all devices together for ""."""
    name = f"{limit.kind} {hour} {device}"
    digest = hmac.new(settings.SECRET_KEY.encode(), name.encode(), hashlib.sha256)
    key = f"attempts:{digest.hexdigest()[:32]}"
    cache.add(key, 0, timeout=HOUR)
    return cache.incr(key)
