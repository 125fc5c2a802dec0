"""The promise of a wave: what is asked, kept and shown; hashed at opening."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from surveys.models import Wave


def promise_of(wave: Wave) -> dict[str, Any]:
    """Everything an answer relies on; loosening any of it changes the digest."""
    strata = [stratifier.name.lower() for stratifier in wave.stratifiers.all()]
    kept = ["jawaban", "unit kerja", *strata, "lama mengisi"]
    return {
        "asks": wave.organiser or wave.root.name,
        "contact": wave.contact,
        "purpose": "Mengukur penerapan tujuh nilai BerAKHLAK per unit kerja.",
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
