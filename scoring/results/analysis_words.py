"""What analyses found, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from scoring.results.findings import decimal
from scoring.rules import MeasurementRule
from scoring.scheme import Scheme

Document = Mapping[str, Any]


def measurement_finding(doubts: Sequence[Document], passes: bool) -> str:
    """The title of the page: no praise that a check denies."""
    if not passes:
        return _("Pengukuran belum cukup baik untuk memeringkat unit")
    if doubts:
        return _("Pengukuran dapat dipakai, dengan catatan")
    return _("Pengukuran cukup baik untuk membandingkan unit")


def doubts_in_words(
    doubts: Sequence[Document], names: Mapping[str, str], rule: MeasurementRule
) -> list[str]:
    """One sentence for each kind of doubt, naming all that it is about."""
    about: dict[str, list[str]] = {}
    for doubt in doubts:
        pair = [names.get(code, code) for code in doubt["about"]]
        about.setdefault(doubt["code"], []).append(_(" dan ").join(pair))
    return [_sentence(code, rule) % {"names": "; ".join(about[code])} for code in about]


def _sentence(code: str, rule: MeasurementRule) -> str:
    limits = {
        "low": decimal(rule.least_alpha, 2),
        "high": decimal(rule.redundant_alpha, 2),
        "icc2": decimal(rule.least_icc2, 2),
        "alike": decimal(rule.alike_values, 2),
        "share": decimal(100 * rule.unknown_share, 0),
    }
    words = {
        "few_complete": _("Lembar yang terisi lengkap terlalu sedikit untuk alfa."),
        "negative_alpha": _(
            "Alfa negatif di %(names)s: periksa arah nilai pertanyaannya."
        ),
        "low_alpha": _(
            "Alfa di bawah {low} di %(names)s: pertanyaannya kurang sejalan."
        ),
        "redundant": _(
            "Alfa seluruh pertanyaan di atas {high}: banyak pertanyaan menanyakan hal"
            " yang sama, atau banyak lembar dijawab sama dari atas ke bawah."
        ),
        "not_separated": _("ICC(2) di bawah {icc2}: unit jangan diperingkat."),
        "alike_values": _(
            "Korelasi di atas {alike} antara %(names)s: penghargaan per nilai hampir"
            " tidak membedakan keduanya."
        ),
        "unknown_item": _("Lebih dari {share} %% menjawab “tidak tahu”: %(names)s."),
    }
    return words[code].format(**limits)


def checks_in_words(
    gate: Document, report: Document, names: Mapping[str, str], scheme: Scheme
) -> list[dict[str, Any]]:
    """The gate, check by check: ``state`` is True, False or None where unknown."""
    checks = gate["checks"]
    states = [
        (checks["reliability"], _reliability(checks["reliability"], gate, names)),
        (checks["separation"], _separation(checks["separation"], report)),
        (checks["items_by_size"], _by_size(checks["items_by_size"], gate, names)),
    ]
    titles = (_("Keandalan"), _("Beda antarunit"), _("Butir menurut ukuran unit"))
    return [
        {"title": title, "state": state, "words": words}
        for title, (state, words) in zip(titles, states, strict=True)
    ]


def _reliability(state: bool | None, gate: Document, names: Mapping[str, str]) -> str:
    if state is None:
        return _("Lembar yang terisi lengkap belum cukup untuk menghitungnya.")
    if state:
        return _("Pertanyaan di setiap nilai sejalan satu sama lain.")
    found = listed(names.get(code, code) for code in gate["unreliable"])
    return _("Pertanyaan kurang sejalan di %(names)s.") % {"names": found}


def _separation(state: bool | None, report: Document) -> str:
    if state is None:
        return _("Unit yang boleh ditampilkan terlalu sedikit untuk dibandingkan.")
    icc2 = {"icc2": decimal(report["spread"][0]["icc2"], 2)}
    if state:
        return _("Beda antarunit jelas di atas kebetulan (ICC(2) %(icc2)s).") % icc2
    return (
        _(
            "Beda antarunit hampir setara kebetulan (ICC(2) %(icc2)s): unit di"
            " gelombang ini jangan diperingkat."
        )
        % icc2
    )


def _by_size(state: bool | None, gate: Document, names: Mapping[str, str]) -> str:
    if state is None:
        return _("Golongan ukuran unit belum cukup banyak untuk diperiksa.")
    if state:
        return _("Tidak ada pertanyaan yang dijawab lain di unit kecil atau besar.")
    found = {i["item"]: 0 for g in gate["by_size"] for i in g["items"] if i["biased"]}
    words = _(
        "Dijawab lain menurut ukuran unit, melampaui nilai yang diukurnya: %(names)s."
    )
    return words % {"names": listed(names.get(code, code) for code in found)}


def between_waves_in_words(
    moved: Sequence[Document], wave: str, names: Mapping[str, str]
) -> dict[str, Any]:
    """The same check against an earlier wave; found on the page, not stored."""
    biased = [names.get(i["item"], i["item"]) for i in moved if i["biased"]]
    words = _("Tidak ada pertanyaan yang bergeser sendiri sejak %(wave)s.")
    if biased:
        words = _("Bergeser sendiri sejak %(wave)s: %(names)s.")
    return {
        "title": _("Butir antargelombang"),
        "state": not biased,
        "words": words % {"wave": wave, "names": listed(biased)},
    }


def listed(names: Iterable[str]) -> str:
    """``A; B; C``: names may hold commas."""
    return "; ".join(names)


def order_finding(document: Document, names: Mapping[str, str]) -> str:
    """Who leads, as far as the data can tell."""
    doubts, units = document["doubts"], document["units"]
    if not units:
        return _("Belum ada urutan yang dapat diperiksa")
    if "not_distinguishable" in doubts:
        return _("Unit tidak dapat dibedakan")
    best = document.get("best", {}).get("1", [])
    if len(best) == 1:
        return _("%(unit)s di puncak") % {"unit": names.get(best[0], best[0])}
    if best:
        return _("%(n)d unit masih mungkin peringkat 1") % {"n": len(best)}
    return _("Urutan %(n)d unit") % {"n": len(units)}


def order_doubts(document: Document) -> list[str]:
    """What must be said before the order is used."""
    words = {
        "too_few": _("Kurang dari dua unit boleh ditampilkan."),
        "too_many": _("Unit terlalu banyak untuk selang peringkat; pakai kategori."),
        "not_shrunken": _(
            "Unit terlalu sedikit untuk menghitung peluang; hanya selang peringkat"
            " yang ditampilkan."
        ),
        "not_distinguishable": _(
            "Beda antarunit tidak lebih besar daripada galatnya: jangan diperingkat."
        ),
        "not_supported": _(
            "Urutan tiga teratas tidak didukung data: setelah skor unit kecil ditarik"
            " ke rata-rata, urutannya lain."
        ),
    }
    return [words[code] for code in document["doubts"]]
