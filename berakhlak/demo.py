"""The demo's content: two waves of a made-up ministry, through the product's doors.

Last year's wave is sealed, scored and released; this year's is open and partly
answered. What exists already is left alone, so a second call changes nothing.
"""

from __future__ import annotations

import csv
import io
import json
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from oauth2_provider.models import Application

from berakhlak import population
from scoring.models import Release
from scoring.results.releases import release
from scoring.runs import start_run, work_through
from scoring.schemes_store import default_scheme
from surveys.answering.responding import Filled, invitation_for, submit_response
from surveys.box import ballots, sealing
from surveys.box.wave_secret import read as read_secret
from surveys.fieldwork import waves
from surveys.instruments.authoring import sheet_of
from surveys.models import Instrument, Participant, Role, UnitKerja, User, Wave
from surveys.monitoring import progress
from surveys.people.register import load_participants
from surveys.people.strata import StratumLabels
from surveys.staff.demo_accounts import access_file
from surveys.staff.permissions import grant_role

DATA = Path(settings.BASE_DIR) / "surveys" / "data"
ROOT = "KEMENDAGRI"
INSTRUMENT = "berakhlak-21"
SEED = 20210826
ANSWERED_THIS_YEAR = 0.55

PEOPLE = (
    ("ani@demo.invalid", "Ani", "Pengelola", ROOT, ("administrator", "operator")),
    ("budi@demo.invalid", "Budi", "Koordinator", "05", ("coordinator",)),
    ("citra@demo.invalid", "Citra", "Anggota komite", ROOT, ("committee",)),
    ("eko@demo.invalid", "Eko", "Pimpinan unit", "05", ("leader",)),
)
API_EMAIL = "sistem@demo.invalid"

Say = Callable[[str], None]


def this_year() -> str:
    return f"BERAKHLAK-{timezone.localdate().year}"


def last_year() -> str:
    return f"BERAKHLAK-{timezone.localdate().year - 1}"


