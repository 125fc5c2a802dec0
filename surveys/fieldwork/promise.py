"""The promise of a wave: what is asked, kept and shown; hashed at opening."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet

from surveys.models import Instrument, Wave

SEVEN_VALUES = frozenset(("BP", "AK", "KP", "HM", "LY", "AD", "KL"))
"""Codes of the dimensions of BerAKHLAK."""

USUAL_PURPOSE = "Mengukur penerapan tujuh nilai BerAKHLAK per unit kerja."


def usual_purposes(instruments: QuerySet[Instrument]) -> dict[str, str]:
    """What those of them with the seven values are for, by their key."""
    found = (
        instruments.order_by()
        .filter(dimensions__code__in=SEVEN_VALUES)
        .annotate(n_values=Count("dimensions__code", distinct=True))
        .filter(n_values=len(SEVEN_VALUES))
    )
    return {str(key): USUAL_PURPOSE for key in found.values_list("pk", flat=True)}


def purpose_of(wave: Wave) -> str:
    """What the wave says it is for, or its instrument always is; may be empty."""
    if wave.purpose:
        return wave.purpose
    same = Instrument.objects.filter(pk=wave.instrument_id)
    return usual_purposes(same).get(str(wave.instrument_id), "")


def promise_of(wave: Wave) -> dict[str, Any]:
    """Everything an answer relies on; loosening any of it changes the digest."""
    strata = [stratifier.name.lower() for stratifier in wave.stratifiers.all()]
    kept = ["jawaban", "unit kerja", *strata, "lama mengisi"]
    return {
        "asks": wave.organiser or wave.root.name,
        "contact": wave.contact,
        "purpose": purpose_of(wave),
        "legal_basis": "UU 27/2022 tentang Pelindungan Data Pribadi",
        "kept": f"{', '.join(kept).capitalize()}, dan penanda acak ponsel dan jaringan "
        "yang dihapus saat survei disegel. Sampai saat itu jawaban tersimpan tersandi. "
        "Nama, NIP, dan jam mengisi tidak ikut.",
        "hidden": "Siapa menjawab apa: sampai survei disegel jawaban tersimpan "
        "tersandi; sejak itu tidak ada lagi yang dapat mengaitkannya dengan orangnya. "
        f"Hasil kelompok di bawah {wave.min_cell} orang tidak ditampilkan.",
        "min_cell": wave.min_cell,
        "strata": [stratifier.code for stratifier in wave.stratifiers.all()],
        "extension": "Waktu mengisi dan batas kirim hanya dapat diperpanjang, dengan "
        "alasan yang diumumkan. Menutup lebih awal pun memerlukan alasan yang "
        "diumumkan.",
        "closes_at": wave.closes_at.isoformat(),
        "seals_at": wave.seals_at.isoformat(),
        "instrument": wave.instrument.digest,
        "competing_level": wave.competing_level,
    }


def canonical_text(promise: Mapping[str, Any]) -> str:
    """The promise as it is hashed: JSON, keys sorted, no blanks."""
    return json.dumps(
        promise, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def digest_of(promise: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical text of a promise, in UTF-8."""
    return hashlib.sha256(canonical_text(promise).encode()).hexdigest()
