"""From nothing to an open survey: six steps, each with its page and its state."""

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
    button: str
    url: str
    found: str = ""
    state: str = "later"


def order_of_work(wave: Wave | None = None) -> list[FirstStep]:
    """The six steps, whatever is done already; two have no page without a wave."""
    return [
        FirstStep(
            _("Susunan unit kerja"),
            _("Muat dari berkas Excel atau CSV; diperiksa dulu sebelum disimpan."),
            _("Muat unit kerja"),
            reverse("admin:surveys_unitkerja_upload"),
        ),
        FirstStep(
            _("Instrumen"),
            _("Tulis pertanyaannya, atau mulai dari contoh BerAKHLAK, lalu terbitkan."),
            _("Susun instrumen"),
            reverse("admin:surveys_instrument_changelist"),
        ),
        FirstStep(
            _("Gelombang"),
            _("Siapa yang ditanya, dengan instrumen yang mana, sampai kapan."),
            _("Buat gelombang"),
            reverse("admin:surveys_wave_add"),
        ),
        *_steps_of_a_wave(wave),
    ]


def _steps_of_a_wave(wave: Wave | None) -> list[FirstStep]:
    console = reverse("admin:surveys_wave_change", args=[wave.pk]) if wave else ""
    register = reverse("admin:surveys_wave_register", args=[wave.pk]) if wave else ""
    write = reverse("admin:surveys_mailing_add")
    return [
        FirstStep(
            _("Daftar pegawai"),
            _("Siapa yang boleh menjawab. Boleh dimuat ulang; kode tidak berubah."),
            _("Muat daftar pegawai"),
            register,
        ),
        FirstStep(
            _("Undangan"),
            _("Tulis surel, pesan, atau surat; kirim uji ke diri sendiri dulu."),
            _("Tulis undangan"),
            f"{write}?wave={wave.pk}" if wave else write,
        ),
        FirstStep(
            _("Buka"),
            _("Janji kepada pegawai dibekukan, lalu tautan pribadi dapat dipakai."),
            _("Periksa dan buka"),
            console,
        ),
    ]


def first_steps(*, paths: list[str], wave: Wave | None) -> list[FirstStep]:
    """In order; the first that is not done is next. Steps of a wave wait for one."""
    steps = order_of_work(wave)
    found = [*_found_for_a_wave(paths), wave.name if wave else "", *_found_of(wave)]
    for step, words in zip(steps, found, strict=True):
        step.found = words
    return with_states(steps)


def _found_for_a_wave(paths: list[str]) -> tuple[str, str]:
    """Units and a published instrument, without which there is no wave."""
    n_units = UnitKerja.objects.filter(under(paths, "path")).count()
    units = _("%(n)s unit") % {"n": number_format(n_units, force_grouping=True)}
    published = Instrument.objects.filter(status=Instrument.Status.PUBLISHED)
    instrument = published.order_by("-published_at").first()
    title = in_indonesian(instrument.title) if instrument else ""
    return units if n_units else "", title


def _found_of(wave: Wave | None) -> tuple[str, str, str]:
    """What a wave needs until people can answer it."""
    if wave is None:
        return "", "", ""
    has_people = Participant.objects.filter(wave=wave).exists()
    has_mailing = Mailing.objects.filter(wave=wave).exists()
    return (
        _("sudah dimuat") if has_people else "",
        _("sudah ditulis") if has_mailing else "",
        _("sudah dibuka") if wave.state != Wave.State.DRAFT else "",
    )


def with_states(steps: list[FirstStep]) -> list[FirstStep]:
    """``done``, then one ``next``, the rest ``later``."""
    is_next = True
    for step in steps:
        if step.found:
            step.state = "done"
        elif is_next:
            step.state, is_next = "next", False
    return steps
