"""Simulated people in a real wave, and the product as it treats them.

``Product`` is the product itself, step by step; each planted leak overrides one step.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from surveys.answering.responding import Filled, invitation_for, submit_response
from surveys.box import ballots, merkle, sealing, wave_secret
from surveys.fieldwork import waves
from surveys.instruments.authoring import store_instrument
from surveys.instruments.document import Document
from surveys.models import (
    Contact,
    Instrument,
    Participant,
    Stratifier,
    UnitKerja,
    Wave,
)
from surveys.monitoring.progress import count_arrivals, mark_finished
from surveys.people.invitations import code_hash
from tests.attackers.reading import WIDTH, Vector, View, read_everything
from tests.surveys.box import SCALE
from tests.surveys.mailed import sent_off, work

REGISTER = {"01": "F" * 17 + "M" * 15, "02": "F" * 13 + "M" * 21}
"""66 people in four cells; four of five answer, so the smallest may be merged."""

SHARE_ANSWERING = 0.8
QUARTER = timedelta(minutes=15)
SPARSE, DENSE = timedelta(minutes=4), timedelta(seconds=5)
"""Mean time between two answers of a wave."""


@dataclass(frozen=True)
class Person:
    """One person; ``answers`` is what no attacker is told."""

    id: UUID
    cell: int
    code: str
    receipt: str
    comment: str
    answers: Vector

    @property
    def leaf(self) -> bytes:
        return merkle.leaf_of(self.receipt)


@dataclass(frozen=True)
class Known:
    """What the attacker knows from elsewhere, more than anybody is likely to.

    The whole register with cells and codes; who answered, in which order
    (``arrivals``); whose words each comment are; whose receipt each leaf is of; and the
    copy of the secret that operations kept on another host (``secret``).
    """

    cells: Mapping[UUID, int]
    codes: Mapping[UUID, str]
    arrivals: Sequence[UUID]
    comments: Mapping[str, UUID]
    leaves: Mapping[str, UUID]
    secret: bytes
    secret_check: str


@dataclass(frozen=True)
class Story:
    """One wave: what was seen in the middle and after sealing, and the truth."""

    known_midway: Known
    midway: View
    known: Known
    sealed: View
    truth: Mapping[UUID, Vector]


@dataclass
class Product:
    """Each step as the product takes it."""

    texts: list[str] = field(default_factory=list)
    mailings: list[int] = field(default_factory=list)

    def prepare(self, wave: Wave) -> None:
        """After the wave was opened."""

    def invite(self, wave: Wave) -> None:
        """Before anybody has answered."""
        self.mailings.append(work(sent_off(wave), rounds=2).pk)

    def remind(self, wave: Wave) -> None:
        """In the middle of the wave: those without a mark get a letter."""
        self.mailings.append(work(sent_off(wave, "reminder"), rounds=2).pk)

    def open(self, person: Person) -> str:
        return invitation_for(person.code).ballot

    def send(self, person: Person, ballot: str) -> None:
        filled = Filled(
            answers=list(person.answers),
            comments=[person.comment],
            device=str(person.id),
            address="10.20.30.40",
        )
        submit_response(ballot=ballot, filled=filled)

    def work(self, wave: Wave, now: datetime) -> None:
        """The jobs of each quarter of an hour."""
        count_arrivals(wave=wave, now=now)
        mark_finished(wave=wave)

    def seal(self, wave: Wave) -> None:
        waves.close_wave(wave=wave)
        sealing.seal_wave(wave=waves.start_sealing(wave=wave))


def dice(seed: object) -> random.Random:
    """Chance that can be repeated."""
    return random.Random(str(seed))  # noqa: S311  # decides nothing that must be secret


def make_questionnaire() -> Instrument:
    """Nine ratings and a comment."""
    ratings = [
        {"code": f"A{n}", "kind": "rating", "label": f"Hal {n}", "options": SCALE}
        for n in range(WIDTH)
    ]
    comment = {"code": "SARAN", "kind": "comment", "label": "Saran"}
    section = {"code": "S", "title": "Bagian", "questions": [*ratings, comment]}
    document = {"code": "sembilan", "version": 1, "languages": ["id"]}
    document |= {"title": "Sembilan hal", "sections": [section]}
    return store_instrument(document=Document.model_validate(document)).instrument


def tell(
    rng: random.Random,
    units: Mapping[str, UnitKerja],
    instrument: Instrument,
    *,
    between: timedelta,
    product: Product | None = None,
    register: Mapping[str, str] = REGISTER,
    share: float = SHARE_ANSWERING,
) -> Story:
    """A wave from opening to sealing, looked at in the middle and at the end."""
    product = product or Product()
    wave = _open_wave(rng, units, instrument, register)
    product.prepare(wave)
    product.invite(wave)
    people = _people_of(rng, wave)
    secret = wave_secret.read(wave)
    rng.shuffle(people)
    arriving = people[: round(share * len(people))]
    half = len(arriving) * 2 // 3
    now = timezone.now().replace(minute=1) - timedelta(days=3)
    now = _arrive(rng, wave, arriving[:half], product, now, between)
    product.remind(wave)
    midway = read_everything(wave.pk, product.texts)
    _arrive(rng, wave, arriving[half:], product, now, between)
    product.seal(wave)
    return Story(
        known_midway=_known(wave, people, arriving[:half], secret),
        midway=midway,
        known=_known(wave, people, arriving, secret),
        sealed=read_everything(wave.pk, product.texts),
        truth={person.id: person.answers for person in arriving},
    )


def _arrive(
    rng: random.Random,
    wave: Wave,
    people: Sequence[Person],
    product: Product,
    now: datetime,
    between: timedelta,
) -> datetime:
    """One after the other, the jobs running whenever a quarter of an hour is over."""
    job = now + QUARTER
    for person in people:
        now += between * rng.expovariate(1)
        while now >= job:
            product.work(wave, job)
            job += QUARTER
        product.send(person, product.open(person))
    return now


def _open_wave(
    rng: random.Random,
    units: Mapping[str, UnitKerja],
    instrument: Instrument,
    register: Mapping[str, str],
) -> Wave:
    code = f"W{rng.getrandbits(48):x}"
    wave = waves.create_wave(
        code=code,
        name=code,
        instrument=instrument,
        root=units["KEM"],
        source=Wave.Source.ONLINE,
        closes_at=timezone.now() + timedelta(days=7),
        reference_date=timezone.localdate(),
        purpose="Mengukur suasana kerja.",
        is_simulated=True,
    )
    categories = [{"code": sex, "label": sex} for sex in "FM"]
    Stratifier.objects.create(
        wave=wave, position=1, code="sex", name="Jenis kelamin", categories=categories
    )
    secret = wave_secret.read(wave)
    people = [
        Participant(wave=wave, unit=units[code], strata={"sex": sex})
        for code, letters in register.items()
        for sex in letters
    ]
    rng.shuffle(people)
    for person in people:
        person.code_hash = code_hash(secret, person.pk, person.edition)
    Participant.objects.bulk_create(people)
    Contact.objects.bulk_create(_contacts(wave, people))
    return waves.open_wave(wave=wave)


def _contacts(wave: Wave, people: Sequence[Participant]) -> Iterator[Contact]:
    for number, person in enumerate(people):
        yield Contact(
            participant=person,
            wave=wave,
            person_key=f"{number:05}",
            email=f"pegawai{number}@contoh.id",
        )


def _people_of(rng: random.Random, wave: Wave) -> list[Person]:
    """Everybody with an answer that nobody else of the wave gives."""
    secret = wave_secret.read(wave)
    rows = list(Participant.objects.filter(wave=wave).order_by("contact__person_key"))
    answers: set[Vector] = set()
    while len(answers) < len(rows):
        answers.add(tuple(rng.randint(1, len(SCALE)) for _ in range(WIDTH)))
    return [
        Person(
            id=row.pk,
            cell=row.cell_id or 0,
            code=ballots.code_of(secret, row.pk, row.edition),
            receipt=ballots.receipt_of(ballots.serial_of(secret, row.pk)),
            comment=f"Saran {rng.getrandbits(20):05x}",
            answers=vector,
        )
        for row, vector in zip(
            rows, rng.sample(sorted(answers), k=len(rows)), strict=True
        )
    ]


def _known(
    wave: Wave, people: Sequence[Person], arrivals: Sequence[Person], secret: bytes
) -> Known:
    return Known(
        cells={person.id: person.cell for person in people},
        codes={person.id: person.code for person in people},
        arrivals=[person.id for person in arrivals],
        comments={person.comment: person.id for person in arrivals},
        leaves={person.leaf.hex(): person.id for person in arrivals},
        secret=secret,
        secret_check=wave.secret_check,
    )
