"""The sentence over a ranking: who leads, as far as the data can tell."""

from __future__ import annotations

from django.utils.translation import gettext as _

from awards.ranking import NO_STANDARD_ERROR, NOT_COMPUTED, SINGLE_UNIT
from awards.standings import Ranking
from scoring.results.findings import number_word


def ranking_finding(ranking: Ranking) -> str:
    """Never names a winner whom the intervals do not single out."""
    ranked, first = ranking.ranked, ranking.first_set
    if not ranked:
        return _("Belum ada unit yang dapat diperingkat")
    if len(first) == 1:
        return _("%(unit)s di puncak") % {"unit": first[0].unit}
    if not first:
        return _("Urutan %(count)s unit, tanpa puncak yang pasti") % {
            "count": number_word(len(ranked))
        }
    if len(first) == len(ranked):
        return _("Semua unit tidak dapat dibedakan")
    return _("%(count)s unit tidak dapat dibedakan di puncak") % {
        "count": number_word(len(first)).capitalize()
    }


def reason_in_words(reason: str) -> str:
    """Why a unit is not ranked, without saying more than may be said."""
    words = {
        NOT_COMPUTED: _("Tidak ada jawaban yang dapat dihitung"),
        NO_STANDARD_ERROR: _("Ketelitian skor tidak dapat dihitung"),
        SINGLE_UNIT: _("Tidak ada unit lain yang dapat dibandingkan"),
    }
    return words.get(reason, _("Disembunyikan untuk menjaga kerahasiaan jawaban"))
