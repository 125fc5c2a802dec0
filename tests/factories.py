"""A small ministry and its people, as plain functions over ``setdefault``.

The cast: Ani writes and administers, Budi coordinates (or leads) one unit, Citra sits
on the committee, Dewi is a stranger. The tree::

    KEM
    ├── 01  ├── 01.01  └── 01.02
    ├── 02  ├── 02.01  ├── 02.02  └── 02.03
    └── 03
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from scoring.models import PublishedScore, Release, ScoringRun, UnitScore
from scoring.plan import INDEX
from scoring.results.releases import release
from scoring.schemes_store import default_scheme
from surveys.fieldwork.frames import freeze_tree
from surveys.models import (
    Dimension,
    Instrument,
    Role,
    UnitKerja,
    User,
    Wave,
    WaveUnit,
)

VALUES = {
    "BP": "Berorientasi Pelayanan",
    "AK": "Akuntabel",
    "KP": "Kompeten",
    "HM": "Harmonis",
    "LY": "Loyal",
    "AD": "Adaptif",
    "KL": "Kolaboratif",
}
TREE = {"01": ("01.01", "01.02"), "02": ("02.01", "02.02", "02.03"), "03": ()}
SCORES = {
    "KEM": 61.7,
    "01": 64.6,
    "01.01": 66.0,
    "01.02": 63.1,
    "02": 57.8,
    "02.01": 55.2,
    "02.02": 60.3,
    "02.03": 58.8,
    "03": 63.9,
}
HIDDEN = None
"""In place of a score: the private number exists, the published row is empty."""

PRIVATE = 12.345678
"""The private score of every hidden unit; it must be seen nowhere."""

PASSWORD = "sandi-untuk-uji"


# --- People --------------------------------------------------------------------------


def make_user(name: str, **more: Any) -> User:
    more.setdefault("email", f"{name.lower()}@example.org")
    more.setdefault("name", name)
    return User.objects.create_user(password=PASSWORD, **more)


def give_role(user: User, kind: str, unit: UnitKerja) -> Role:
    return Role.objects.create(user=user, kind=kind, unit=unit)


@dataclass(frozen=True)
class Cast:
    ani: User
    budi: User
    citra: User
    dewi: User


def make_cast(units: Mapping[str, UnitKerja], *, budi: str = "leader") -> Cast:
    """Ani and Citra for the whole ministry, Budi for unit 01, Dewi for nothing."""
    cast = Cast(*(make_user(name) for name in ("Ani", "Budi", "Citra", "Dewi")))
    give_role(cast.ani, Role.Kind.ADMINISTRATOR, units["KEM"])
    give_role(cast.budi, budi, units["01"])
    give_role(cast.citra, Role.Kind.COMMITTEE, units["KEM"])
    return cast


# --- The organisation and a wave -----------------------------------------------------


def make_units(
    tree: Mapping[str, Iterable[str]] | None = None, *, root: str = "KEM"
) -> dict[str, UnitKerja]:
    """Eselon I units and what stands below them, by code."""
    units = {root: make_unit(root, "INSTANSI", None, name="Kementerian Contoh")}
    for code, children in (TREE if tree is None else tree).items():
        units[code] = make_unit(code, "ESELON_I", units[root])
        for child in children:
            units[child] = make_unit(child, "ESELON_II", units[code])
    return units


def make_unit(
    code: str, level: str, parent: UnitKerja | None, **more: Any
) -> UnitKerja:
    more.setdefault("name", f"Unit {code}")
    more.setdefault("valid_from", date(2022, 1, 1))
    path = f"{parent.path if parent else ''}{code}/"
    return UnitKerja.objects.create(
        code=code, level=level, parent=parent, path=path, **more
    )


def make_instrument(code: str = "berakhlak", **more: Any) -> Instrument:
    """Published, with the seven values and no questions."""
    more.setdefault("title", {"id": "Survei BerAKHLAK"})
    more.setdefault("languages", ["id"])
    instrument = Instrument.objects.create(code=code, **more)
    Dimension.objects.bulk_create(
        Dimension(instrument=instrument, position=place, code=value, name={"id": name})
        for place, (value, name) in enumerate(VALUES.items(), start=1)
    )
    instrument.status = Instrument.Status.PUBLISHED
    instrument.digest = "0" * 64
    instrument.published_at = timezone.now()
    instrument.save()
    return instrument


def make_wave(units: Mapping[str, UnitKerja], code: str = "W1", **more: Any) -> Wave:
    """A sealed wave with its frozen tree; ``state`` may say otherwise."""
    more.setdefault("name", f"Gelombang {code}")
    more.setdefault("root", next(iter(units.values())))
    more.setdefault("source", Wave.Source.ONLINE)
    more.setdefault("is_simulated", True)
    more.setdefault("state", Wave.State.SEALED)
    more.setdefault("reference_date", date(2025, 10, 1))
    more.setdefault("closes_at", timezone.now() - timedelta(days=9))
    more.setdefault("seals_at", more["closes_at"] + timedelta(days=3))
    more.setdefault("promise_digest", "0" * 64)
    if "instrument" not in more:
        more["instrument"] = Instrument.objects.first() or make_instrument()
    wave = Wave.objects.create(code=code, **more)
    freeze_tree(wave=wave)
    return wave


def make_group(parent: WaveUnit, members: Iterable[WaveUnit]) -> WaveUnit:
    """The named group in which siblings too small are shown together."""
    group = WaveUnit.objects.create(
        wave_id=parent.wave_id,
        code=f"{parent.code}+",
        name=f"Unit kecil di {parent}, digabung",
        level="ESELON_II",
        parent=parent,
        path=f"{parent.path}+/",
        is_group=True,
    )
    for member in members:
        member.group = group
        member.save(update_fields=("group",))
    return group


# --- A computed run ------------------------------------------------------------------


def make_run(
    wave: Wave, scores: Mapping[str, float | None] | None = None, **more: Any
) -> ScoringRun:
    """Computed and not released. ``scores`` maps units to an index or to HIDDEN."""
    more.setdefault("scheme", default_scheme())
    more.setdefault("state", ScoringRun.State.COMPUTED)
    if more["state"] == ScoringRun.State.COMPUTED:
        more.setdefault("computed_at", timezone.now())
    more.setdefault("code_version", "uji")
    more.setdefault("input_digest", "1" * 64)
    more.setdefault("result_digest", "7be14c09d2f8" + "0" * 52)
    more.setdefault("seed", 20231114)
    run = ScoringRun.objects.create(wave=wave, **more)
    add_scores(run, SCORES if scores is None else scores)
    return run


def add_scores(run: ScoringRun, scores: Mapping[str, float | None]) -> None:
    """Private rows for all, published rows shown or empty."""
    units = {unit.code: unit for unit in run.wave.units.all()}
    private: list[UnitScore] = []
    published: list[PublishedScore] = []
    for code, index in scores.items():
        for place, dimension in enumerate((*VALUES, INDEX)):
            row = score_columns(index, place)
            key = {"run": run, "unit": units[code], "dimension": dimension}
            private.append(UnitScore(**key, **row, n_received=row["n"]))
            if index is HIDDEN:
                hidden = PublishedScore(**key, is_hidden=True, reason="confidential")
                published.append(hidden)
            else:
                published.append(PublishedScore(**key, **row))
    UnitScore.objects.bulk_create(private)
    PublishedScore.objects.bulk_create(published)


def score_columns(index: float | None, place: int) -> dict[str, Any]:
    """One row: dimensions lie a point apart around the index, Adaptif far below."""
    score = PRIVATE
    if index is not HIDDEN:
        score = index if place == len(VALUES) else index + place - 3
        score -= 12 if place == 5 else 0
    return {
        "n": 358 if index is not HIDDEN else 7,
        "frame": 516 if index is not HIDDEN else 8,
        "response_rate": 358 / 516,
        "score": score,
        "se_fpc": 0.9,
        "se_model": 1.1,
        "degrees_of_freedom": 357.0,
        "lower": score - 1.8,
        "upper": score + 1.8,
        "favourable": 55.5,
        "band": "B",
    }


def open_run(run: ScoringRun, *audiences: str, **more: Any) -> list[Release]:
    more.setdefault("released_by", "Ani")
    return release(run=run, audiences=audiences, **more)
