"""Printed invitations: one A4 page a person, one PDF a unit, all of it in one ZIP.

They hold everybody's code. So the file lies with the wave's secrets, is never backed
up, is handed once to whoever asked for it, and is gone after a day in any case.
"""

from __future__ import annotations

import itertools
import json
import os
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import typst
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.box import ballots, wave_secret
from surveys.errors import SurveyError
from surveys.fieldwork import waves, windows
from surveys.files import jobs
from surveys.files.copying import batched
from surveys.messages.recipients import with_members
from surveys.messages.wording import address_of, deadline_words
from surveys.models import Contact, Job, UnitKerja, User, Wave, WaveUnit
from surveys.people.erased import ERASED
from surveys.people.invitations import qr_svg, record_printing
from surveys.staff.permissions import under

KIND = "letters"
PAGES_AT_ONCE = 200
"""Pages that Typst holds in memory together: some 100 MB."""

KEEP_SECONDS = 24 * 60 * 60.0
TEMPLATE = Path(settings.BASE_DIR) / "templates" / "typst" / "letter.typ"


# --- Asking for them -----------------------------------------------------------------


@transaction.atomic
def print_letters(
    *,
    wave: Wave,
    units: Iterable[WaveUnit],
    without_email: bool,
    reason: str,
    started_by: User,
) -> Job:
    """Record who prints and why, and start the work; ``tasks.run_job`` is the door's.

    Without ``units`` everybody of the wave gets a letter.
    """
    waves.demand(wave, Wave.State.OPEN)
    paths = live_paths(units)
    people = addressees(wave, paths, without_email=without_email)
    n_letters = people.count()
    if not n_letters:
        raise SurveyError(_nobody(without_email=without_email))
    job = jobs.start_job(
        kind=KIND,
        started_by=started_by,
        wave=wave,
        options={"paths": paths, "without_email": without_email},
    )
    record_printing(
        wave=wave, operator=str(started_by), reason=reason, n_links=n_letters
    )
    return job


def _nobody(*, without_email: bool) -> str:
    if without_email:
        return _(
            "Semua pegawai yang dipilih punya alamat surel. Hapus centang «Hanya"
            " pegawai tanpa alamat surel» untuk mencetak surat mereka."
        )
    return _("Tidak ada pegawai yang cocok dengan pilihan ini.")


def live_paths(units: Iterable[WaveUnit]) -> list[str]:
    """Paths of the live units behind these, members standing for their group."""
    keys = [unit.unit_id for unit in with_members(units)]
    found = UnitKerja.objects.filter(pk__in=[key for key in keys if key])
    return sorted(found.values_list("path", flat=True))


def addressees(
    wave: Wave, paths: list[str], *, without_email: bool
) -> QuerySet[Contact]:
    """Who gets a letter, unit by unit."""
    people = Contact.objects.filter(wave=wave, participant__has_left=False)
    people = people.exclude(person_key__startswith=ERASED)
    if paths:
        people = people.filter(under(paths, "participant__unit__path"))
    if without_email:
        people = people.filter(email="")
    return people.select_related("participant__unit").order_by(
        "participant__unit__path", "name", "pk"
    )


# --- The work ------------------------------------------------------------------------


@jobs.kind(KIND, label=gettext_lazy("Surat undangan"))
def write_letters(job: Job, progress: jobs.Progress) -> Mapping[str, object]:
    """One PDF for each unit, streamed into the ZIP batch by batch."""
    wave = job.wave
    if wave is None or wave.state != Wave.State.OPEN:
        raise SurveyError(_("Gelombang ini tidak sedang dibuka."))
    people = addressees(
        wave, job.options["paths"], without_email=job.options["without_email"]
    )
    n_total, n_done, n_files = people.count(), 0, 0
    progress(0, n_total)
    with _fresh_file(job) as file, zipfile.ZipFile(file, "w") as packed:
        for name, letters in batches(wave, people):
            packed.writestr(name, pdf_of(wave, letters))
            n_done, n_files = n_done + len(letters), n_files + 1
            progress(n_done, n_total)
    return {"n_letters": n_done, "n_files": n_files}


