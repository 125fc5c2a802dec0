"""A made-up ministry: who works where, and how they would answer. Pure but for numpy.

Sizes are uneven, units and values differ by a few points around the level published
for the nation in 2022, and some units are small or silent. Everything made from this is
labelled "data simulasi".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

HEADCOUNT: Mapping[str, int] = {
    "01": 812,
    "02": 308,
    "03": 421,
    "04": 463,
    "05": 437,
    "06": 482,
    "07": 516,
    "08": 364,
    "09": 643,
    "10": 152,
    "11": 331,
}
TINY: Mapping[str, int] = {"01.10": 7, "02.06": 8, "04.05": 14, "03.04": 12}
SILENT: Mapping[str, float] = {"10": 0.05, "01.09": 0.12}
NATIONAL_2022: Mapping[str, float] = {
    "BP": 57.9,
    "AK": 74.1,
    "KP": 56.7,
    "HM": 63.8,
    "LY": 65.8,
    "AD": 38.9,
    "KL": 69.4,
}
GRADES = ("I-II", "III", "IV", "PPPK")
GRADE_SHARES = (0.15, 0.5, 0.2, 0.15)
FIRST_NAMES = ("Agus", "Dian", "Eka", "Fajar", "Indah", "Joko", "Kartika", "Lestari")
LAST_NAMES = ("Hidayat", "Kusuma", "Nugroho", "Pratama", "Rahayu", "Santoso", "Wibowo")


Generator = np.random.Generator


def rng_of(seed: int) -> Generator:
    """The same people for the same seed."""
    return np.random.default_rng(seed)


@dataclass(frozen=True)
class Person:
    """One row of the register."""

    person_key: str
    unit: str
    name: str
    email: str
    sex: str
    grade: str


def unit_sizes(units: Sequence[str], rng: Generator) -> dict[str, int]:
    """People attached directly to each unit; Eselon II units share their parent's."""
    sizes: dict[str, int] = {}
    for top, total in HEADCOUNT.items():
        below = [code for code in units if code.startswith(f"{top}.")]
        free = [code for code in below if code not in TINY]
        sizes |= {code: TINY[code] for code in below if code in TINY}
        if not free:
            sizes[top] = total - sum(TINY.get(code, 0) for code in below)
            continue
        rest = total - sum(sizes[code] for code in below if code in TINY)
        shares = rng.dirichlet(np.full(len(free), 12.0))
        sizes |= dict(zip(free, (shares * rest).astype(int).tolist(), strict=True))
    return sizes


def register(units: Sequence[str], rng: Generator) -> Iterator[Person]:
    """The staff of the ministry, unit by unit."""
    number = 0
    for unit, size in sorted(unit_sizes(units, rng).items()):
        for _ in range(size):
            number += 1
            first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
            yield Person(
                person_key=f"SIM{number:06d}",
                unit=unit,
                name=f"{first} {last} (simulasi)",
                email=f"pegawai{number}@simulasi.invalid",
                sex=str(rng.choice(("P", "L"))),
                grade=str(rng.choice(GRADES, p=GRADE_SHARES)),
            )


@dataclass(frozen=True)
class Culture:
    """How far each unit stands from the nation, in points, by value."""

    shift: Mapping[str, Mapping[str, float]]
    rate: Mapping[str, float]

    @classmethod
    def of(cls, units: Sequence[str], rng: Generator, drift: float = 0.0) -> Culture:
        """``drift`` moves everybody: how far a later year is from the first."""
        tops = sorted({unit.split(".")[0] for unit in units})
        general = {top: rng.normal(drift, 2.6) for top in tops}
        special = {
            top: {value: rng.normal(0, 2.0) for value in NATIONAL_2022} for top in tops
        }
        shift = {}
        rate = {}
        for unit in units:
            top = unit.split(".")[0]
            own = 0.0 if unit == top else rng.normal(0, 1.5)
            shift[unit] = {
                value: general[top] + special[top][value] + own
                for value in NATIONAL_2022
            }
            rate[unit] = SILENT.get(unit, float(rng.uniform(0.52, 0.78)))
        return cls(shift, rate)


DONT_KNOW = 7
SHARE_DONT_KNOW = 0.02


def answers(
    values: Sequence[str], shift: Mapping[str, float], rng: Generator
) -> list[int]:
    """Positions 1–6, or 7 for "tidak tahu", one for each statement's value.

    A person has a level of their own (SD 12) and each statement its chance (SD 20).
    """
    person = rng.normal(0, 12)
    levels = np.array([NATIONAL_2022[v] + shift[v] for v in values]) + person
    points = levels + rng.normal(0, 20, len(values))
    codes = np.clip(np.rint(1 + points / 20), 1, 6).astype(int)
    codes[rng.random(len(values)) < SHARE_DONT_KNOW] = DONT_KNOW
    return [int(code) for code in codes]


COMMENTS = (
    "Rapat sebaiknya lebih singkat dan hasilnya dicatat.",
    "Perlu pelatihan yang lebih sering untuk pegawai baru.",
    "Ruang kerja sudah nyaman, tetapi jaringan sering lambat.",
    "Pimpinan terbuka menerima usulan.",
    "Pembagian tugas antarbagian belum merata.",
)


def comment(rng: Generator) -> str:
    """One in twenty writes something."""
    return str(rng.choice(COMMENTS)) if rng.random() < 0.05 else ""
