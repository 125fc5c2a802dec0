"""Small waves to answer in: plain functions, real rows, real secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from surveys.answering.responding import Filled, invitation_for, submit_response
from surveys.box.envelope import Content, place, unseal
from surveys.box.wave_secret import read
from surveys.fieldwork import waves
from surveys.instruments.authoring import sheet_of, store_instrument
from surveys.instruments.document import Document
from surveys.models import (
    Ballot,
    Contact,
    Instrument,
    Participant,
    Stratifier,
    UnitKerja,
    Wave,
)
from surveys.people.invitations import code_for, code_hash

SCALE = [
    {"code": "1", "label": "Tidak setuju", "value": 1},
    {"code": "2", "label": "Agak setuju", "value": 2},
    {"code": "3", "label": "Setuju", "value": 3},
    {"code": "TT", "label": "Tidak tahu", "missing": True},
]
"""Three points and "tidak tahu"; three ratings and a comment make a sheet of 3."""


def make_instrument(code: str = "kecil") -> Instrument:
    questions = [
        {
            "code": f"A{n}",
            "kind": "rating",
            "label": f"Pernyataan {n}",
            "options": SCALE,
        }
        for n in (1, 2, 3)
    ]
    for question in questions:
        question["dimension"] = "A"
    comment = {"code": "SARAN", "kind": "comment", "label": "Saran"}
    document = {
        "code": code,
        "version": 1,
        "languages": ["id"],
        "title": "Survei kecil",
        "dimensions": [{"code": "A", "name": "Nilai A"}],
        "sections": [
            {"code": "S1", "title": "Nilai A", "questions": [*questions, comment]}
        ],
    }
    return store_instrument(document=Document.model_validate(document)).instrument


def make_units(
    tree: Mapping[str, Sequence[str]], *, root: str = "KEM"
) -> dict[str, UnitKerja]:
    """``{"01": ["01.01", "01.02"]}``: Eselon I units and what stands below them."""
    units = {root: _unit(root, "INSTANSI", None)}
    for code, children in tree.items():
        units[code] = _unit(code, "ESELON_I", units[root])
        for child in children:
            units[child] = _unit(child, "ESELON_II", units[code])
    return units


def _unit(code: str, level: str, parent: UnitKerja | None) -> UnitKerja:
    return UnitKerja.objects.create(
        code=code,
        name=f"Unit {code}",
        level=level,
        parent=parent,
        path=f"{parent.path if parent else ''}{code}/",
        valid_from=date(2022, 1, 1),
    )


def make_draft(
    units: Mapping[str, UnitKerja], code: str = "W1", **more: object
) -> Wave:
    closes_at = timezone.now() + timedelta(days=7)
    options: dict[str, object] = {
        "name": f"Gelombang {code}",
        "instrument": make_instrument(f"kecil-{code}"),
        "root": next(iter(units.values())),
        "source": Wave.Source.ONLINE,
        "closes_at": closes_at,
        "reference_date": timezone.localdate(),
        "purpose": "Mengukur nilai A.",
        "is_simulated": True,
        **more,
    }
    return waves.create_wave(code=code, **options)  # type: ignore[arg-type]


def register(
    wave: Wave, units: Mapping[str, UnitKerja], people: Mapping[str, str]
) -> None:
    """``{"01.01": "FFM"}``: one person for each letter, the letter being the sex."""
    Stratifier.objects.get_or_create(
        wave=wave,
        code="sex",
        defaults={
            "position": 1,
            "name": "Jenis kelamin",
            "categories": [
                {"code": "F", "label": "Perempuan"},
                {"code": "M", "label": "Laki-laki"},
            ],
        },
    )
    secret = read(wave)
    for code, letters in people.items():
        for number, sex in enumerate(letters):
            person = Participant(wave=wave, unit=units[code], strata={"sex": sex})
            person.code_hash = code_hash(secret, person.pk, person.edition)
            person.save()
            Contact.objects.create(
                participant=person,
                wave=wave,
                person_key=f"{code}-{number}",
                name=f"Nama {code} {number}",
                email=f"orang{number}@{code}.contoh.id",
            )


def make_open_wave(people: Mapping[str, str], code: str = "W1") -> Wave:
    """An open wave whose units stand under ``01`` or the first two digits' unit."""
    tree: dict[str, list[str]] = {}
    for unit in people:
        tree.setdefault(unit[:2], []).extend([unit] if "." in unit else [])
    units = make_units(tree)
    wave = make_draft(units, code)
    register(wave, units, people)
    return waves.open_wave(wave=wave)


def people_of(wave: Wave, unit: str = "") -> list[Participant]:
    found = Participant.objects.filter(wave=wave).order_by("contact__person_key")
    return list(found.filter(unit__code=unit) if unit else found)


def code_of(person: Participant) -> str:
    return code_for(wave=person.wave, participant=person)


def ballot_of(person: Participant) -> str:
    return invitation_for(code_of(person)).ballot


def fill(wave: Wave, *codes: int) -> Filled:
    """A sheet of these codes, 3 where none is said."""
    width = sheet_of(wave.instrument).width
    answers = [*codes, *[3] * (width - len(codes))]
    return Filled(answers=answers, comments=[""])


def answer(person: Participant, *codes: int, comment: str = "") -> str:
    """Open the personal link, fill the sheet, send it; the receipt."""
    filled = Filled(fill(person.wave, *codes).answers, comments=[comment])
    return submit_response(ballot=ballot_of(person), filled=filled)


def opened(wave: Wave) -> list[Content]:
    """What lies in the wave's open box, as sealing will read it."""
    secret = read(wave)
    return [
        unseal(secret, place(wave.pk, row.cell_id, row.serial), bytes(row.envelope))
        for row in Ballot.objects.filter(wave=wave).order_by("serial")
    ]


def uuid_of(number: int) -> UUID:
    return UUID(int=number)
