"""Facts of a wave in words: its minimum and what is left to do before opening."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from surveys.models import Wave


def minimum_words(wave: Wave) -> str:
    """``Slovin, galat 5 %``."""
    words = {
        Wave.MinimumRule.SHARE: _("%(figure)s %% dari pegawai tiap unit"),
        Wave.MinimumRule.NUMBER: _("%(figure)s orang tiap unit"),
        Wave.MinimumRule.SLOVIN: _("Slovin, galat %(figure)s %%"),
        Wave.MinimumRule.KREJCIE_MORGAN: _("Krejcie dan Morgan, galat %(figure)s %%"),
        Wave.MinimumRule.MEAN: _(
            "Cochran untuk rata-rata, galat %(figure)s poin, simpangan baku %(spread)s"
        ),
    }
    return words[Wave.MinimumRule(wave.minimum_rule)] % {
        "figure": _plain(wave.minimum_figure),
        "spread": _plain(wave.minimum_spread),
    }


def _plain(figure: float) -> str:
    """``5`` and ``2,5``."""
    return str(number_format(figure, decimal_pos=0 if figure == int(figure) else 1))
