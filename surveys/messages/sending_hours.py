"""When messages may go out, and how many in a while."""

from __future__ import annotations

import re
import time
from datetime import datetime
from datetime import time as clock

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

WINDOW = 10
"""Seconds in which a channel's share of a minute may go."""

CLOCK = r"([01]?\d|2[0-4])[.:]([0-5]\d)"
HOURS = re.compile(rf"{CLOCK}\s*[-–]\s*{CLOCK}")


def hours() -> tuple[clock, clock]:
    """First and last moment of the day, local time; ``24.00`` is the day's end."""
    found = HOURS.fullmatch(settings.SENDING_HOURS.strip())
    if found is None:
        raise ImproperlyConfigured(
            f"SENDING_HOURS={settings.SENDING_HOURS}: tulis seperti 07.00-20.00."
        )
    first, from_minute, last, to_minute = map(int, found.groups())
    end = clock.max if last == 24 else clock(last, to_minute)
    return clock(first % 24, from_minute), end


def hours_words() -> str:
    """``07.00–20.00 WIB``."""
    first, last = hours()
    end = "24.00" if last == clock.max else last.strftime("%H.%M")
    return f"{first.strftime('%H.%M')}–{end} {timezone.localtime().tzname()}"


def may_send_at(moment: datetime) -> bool:
    """Whether this moment lies in the sending hours; they may span midnight."""
    first, last = hours()
    now = timezone.localtime(moment).time()
    if first <= last:
        return first <= now < last
    return now >= first or now < last


def allowance(channel: str, per_minute: int, wanted: int) -> int:
    """How many of these messages may go in the running ten seconds, on any worker.

    Counted in Redis under the channel's name; at least one goes in ten seconds.
    """
    limit = max(1, per_minute * WINDOW // 60)
    key = _key(channel)
    cache.add(key, 0, 6 * WINDOW)
    before = int(cache.incr(key, wanted)) - wanted
    granted = max(0, min(wanted, limit - before))
    give_back(channel, wanted - granted)
    return granted


def give_back(channel: str, n: int) -> None:
    """So many were allowed and not needed; another mailing may want them."""
    key = _key(channel)
    if n and cache.add(key, 0, 6 * WINDOW) is False:
        cache.decr(key, n)


def _key(channel: str) -> str:
    return f"sent:{channel}:{int(time.time() // WINDOW)}"
