"""Each attacker first proves itself: it finds the leak it is meant to find."""

from __future__ import annotations

import pytest

from tests.attackers import guessing, leaks
from tests.attackers.conftest import Tell
from tests.attackers.guessing import Attack
from tests.attackers.measure import midway, sealed
from tests.attackers.people import Product

pytestmark = pytest.mark.django_db(transaction=True)

WHILE_OPEN = [
    (leaks.StartedMark(), guessing.by_register),
    (leaks.ToldToTheMailer(), guessing.by_deliveries),
    (leaks.NamedComment(), guessing.by_shared_transaction),
    (leaks.SecretInTheDatabase(), guessing.by_secret_in_the_database),
    (leaks.CellOfOne(), guessing.by_chance),
    (leaks.AccessLog(), guessing.by_texts),
    (leaks.OpenAnswers(), guessing.by_place),
    (leaks.OpenAnswers(), guessing.by_transaction),
    (leaks.OpenAnswers(), guessing.by_number),
    (leaks.OpenAnswers(), guessing.by_remnants),
    (leaks.OpenAnswers(), guessing.by_comments),
]
AFTER_SEALING = [
    (leaks.KeptSerial(), guessing.by_secret_copy),
    (leaks.ShuffledOpenly(), guessing.by_remnants),
    (leaks.SealedInOrder(leaks.as_they_came), guessing.by_place),
    (leaks.SealedInOrder(leaks.as_they_came), guessing.by_transaction),
    (leaks.SealedInOrder(leaks.as_they_came), guessing.by_number),
    (leaks.SealedInOrder(leaks.as_registered), guessing.by_place_in_the_register),
    (leaks.SealedInOrder(leaks.as_receipts), guessing.by_receipts),
    (leaks.SealedInOrder(leaks.as_comments), guessing.by_comments),
]
FOUND = 0.9


def name_of(part: object) -> str:
    return getattr(part, "__name__", type(part).__name__)


@pytest.mark.parametrize(("leak", "attack"), WHILE_OPEN, ids=name_of)
def test_the_attacker_links_nine_in_ten_while_the_wave_is_open(
    leak: Product, attack: Attack, tell_one: Tell
) -> None:
    score = midway(attack, [tell_one(leak)])
    assert score.rate >= FOUND, str(score)


@pytest.mark.parametrize(("leak", "attack"), AFTER_SEALING, ids=name_of)
def test_the_attacker_links_nine_in_ten_after_sealing(
    leak: Product, attack: Attack, tell_one: Tell
) -> None:
    score = sealed(attack, [tell_one(leak)])
    assert score.rate >= FOUND, str(score)
