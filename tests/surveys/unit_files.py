"""A file of the small ministry's units, as it is and reorganised."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from surveys.models import UnitImport
from surveys.structure.unit_imports import try_units
from tests.surveys.files import write

HEADER = "kode,nama,singkatan,tingkat,kode_induk,jenis,berlaku_sejak,berlaku_sampai"
TODAY = timezone.localdate()
AS_IT_IS = """
KEM,Kementerian Contoh,,INSTANSI,,,2022-01-01,
01,Unit 01,,ESELON_I,KEM,,2022-01-01,
01.01,Unit 01.01,,ESELON_II,01,,2022-01-01,
01.02,Unit 01.02,,ESELON_II,01,,2022-01-01,
02,Unit 02,,ESELON_I,KEM,,2022-01-01,
02.01,Unit 02.01,,ESELON_II,02,,2022-01-01,
02.02,Unit 02.02,,ESELON_II,02,,2022-01-01,
02.03,Unit 02.03,,ESELON_II,02,,2022-01-01,
03,Unit 03,,ESELON_I,KEM,,2022-01-01,
"""
REORGANISED = """
KEM,Kementerian Contoh,,INSTANSI,,,2022-01-01,
01,Badan Satu,,ESELON_I,KEM,,2022-01-01,
01.01,Unit 01.01,,ESELON_II,02,,2022-01-01,
01.02,Biro Umum,,ESELON_II,03,,2022-01-01,
02,Unit 02,,ESELON_I,KEM,,2022-01-01,
02.01,Unit 02.01,U,ESELON_II,02,,2022-01-01,
02.02,Unit 02.02,,ESELON_II,02,,2022-01-01,2030-12-31
03,Unit 03,,ESELON_I,KEM,,2022-01-01,
04,Unit 03,,ESELON_I,KEM,,2026-01-01,
"""


def tried(folder: Path, rows: str, **more: object) -> UnitImport:
    options = {
        "root": None,
        "starts_on": TODAY,
        "reason": "Perpres 1",
        "file_name": "unit.csv",
        "tried_by": None,
        "path": write(folder, HEADER + rows),
        **more,
    }
    return try_units(**options)  # type: ignore[arg-type]


def reasons(trial: UnitImport) -> list[str]:
    return [f"{p['line']} {p['column']}: {p['reason']}" for p in trial.problems]
