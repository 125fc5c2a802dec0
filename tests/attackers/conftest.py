"""Waves are simulated once and looked at by every attacker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import override_settings

from surveys.models import Instrument, UnitKerja
from tests.attackers.people import (
    DENSE,
    REGISTER,
    SPARSE,
    Product,
    Story,
    dice,
    make_questionnaire,
    tell,
)
from tests.attackers.reading import can_read_files
from tests.surveys.box import make_units

SEEDS = 20
MAIL = {
    "HAS_EMAIL": True,
    "EMAIL_PER_MINUTE": 6_000_000,
    "SENDING_HOURS": "00.00-24.00",
}
REGIMES = {"sparse": SPARSE, "dense": DENSE}

Stories = Callable[[str, int], list[Story]]
Tell = Callable[..., Story]


@pytest.fixture(scope="package")
def _ground(django_db_setup: None, django_db_blocker: Any) -> Any:
    """A way to write real, committed waves, all of which are gone afterwards."""
    if not can_read_files():
        pytest.skip("the heap files of PostgreSQL are not readable here")

    @contextmanager
    def ground() -> Iterator[tuple[dict[str, UnitKerja], Instrument]]:
        with django_db_blocker.unblock(), override_settings(**MAIL):
            caches["default"].clear()
            try:
                yield make_units({code: [] for code in REGISTER}), make_questionnaire()
            finally:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "DROP TABLE IF EXISTS surveys_planted, surveys_planted_2"
                    )
                    cursor.execute(
                        "TRUNCATE surveys_unitkerja, surveys_instrument CASCADE"
                    )

    return ground


@pytest.fixture(scope="package")
def stories(_ground: Any) -> Stories:
    """Twenty waves of a regime; another ``attempt`` is another twenty."""

    @cache
    def told(regime: str, attempt: int) -> list[Story]:
        with _ground() as (units, instrument):
            return [
                tell(
                    dice(f"{regime} {attempt} {seed}"),
                    units,
                    instrument,
                    between=REGIMES[regime],
                )
                for seed in range(SEEDS)
            ]

    return told


@pytest.fixture(scope="package")
def tell_one(_ground: Any) -> Tell:
    """One wave of a product with a leak in it."""

    def told(product: Product, between: timedelta = SPARSE, **options: Any) -> Story:
        rng = dice(1)
        with _ground() as (units, instrument):
            return tell(
                rng, units, instrument, between=between, product=product, **options
            )

    return told