def build(say: Say) -> None:
    """Whatever of the demo's content is still missing."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    quiet = io.StringIO()
    call_command("load_units", str(DATA / "kemendagri_units.csv"), stdout=quiet)
    instrument = DATA / "instruments" / f"{INSTRUMENT}.yaml"
    call_command("load_instrument", str(instrument), stdout=quiet)
    default_scheme()
    make_people()
    if not Wave.objects.filter(code=last_year(), state=Wave.State.SEALED).exists():
        say(f"{last_year()}: dijawab, disegel, dihitung")
        build_last_year()
    if not Wave.objects.filter(code=this_year()).exists():
        say(f"{this_year()}: dibuka dan sebagian dijawab")
        build_this_year()


# --- people --------------------------------------------------------------------------


@transaction.atomic
def make_people() -> None:
    """A user for each role and an API client, with passwords drawn once."""
    if access_file().exists() and User.objects.filter(email=API_EMAIL).exists():
        return
    access: dict[str, Any] = {"passwords": {}}
    for email, name, _title, unit, kinds in PEOPLE:
        password = secrets.token_urlsafe(9)
        access["passwords"][email] = password
        user = _user(email, name, password)
        for kind in kinds:
            grant_role(user=user, kind=kind, unit=UnitKerja.objects.get(code=unit))
    access["api"] = _api_client()
    descriptor = os.open(access_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(access, file)


def _user(email: str, name: str, password: str | None) -> User:
    user = User.objects.filter(email=email).first() or User(email=email)
    user.name = name
    user.set_password(password)
    user.save()
    return user


def _api_client() -> dict[str, str]:
    user = _user(API_EMAIL, "Sistem kementerian lain", None)
    root = UnitKerja.objects.get(code=ROOT)
    grant_role(user=user, kind=Role.Kind.API_CLIENT, unit=root)
    Application.objects.filter(user=user).delete()
    secret = secrets.token_urlsafe(24)
    client = Application.objects.create(
        user=user,
        name="Demo",
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
    )
    return {"client_id": client.client_id, "client_secret": secret}


# --- waves ---------------------------------------------------------------------------


def build_last_year() -> None:
    """A wave of last autumn, from draft to released."""
    wave = Wave.objects.filter(code=last_year()).first()
    if wave is None or wave.state == Wave.State.DRAFT:
        year = timezone.localdate().year - 1
        end = timezone.localtime().replace(year=year, month=10, day=24, hour=23)
        end = end.replace(minute=59, second=0, microsecond=0)
        wave = open_simulated(wave, last_year(), end, seed=SEED)
    if wave.state == Wave.State.OPEN:
        with answering_reopened(wave):
            answer_all(wave, share=1.0, seed=SEED)
        wave = waves.close_wave(wave=wave)
    if wave.state == Wave.State.CLOSED:
        wave = waves.start_sealing(wave=wave)
    wave = sealing.seal_wave(wave=wave)
    run = start_run(wave=wave, scheme=default_scheme())
    list(work_through(run))
    run.refresh_from_db()
    release(run=run, audiences=Release.Audience.values, released_by="Demo")


def build_this_year() -> None:
    """A wave that is open now, with people left to answer."""
    end = timezone.localtime().replace(hour=23, minute=59, second=0, microsecond=0)
    wave = open_simulated(None, this_year(), end + timedelta(days=14), seed=SEED + 1)
    answer_all(wave, share=ANSWERED_THIS_YEAR, seed=SEED + 1)
    progress.count_arrivals(wave=wave)
    progress.mark_finished(wave=wave)


def open_simulated(
    wave: Wave | None, code: str, closes_at: datetime, *, seed: int
) -> Wave:
    """Create, fill the register of, and open one of the demo's waves."""
    year = code.rpartition("-")[2]
    wave = wave or waves.create_wave(
        code=code,
        name=f"Survei BerAKHLAK {year}",
        instrument=Instrument.objects.filter(code=INSTRUMENT).latest("version"),
        root=UnitKerja.objects.get(code=ROOT),
        source=Wave.Source.ONLINE,
        closes_at=closes_at,
        reference_date=reference_of(closes_at),
        is_simulated=True,
        organiser="Biro Kepegawaian, Kementerian Dalam Negeri (simulasi)",
        contact="Biro Kepegawaian, pada jam kerja (simulasi)",
    )
    rng = population.rng_of(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.csv"
        write_register(path, rng)
        load_participants(
            wave=wave, path=path, strata=("sex", "grade"), labels=STRATA_LABELS
        )
    return waves.open_wave(wave=wave)


def reference_of(closes_at: datetime) -> date:
    """The first of the wave's last month, and never a day to come."""
    return min(closes_at.date().replace(day=1), timezone.localdate())


STRATA_LABELS = {
    "sex": StratumLabels(
        name="Jenis kelamin", categories={"L": "Laki-laki", "P": "Perempuan"}
    ),
    "grade": StratumLabels(name="Kelompok golongan"),
}


def write_register(path: Path, rng: population.Generator) -> None:
    codes = sorted(UnitKerja.objects.exclude(code=ROOT).values_list("code", flat=True))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ("person_key", "unit_code", "name", "email", "phone", "sex", "grade")
        )
        for person in population.register(codes, rng):
            writer.writerow(
                (
                    person.person_key,
                    person.unit,
                    person.name,
                    person.email,
                    "",
                    person.sex,
                    person.grade,
                )
            )


@contextmanager
def answering_reopened(wave: Wave) -> Iterator[None]:
    """Let last year's simulated people answer today; the promise keeps its dates."""
    simulated = Wave.objects.filter(pk=wave.pk, is_simulated=True)
    soon = timezone.now() + timedelta(hours=2)
    simulated.update(closes_at=soon, seals_at=soon)
    try:
        yield
    finally:
        simulated.update(closes_at=wave.closes_at, seals_at=wave.seals_at)


def answer_all(wave: Wave, *, share: float, seed: int) -> None:
    """Simulated people open their link and send the form; some stay silent."""
    rng = population.rng_of(seed + 100)
    sheet = sheet_of(wave.instrument)
    values = [q.dimension or "" for q in sheet.questions if q.n_slots]
    units = sorted(UnitKerja.objects.exclude(code=ROOT).values_list("code", flat=True))
    culture = population.Culture.of(units, rng)
    secret = read_secret(wave)
    people = Participant.objects.filter(wave=wave).select_related("unit", "contact")
    for person in people.order_by("contact__person_key"):
        code = person.unit.code
        if rng.random() > culture.rate[code] * share:
            continue
        invitation = invitation_for(ballots.code_of(secret, person.pk, person.edition))
        submit_response(
            ballot=invitation.ballot,
            filled=Filled(
                answers=population.answers(values, culture.shift[code], rng),
                comments=[population.comment(rng) for _ in sheet.comment_questions],
            ),
        )
