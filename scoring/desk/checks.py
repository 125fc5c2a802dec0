"""What is looked at before a run starts, and what to do where something is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.models import Evidence, ScoringRun
from scoring.results.reviews import cases_of, decisions_in_wave, pending
from scoring.schemes_store import offered_schemes
from surveys.box.sealing import answers_digest
from surveys.models import Answer, Wave
from surveys.views.desk import in_words, moment

DIGEST_UP_TO = 500_000
"""More answers than this are not read for a page; every run reads them anyway."""

STATES = {
    "done": gettext_lazy("Beres"),
    "attention": gettext_lazy("Perhatikan"),
    "blocked": gettext_lazy("Menahan"),
}


@dataclass(frozen=True)
class Check:
    """One line of the list: how it stands, and the way on where there is one."""

    title: str
    text: str
    state: Literal["done", "attention", "blocked"]
    url: str = ""
    action: str = ""

    @property
    def is_blocked(self) -> bool:
        return self.state == "blocked"

    @property
    def tint(self) -> str:
        return "error" if self.is_blocked else self.state

    @property
    def words(self) -> str:
        return str(STATES[self.state])


def checks_of(wave: Wave) -> list[Check]:
    """Sealed, answered, framed, reviewed; the digest of the answers comes later."""
    found = [sealed_check(wave)]
    if wave.state != Wave.State.SEALED:
        return found
    found += [answers_check(wave), frame_check(wave)]
    if any(scheme.composite for scheme in offered_schemes()):
        found.append(evidence_check(wave))
    return [*found, review_check(wave)]


def sealed_check(wave: Wave) -> Check:
    title = _("Penyegelan")
    if wave.state == Wave.State.SEALED:
        at = moment(wave.sealed_at) if wave.sealed_at else ""
        return Check(title, _("Disegel %(at)s.") % {"at": at} if at else "", "done")
    words = {
        Wave.State.DRAFT: _("Gelombang ini masih rancangan. Buka dulu pengisiannya."),
        Wave.State.OPEN: _("Jawaban masih masuk. Tutup, lalu segel gelombang ini."),
        Wave.State.CLOSED: _("Sudah ditutup, belum disegel. Segel lebih dulu."),
        Wave.State.SEALING: _("Sedang disegel. Tunggu sampai selesai."),
    }
    return Check(title, words[Wave.State(wave.state)], "blocked", *_to_wave(wave))


def _to_wave(wave: Wave) -> tuple[str, str]:
    """Where to go on, and in which words."""
    url = reverse("admin:surveys_wave_change", args=[wave.pk])
    return url, _("Ke gelombang")


def answers_check(wave: Wave) -> Check:
    title = _("Jawaban")
    if not Answer.objects.filter(wave=wave).exists():
        text = _("Gelombang ini tidak berisi satu jawaban pun.")
        if wave.secret_lost:
            why = {"why": wave.secret_lost}
            text = _("Disegel tanpa jawabannya: %(why)s") % why
        return Check(title, text, "blocked", *_to_wave(wave))
    n = {"n": in_words(wave.n_answers)}
    text = _("%(n)s jawaban tersegel.") % n
    if wave.n_unreadable:
        more = {"n": in_words(wave.n_unreadable)}
        text += " " + _("%(n)s surat suara tidak terbaca dan tidak ikut.") % more
        return Check(title, text, "attention")
    return Check(title, text, "done")


def frame_check(wave: Wave) -> Check:
    title = _("Kerangka")
    unknown = Count("pk", filter=Q(n_registered=None))
    cells = wave.cells.filter(merged_into=None)
    counts = cells.aggregate(n=Count("pk"), n_unknown=unknown)
    n = {"n": in_words(counts["n_unknown"]), "total": in_words(counts["n"])}
    if not counts["n_unknown"]:
        text = _("Jumlah pegawai diketahui di semua %(total)s sel.") % n
        return Check(title, text, "done")
    text = _(
        "%(n)s dari %(total)s sel tanpa jumlah pegawai: tiap jawabannya berbobot 1 dan"
        " tingkat tanggapan unitnya kosong. Perhitungan tetap dapat dimulai."
    )
    return Check(title, text % n, "attention")


def digest_check(wave: Wave) -> Check:
    """Reads every answer of the wave, so it is asked for after the page is there."""
    title = _("Sidik jawaban")
    if (wave.n_answers or 0) > DIGEST_UP_TO:
        text = _("Dibaca ulang dan dicocokkan sebelum hasil disimpan.")
        return Check(title, text, "done")
    if answers_digest(wave) == wave.answers_digest:
        return Check(title, _("Cocok dengan sidik saat penyegelan."), "done")
    text = _(
        "Jawaban tersegel tidak cocok dengan sidiknya. Hentikan, dan hubungi pengelola"
        " server: perhitungan tidak akan selesai."
    )
    return Check(title, text, "blocked")


def evidence_check(wave: Wave) -> Check:
    """Whether methods that put the index and evidence together have what they need."""
    title, url = _("Nilai bukti"), reverse("admin:scoring_evidence", args=[wave.pk])
    latest = Evidence.objects.filter(wave=wave).first()
    if latest is None:
        text = _("Belum dimuat. Hanya metode gabungan yang memakainya.")
        return Check(title, text, "attention", url, _("Muat nilai bukti"))
    n = {"n": len(latest.scores), "number": latest.number}
    text = _("Muatan ke-%(number)d, %(n)d unit.") % n
    return Check(title, text, "done", url, _("Ganti nilai bukti"))


def review_check(wave: Wave) -> Check:
    """Whether the flagged units of the latest run have been decided on."""
    title = _("Unit bertanda")
    run = (
        ScoringRun.objects.filter(wave=wave)
        .filter(state__in=(ScoringRun.State.REVIEWING, ScoringRun.State.COMPUTED))
        .first()
    )
    if run is None:
        text = _("Dicari selama perhitungan, dan diputuskan sebelum skor dibuka.")
        return Check(title, text, "done")
    if n := len(pending(run)):
        text = _("%(n)d unit dari perhitungan #%(run)d belum diputuskan.")
        url = reverse("admin:scoring_scoringrun_change", args=[run.pk])
        told = text % {"n": n, "run": run.pk}
        return Check(title, told, "attention", url, _("Ke perhitungan itu"))
    if kept := sum(each.is_withheld for each in decisions_in_wave(wave)):
        text = _("%(n)d unit ditahan dan akan ditanyakan lagi sebelum hasil terbit.")
        return Check(title, text % {"n": kept}, "attention")
    n = len(cases_of(run))
    text = _("Perhitungan terakhir tidak menemukan unit yang perlu diperiksa.")
    if n:
        text = _("Semua %(n)d unit bertanda terakhir sudah diputuskan.") % {"n": n}
    return Check(title, text, "done")
