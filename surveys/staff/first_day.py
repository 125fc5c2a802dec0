"""What comes next on an empty system: six steps, each with its state and its page."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from surveys.models import Instrument, Mailing, Participant, UnitKerja, Wave
from surveys.models.instrument import in_indonesian
from surveys.staff.permissions import under


@dataclass
class FirstStep:
    """One step; ``found`` says what stands there already, empty while nothing does."""

    title: str
    text: str
    found: str
    button: str
    url: str
    state: str = "later"


def first_steps(*, paths: list[str], wave: Wave | None) -> list[FirstStep]:
    """In order; the first that is not done is next. Steps of a wave wait for one."""
    n_units = UnitKerja.objects.filter(under(paths, "path")).count()
    published = Instrument.objects.filter(status=Instrument.Status.PUBLISHED)
    instrument = published.order_by("-published_at").first()
    steps = [
        FirstStep(
            _("Susunan unit kerja"),
            _("Muat dari berkas Excel atau CSV; diperiksa dulu sebelum disimpan."),
            _("%(n)s unit") % {"n": number_format(n_units, force_grouping=True)}
            if n_units
            else "",
            _("Muat unit kerja"),
            reverse("admin:surveys_unitkerja_upload"),
        ),
        FirstStep(
            _("Instrumen"),
            _("Tulis pertanyaannya, atau mulai dari contoh BerAKHLAK, lalu terbitkan."),
            in_indonesian(instrument.title) if instrument else "",
            _("Susun instrumen"),
            reverse("admin:surveys_instrument_changelist"),
        ),
        FirstStep(
            _("Gelombang"),
            _("Siapa yang ditanya, dengan instrumen yang mana, sampai kapan."),
            wave.name if wave else "",
            _("Buat gelombang"),
            reverse("admin:surveys_wave_add"),
        ),
        *steps_of(wave),
    ]
    return with_states(steps)


def steps_of(wave: Wave | None) -> list[FirstStep]:
    """What a wave needs until people can answer it."""
    people = Participant.objects.filter(wave=wave) if wave else None
    written = Mailing.objects.filter(wave=wave) if wave else None
    is_open = wave is not None and wave.state != Wave.State.DRAFT
    console = reverse("admin:surveys_wave_change", args=[wave.pk]) if wave else ""
    register = reverse("admin:surveys_wave_register", args=[wave.pk]) if wave else ""
    write = reverse("admin:surveys_mailing_add")
    return [
        FirstStep(
            _("Daftar pegawai"),
            _("Siapa yang boleh menjawab. Boleh dimuat ulang; kode tidak berubah."),
            _("sudah dimuat") if people is not None and people.exists() else "",
            _("Muat daftar pegawai"),
            register,
        ),
        FirstStep(
            _("Undangan"),
            _("Tulis surel, pesan, atau surat; kirim uji ke diri sendiri dulu."),
            _("sudah ditulis") if written is not None and written.exists() else "",
            _("Tulis undangan"),
            f"{write}?wave={wave.pk}" if wave else "",
        ),
        FirstStep(
            _("Buka"),
            _("Janji kepada pegawai dibekukan, lalu tautan pribadi dapat dipakai."),
            _("sudah dibuka") if is_open else "",
            _("Periksa dan buka"),
            console,
        ),
    ]


def with_states(steps: list[FirstStep]) -> list[FirstStep]:
    """``done``, then one ``next``, the rest ``later``."""
    is_next = True
    for step in steps:
        if step.found:
            step.state = "done"
        elif is_next:
            step.state, is_next = "next", False
    return steps