def batches(
    wave: Wave, people: QuerySet[Contact]
) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Name of a PDF and its letters: a unit, or a part of a large one."""
    secret, of_units = wave_secret.read(wave), windows.windows_of(wave)
    rows = people.iterator(chunk_size=2000)
    for unit, contacts in itertools.groupby(rows, lambda row: row.participant.unit):
        batch = of_units.get(unit.pk)
        deadline = deadline_words(batch.closes_at if batch else wave.closes_at)
        for part, some in enumerate(batched(contacts, PAGES_AT_ONCE), 1):
            first = (part - 1) * PAGES_AT_ONCE + 1
            yield (
                f"{unit.code}-{part:03}.pdf",
                [
                    letter(secret, contact, deadline, number)
                    for number, contact in enumerate(some, first)
                ],
            )


def letter(
    secret: bytes, contact: Contact, deadline: str, number: int
) -> dict[str, str]:
    """What differs from page to page."""
    person = contact.participant
    code = ballots.code_of(secret, person.pk, person.edition)
    return {
        "name": contact.name or contact.person_key,
        "unit": person.unit.name,
        "code": ballots.in_groups(code),
        "qr": qr_svg(address_of(reverse("respond:open", args=[code]))),
        "deadline": deadline,
        "place": f"{person.unit.code} · {number}",
    }


def pdf_of(wave: Wave, letters: list[dict[str, str]]) -> bytes:
    """A tagged PDF (PDF/UA-1), one page a letter, with our own fonts."""
    fonts = typst.Fonts(
        include_system_fonts=False, font_paths=[str(TEMPLATE.parent / "fonts")]
    )
    compiler = typst.Compiler(
        input=str(TEMPLATE), font_paths=fonts, ignore_system_fonts=True
    )
    content = json.dumps({**common(wave), "letters": letters}, ensure_ascii=False)
    pdf = compiler.compile(sys_inputs={"letters": content}, pdf_standards=["ua-1"])
    assert isinstance(pdf, bytes)  # noqa: S101  # one file: PDF is its default format
    return pdf


def common(wave: Wave) -> dict[str, Any]:
    """What all pages of a wave share."""
    organiser = wave.organiser or wave.root.name
    return {
        "title": _("Undangan mengisi %(survey)s") % {"survey": wave.name},
        "organiser": organiser,
        "simulated": wave.is_simulated,
        "wave": wave.name,
        "contact": wave.contact,
        "code_address": address_of(reverse("respond:code")),
        "promise_address": address_of(reverse("respond:promise", args=[wave.code])),
        "promise_digest": ballots.in_groups(wave.promise_digest[:8].upper()),
        "paragraphs": [
            _(
                "%(organiser)s mengundang Anda mengisi %(survey)s. Pengisian dapat"
                " dilakukan dari ponsel atau komputer dan boleh disela."
            )
            % {"organiser": organiser, "survey": wave.name},
            _(
                "Jawaban disimpan tanpa nama. Setelah survei disegel, tidak seorang"
                " pun dapat menghubungkan jawaban dengan Anda, juga kami."
            ),
        ],
        "notes": [
            _(
                "Surat dan kode ini hanya untuk Anda. Jangan diteruskan: siapa pun"
                " yang memegangnya dapat mengisi atas nama Anda. Musnahkan surat ini"
                " setelah mengisi."
            )
        ],
        "words": _words(),
    }


def _words() -> dict[str, str]:
    return {
        "simulated": _("Data simulasi"),
        "qr_alt": _("Kode QR berisi tautan pribadi ke survei"),
        "scan": _("Pindai kode QR ini dengan kamera ponsel."),
        "or_type": _("Atau buka alamat ini, lalu ketik kode di bawahnya:"),
        "look_alikes": _("Huruf I, L, O, dan U tidak dipakai."),
        "genuine": _("Cara memastikan surat ini asli"),
        "open_yourself": _("Ketik sendiri alamat halaman resminya di peramban:"),
        "digest_begins": _("Sidik janji di sana harus berawal dengan"),
        "never_ask": _("Kami tidak pernah meminta kata sandi, PIN, atau kode OTP."),
        "contact": _("Ragu? Tanyakan kepada"),
        "to": _("Kepada Yth."),
        "until": _("Pengisian dibuka sampai"),
    }


# --- The file ------------------------------------------------------------------------


def _folder() -> Path:
    return Path(settings.SECRETS_DIR) / "letters"


def _path(job: Job) -> Path:
    return _folder() / f"{job.key}.zip"


def _fresh_file(job: Job) -> IO[bytes]:
    """Empty, readable by the product alone; what an earlier try left is gone."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    _path(job).unlink(missing_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
    return os.fdopen(os.open(_path(job), flags, 0o600), "w+b")


def is_waiting(job: Job) -> bool:
    """Whether the letters of a finished job can still be fetched."""
    return job.state == Job.State.DONE and _path(job).exists()


def fetch(*, job: Job, user: User) -> IO[bytes] | None:
    """The ZIP, for whoever asked for it, once: from now on it has no name on disk."""
    if job.kind != KIND or job.started_by_id != user.pk or not is_waiting(job):
        return None
    taken = _path(job).with_suffix(f".{os.getpid()}")
    try:
        _path(job).rename(taken)  # of two who ask at the same time one comes too late
        file = taken.open("rb")
        taken.unlink()
    except FileNotFoundError:
        return None
    job.result = {**job.result, "fetched_at": timezone.now().isoformat()}
    job.save(update_fields=("result",))
    return file


def forget_old() -> None:
    """Remove what nobody has fetched within a day."""
    for path in _folder().glob("*"):
        if time.time() - path.stat().st_mtime > KEEP_SECONDS:
            path.unlink(missing_ok=True)


def forget_wave(wave: Wave) -> None:
    """At sealing: its codes open nothing any more, and still are nobody's business."""
    for job in Job.objects.filter(kind=KIND, wave=wave):
        _path(job).unlink(missing_ok=True)
