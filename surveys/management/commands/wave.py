"""``manage.py wave``: a wave's life from the shell, from ``create`` to ``seal``."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from surveys.box import sealing, wave_secret
from surveys.errors import SurveyError
from surveys.fieldwork import waves, windows
from surveys.fieldwork.promise import purpose_of
from surveys.management.recorded import RecordedCommand
from surveys.models import Instrument, UnitKerja, Wave

DECISIONS = {
    "secret-lost": "tak ada salinan rahasia lagi: segel, jawabannya tak terbaca",
    "without-unreadable": "segel tanpa surat suara yang tidak terbaca",
    "copy-lost": "segel walau satu salinan rahasia tidak ada untuk dimusnahkan",
}


STEPS = {
    "open": "bekukan sel dan kerangka, lalu buka",
    "close": "hentikan surat suara baru",
    "extend": "perpanjang waktu mengisi, dengan alasan",
    "seal": "segel kotak; dapat diulang bila terputus",
    "status": "keadaan gelombang",
}


class Command(RecordedCommand):
    help = "Membuat, membuka, menutup, atau menyegel gelombang survei."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        create = steps.add_parser("create", help="buat rancangan gelombang")
        facts_of_a_draft(create)
        parts = {"create": create}
        for step, text in STEPS.items():
            parts[step] = steps.add_parser(step, help=text)
            parts[step].add_argument("code")
        parser.add_argument("--reason", default="", metavar="ALASAN")
        for part in parts.values():
            part.add_argument("--reason", default=SUPPRESS, metavar="ALASAN")
        parts["extend"].add_argument("--closes-at", required=True)
        parts["extend"].add_argument(
            "--batch", action="append", default=[], help="nama batch; boleh diulang"
        )
        for name, text in DECISIONS.items():
            parts["seal"].add_argument(
                f"--{name}", default="", metavar="ALASAN", help=text
            )

    def handle(self, *args: Any, step: str, code: str, **options: Any) -> None:
        try:
            if step == "create":
                wave = create(code=code, **options)
            else:
                wave = advance(wave_named(code), step, options)
            if step in ("create", "open") and wave.is_online:
                self._warn_of_gaps(wave)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except SurveyError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{wave.code}: {wave.get_state_display()}")
        if wave.is_online and wave.state != Wave.State.SEALED:
            n_copies = wave_secret.n_copies(wave)
            self.stdout.write(f"Salinan rahasia yang baik: {n_copies}")

    def _warn_of_gaps(self, wave: Wave) -> None:
        """What a respondent will look for on the first page and not find."""
        gaps = {
            "--organiser": wave.organiser,
            "--contact": wave.contact,
            "--purpose": purpose_of(wave),
        }
        if missing := [name for name, words in gaps.items() if not words]:
            self.stderr.write(
                f"Janji kepada pengisi belum menyebut {' dan '.join(missing)}; "
                "sesudah gelombang dibuka tidak dapat ditambahkan lagi."
            )


def facts_of_a_draft(create: ArgumentParser) -> None:
    """What a new wave is, in the words of the shell."""
    create.add_argument("code")
    create.add_argument("--name", required=True)
    create.add_argument("--instrument", required=True, help="kode atau kode:versi")
    create.add_argument("--root", required=True, help="kode unit teratas")
    create.add_argument(
        "--source", choices=Wave.Source.values, default=Wave.Source.ONLINE
    )
    create.add_argument("--opens-at", help="dibuka sendiri pada saat ini")
    create.add_argument("--closes-at", help="akhir pengisian, mis. 2026-11-20T23:59")
    create.add_argument("--seals-at", help="batas kirim; bawaan 72 jam sesudahnya")
    create.add_argument("--reference-date", help="tanggal acuan unit; bawaan hari ini")
    create.add_argument("--organiser", default="")
    create.add_argument("--contact", default="")
    create.add_argument("--purpose", default="", help="untuk apa survei ini")
    create.add_argument("--competing-level", default="ESELON_I")
    create.add_argument("--simulated", action="store_true")


def wave_named(code: str) -> Wave:
    """The wave with this code, or a sentence."""
    try:
        return Wave.objects.get(code=code)
    except Wave.DoesNotExist as error:
        raise CommandError(f"Gelombang {code} tidak ada.") from error


def advance(wave: Wave, step: str, options: Mapping[str, Any]) -> Wave:
    """Take one step of the wave's life; an interrupted sealing goes on."""
    if step == "open":
        return waves.open_wave(wave=wave)
    if step == "close":
        return waves.close_wave(wave=wave, reason=options["reason"])
    if step == "extend":
        return _extend(wave, options)
    if step == "seal":
        return _seal(wave, options)
    return wave


def _seal(wave: Wave, options: Mapping[str, Any]) -> Wave:
    decisions = {
        "secret_lost": options["secret_lost"],
        "left_out": options["without_unreadable"],
        "copy_lost": options["copy_lost"],
    }
    if any(decisions.values()):
        wave = waves.decide_on_sealing(wave=wave, **decisions)
    if wave.state != Wave.State.SEALING:
        wave = waves.start_sealing(wave=wave)
    return sealing.seal_wave(wave=wave)


def _extend(wave: Wave, options: Mapping[str, Any]) -> Wave:
    batches = list(wave.batches.filter(name__in=options["batch"]))
    unknown = set(options["batch"]) - {batch.name for batch in batches}
    if unknown:
        raise CommandError(f"Batch {', '.join(sorted(unknown))} tidak ada.")
    windows.extend(
        wave=wave,
        closes_at=_moment(options["closes_at"], "--closes-at") or wave.closes_at,
        reason=options["reason"],
        extended_by=None,
        batches=batches,
    )
    return Wave.objects.get(pk=wave.pk)


def create(*, code: str, instrument: str, root: str, **options: Any) -> Wave:
    """Turn the shell's words into a draft."""
    closes_at = _moment(options["closes_at"], "--closes-at") or timezone.now()
    reference = _moment(options["reference_date"], "--reference-date")
    try:
        top = UnitKerja.objects.get(code=root)
    except UnitKerja.DoesNotExist as error:
        raise CommandError(f"Unit {root} tidak ada.") from error
    return waves.create_wave(
        code=code,
        name=options["name"],
        instrument=_instrument(instrument),
        root=top,
        source=options["source"],
        closes_at=closes_at,
        seals_at=_moment(options["seals_at"], "--seals-at"),
        opens_at=_moment(options["opens_at"], "--opens-at"),
        reference_date=timezone.localdate(reference),
        is_simulated=options["simulated"],
        organiser=options["organiser"],
        contact=options["contact"],
        purpose=options["purpose"],
        competing_level=options["competing_level"],
    )


def _moment(text: str | None, name: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = parse_datetime(text if "T" in text or " " in text else f"{text}T00:00")
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"{name}: «{text}» bukan tanggal. Contoh: 2026-11-20T23:59")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _instrument(name: str) -> Instrument:
    code, _, version = name.partition(":")
    found = Instrument.objects.filter(
        code=code, status=Instrument.Status.PUBLISHED
    ).order_by("-version")
    if version.isdigit():
        found = found.filter(version=int(version))
    instrument = found.first()
    if instrument is None:
        raise CommandError(f"Instrumen terbit {name} tidak ada.")
    return instrument
