"""What stands in the place of an erased contact while its wave can still be answered.

The key is derived from the staff number by the wave's secret: the next import knows the
person again and leaves them alone; once the secret is destroyed, nobody can.
"""

from __future__ import annotations

from surveys.box.ballots import mac
from surveys.models import Contact, Wave

ERASED = "~"
KEY_DIGITS = 38


def erased_key(secret: bytes, person_key: str) -> str:
    """What stands in place of the person key; nobody can tell whose, once sealed."""
    return ERASED + mac(secret, "erased", person_key.encode()).hex()[:KEY_DIGITS]


def erased_keys(wave: Wave) -> frozenset[str]:
    """Keys of those in this wave whose contact has been erased."""
    erased = Contact.objects.filter(wave=wave, person_key__startswith=ERASED)
    return frozenset(erased.values_list("person_key", flat=True))
