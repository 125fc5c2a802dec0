"""Values of the history as people read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import ForeignKey, Model
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from surveys.views.desk import moment

NOTHING = "–"
DIGEST = re.compile("[0-9a-f]{64}")
LONGEST = 160

HIDDEN = {"sheet_width", "path"}
"""What follows from something else that is shown."""

LANGUAGES = {code for code, _name in settings.LANGUAGES}

NAMES = {
    "opened_at": _("dibuka"),
    "minimum_figure": _("angka minimum"),
    "minimum_spread": _("simpangan baku untuk minimum"),
    "opening_problem": _("tidak dapat dibuka"),
    "opening_failed_at": _("gagal dibuka"),
    "closing_reason": _("alasan ditutup lebih awal"),
    "n_secret_copies": _("salinan rahasia"),
    "copy_lost": _("salinan rahasia hilang"),
    "left_out": _("surat suara ditinggalkan"),
    "closed_at": _("ditutup"),
    "published_at": _("terbit"),
    "withdrawn_at": _("ditarik"),
    "promise": _("janji"),
    "promise_digest": _("sidik janji"),
    "digest": _("sidik"),
    "sealing_step": _("langkah penyegelan"),
    "sealed_at": _("disegel"),
    "n_answers": _("banyak jawaban"),
    "n_unreadable": _("jawaban tak terbaca"),
    "secret_lost": _("rahasia hilang"),
    "merkle_root": _("akar bukti"),
    "answers_digest": _("sidik jawaban"),
    "path": _("letak di pohon"),
    "is_staff": _("masuk ke meja pengelola"),
    "is_superuser": _("pengelola sistem"),
    "date_joined": _("dibuat"),
    "scales": _("skala"),
    "run": _("perhitungan"),
    "owner": _("disusun untuk"),
}
"""Fields that no form shows, and so have no name of their own in words."""


def name_of(field: Any) -> str:
    """What people call this field."""
    return str(NAMES.get(field.name, field.verbose_name))


def in_words(
    field: Any, value: Any, related: Mapping[type[Model], Mapping[object, Model]]
) -> str:
    """``value`` of ``field``, short enough for a line."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(field, ForeignKey):
        target: Any = field.related_model
        pointed = related.get(target, {}).get(value)
        return str(pointed) if pointed is not None else f"#{value}"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return Truncator(_plain(value)).chars(LONGEST)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("ya") if value else gettext("tidak")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, dict) and set(value) <= LANGUAGES:
        return " · ".join(str(text) for text in value.values())
    if isinstance(value, dict | list) and not _is_short(value):
        return gettext("%(n)d isian; lihat di halamannya") % {"n": len(value)}
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    is_digest = DIGEST.fullmatch(str(value))
    return f"{value[:12]}…" if is_digest else str(value)


def _is_short(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(v, str | int) for v in value)
