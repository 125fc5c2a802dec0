"""A ministry, its people, and a draft with one question of every kind."""

from __future__ import annotations

import pytest
from django.test import Client

from surveys.instruments.document import Document
from surveys.instruments.drafting import create_draft
from surveys.models import Instrument, UnitKerja
from tests.desk import cast_at_desk, signed_in
from tests.factories import Cast
from tests.surveys.box import make_units
from tests.surveys.test_load_instrument import EVERY_KIND


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    return make_units({"01": ["01.01"], "02": []})


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return cast_at_desk(units)


@pytest.fixture
def draft(units: dict[str, UnitKerja], cast: Cast) -> Instrument:
    """Every kind of question, in Indonesian and English, for the whole ministry."""
    document = Document.model_validate(EVERY_KIND)
    return create_draft(document=document, owner=units["KEM"], by=cast.ani)


@pytest.fixture
def ani(cast: Cast) -> Client:
    return signed_in("Ani")
