"""What the columns of a register are called by those who send it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from surveys.files.csvfile import TableFile

FIXED = ("person_key", "unit_code", "name", "email", "phone")
OPTIONAL = ("status", "post")
USUAL_STRATA = ("sex", "grade")

NIP_NAMES = frozenset(
    (
        "nip",
        "nipbaru",
        "nomorindukpegawai",
        "nippnspppk",
        "nipnipppk",
        "nippppk",
        "nipppk",
        "nipasn",
    )
)
"""Under these names each number has to be a NIP; under ``person_key`` any will do."""

NAMES: dict[str, tuple[str, ...]] = {
    "person_key": (*sorted(NIP_NAMES), "nomorpegawai", "nopegawai", "idpegawai", "nrp"),
    "unit_code": (
        "unit",
        "kodeunit",
        "unitkerja",
        "kodeunitkerja",
        "satker",
        "kodesatker",
        "satuankerja",
        "unor",
        "kodeunor",
    ),
    "name": ("nama", "namalengkap", "namapegawai"),
    "email": (
        "surel",
        "surat elektronik",
        "alamatsurel",
        "alamatemail",
        "emaildinas",
        "emailkantor",
        "mail",
    ),
    "phone": (
        "hp",
        "nohp",
        "nomorhp",
        "handphone",
        "ponsel",
        "telepon",
        "telp",
        "notelp",
        "notelepon",
        "nomortelepon",
        "wa",
        "nowa",
        "nomorwa",
        "whatsapp",
        "nowhatsapp",
    ),
    "status": ("statusaktif", "statuskeaktifan", "kedudukanhukum"),
    "post": ("jabatan", "namajabatan", "statusjabatan", "jenisjabatan"),
    "sex": ("jeniskelamin", "jk", "lp", "kelamin"),
    "grade": ("golongan", "gol", "golonganruang", "golruang"),
}
"""Each of our columns, and other names for it, as ``bare`` writes them."""

SHOWN = {
    "person_key": "NIP",
    "unit_code": "Unit",
    "name": "Nama",
    "email": "Surel",
    "phone": "HP",
    "status": "Status",
    "post": "Jabatan",
    "sex": "Jenis Kelamin",
    "grade": "Golongan",
}
"""The names that pages and the empty file use."""

_OURS = {
    **{name: ours for ours, names in NAMES.items() for name in names},
    **{ours.replace("_", ""): ours for ours in NAMES},
}


def bare(header: str) -> str:
    """A header as it is compared.

    >>> bare("No. HP"), bare("E-mail"), bare("Kode_Unit Kerja")
    ('nohp', 'email', 'kodeunitkerja')
    """
    return re.sub(r"[^a-z0-9]", "", header.casefold())


def code_of(header: str) -> str:
    """Another column's name as a code: it may become a stratifier.

    >>> code_of("Kelompok Jabatan (baru)"), code_of("grade"), code_of("—")
    ('kelompok_jabatan_baru', 'grade', '—')
    """
    words = re.sub(r"[^\w.-]+", "_", header.strip()).strip("_.-")
    return (words.casefold() if words != header else words) or header


def ours(header: str) -> str:
    """What we call a column, known or not.

    >>> ours("Jenis Kelamin"), ours("Kelompok Umur")
    ('sex', 'kelompok_umur')
    """
    return _OURS.get(bare(header), code_of(header))


def rename(file: TableFile, kept: Iterable[str]) -> bool:
    """Call the columns by our names, those in ``kept`` by their own.

    Returns whether the person key is a NIP by its name. Where two columns mean the
    same, the one named exactly so wins, then the first.
    """
    kept = {c for c in file.header if c in NAMES or c in set(kept)}
    names: dict[str, str] = {}
    for column in file.header:
        name = ours(column)
        taken = name in kept or name in names.values()
        if column not in kept and not taken:
            names[column] = name
    keys = {column for column, name in names.items() if name == "person_key"}
    file.rename(names)
    return any(bare(column) in NIP_NAMES for column in keys)


def left_over(file: TableFile) -> list[str]:
    """Columns that are neither fixed nor optional: strata, or unused."""
    return [c for c in file.header if c not in (*FIXED, *OPTIONAL)]
