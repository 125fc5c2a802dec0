"""What is looked at before a run starts, and what to do where something is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.models import Scheme
from scoring.plan import plan_of
from scoring.scheme import SchemeError
from scoring.schemes_store import DEFAULT, SHIPPED, read_scheme, scheme_of
from surveys.box.sealing import answers_digest
from surveys.instruments.authoring import sheet_of
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


_reviews: list[Callable[[Wave], Check]] = []


def offer_review(*reviews: Callable[[Wave], Check]) -> None:
    """Put the review of flagged units between the checks and the method."""
    _reviews.extend(reviews)


def reviews_of(wave: Wave) -> list[Check]:
    return [review(wave) for review in _reviews]


def checks_of(wave: Wave) -> list[Check]:
    """Sealed, answered, framed; the digest of the answers comes by itself, later."""
    if wave.state != Wave.State.SEALED:
        return [sealed_check(wave)]
    return [sealed_check(wave), answers_check(wave), frame_check(wave)]


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


# --- methods -------------------------------------------------------------------------


def methods_for(wave: Wave, chosen: str) -> list[dict[str, Any]]:
    """Every method with its note, and in words where it does not fit the instrument.

    ``chosen`` is the value picked before; without it, the first that fits.
    """
    known = [("", read_scheme(SHIPPED / f"{DEFAULT}.yaml"))]
    others = Scheme.objects.exclude(code=DEFAULT)
    known += [(str(row.pk), scheme_of(row)) for row in others]
    sheet = sheet_of(wave.instrument)
    found: list[dict[str, Any]] = []
    for value, scheme in known:
        problems: list[tuple[str, str, str]] = []
        try:
            plan_of(sheet, scheme)
        except SchemeError as error:
            problems = [(in_path(p), p, why) for p, why in error.errors.items()]
        found.append({"value": value, "scheme": scheme, "problems": problems})
    fitting = [each["value"] for each in found if not each["problems"]]
    picked = chosen if chosen in fitting else next(iter(fitting), None)
    return [{**each, "is_chosen": each["value"] == picked} for each in found]


_NOUNS = {
    "dimensions": gettext_lazy("dimensi"),
    "code": gettext_lazy("kode"),
    "items": gettext_lazy("butir"),
    "missing": gettext_lazy("jawaban kosong"),
    "bands": gettext_lazy("kategori"),
    "lenses": gettext_lazy("lensa"),
    "personal": gettext_lazy("diri"),
    "present": gettext_lazy("kini"),
    "desired": gettext_lazy("harapan"),
}


def in_path(path: str) -> str:
    """``dimensions[1].items`` as a person says it: ``Dimensi ke-2, butir``."""
    words = []
    for step in path.split("."):
        name, number = re.fullmatch(r"([^\[]*)(?:\[(\d+)\])?", step).groups()  # type: ignore[union-attr]  # every text matches
        noun = str(_NOUNS.get(name, name))
        words.append(noun if number is None else f"{noun} ke-{int(number) + 1}")
    return ", ".join(words).capitalize()
