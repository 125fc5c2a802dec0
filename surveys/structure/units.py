"""One unit at a time: add, rename, move, close, reopen. Each with a reason.

What a unit was until the day of a change is kept in ``FormerUnit``; a correction leaves
no such trace, because what stood there was never true.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.files.limits import is_code, longest
from surveys.models import FormerUnit, UnitKerja
from surveys.staff.history import because
from surveys.structure.organisation import Edition, demand_not_ahead, lock_tree

NAMES = ("name", "acronym", "level", "kind")


def since_of(unit: UnitKerja) -> date:
    """From when on the unit has been as it is now."""
    until = unit.former.aggregate(until=Max("valid_to"))["until"]
    return until + timedelta(days=1) if until else unit.valid_from


@transaction.atomic
def add_unit(
    *,
    parent: UnitKerja | None,
    code: str,
    names: Mapping[str, str],
    valid_from: date,
    edition: Edition,
) -> UnitKerja:
    """A new unit below ``parent``, or a new top."""
    lock_tree()
    if not is_code(code):
        raise SurveyError(_("Kode hanya boleh memuat huruf, angka, . _ -"))
    if UnitKerja.objects.filter(code=code).exists():
        raise SurveyError(_("Kode %(code)s sudah dipakai unit lain.") % {"code": code})
    if parent:
        _demand_open(parent, None)
    path = f"{parent.path if parent else ''}{code}/"
    _demand_fits(len(path))
    because(edition.reason)
    return UnitKerja.objects.create(
        code=code, parent=parent, path=path, valid_from=valid_from, **names
    )


@transaction.atomic
def rename_unit(
    *, unit: UnitKerja, names: Mapping[str, str], edition: Edition
) -> UnitKerja:
    """Another name, acronym, level or kind from a day on, or corrected."""
    unit = _locked(unit)
    if all(getattr(unit, name) == value for name, value in names.items()):
        raise SurveyError(_("Tidak ada yang berubah."))
    _keep_past(unit, edition)
    for name in NAMES:
        setattr(unit, name, names.get(name, getattr(unit, name)))
    because(edition.reason)
    unit.save(update_fields=NAMES)
    return unit


@transaction.atomic
def move_unit(*, unit: UnitKerja, parent: UnitKerja, edition: Edition) -> UnitKerja:
    """Hang a unit, and everything below it, under another parent."""
    unit = _locked(unit)
    parent = UnitKerja.objects.get(pk=parent.pk)
    if parent.pk == unit.parent_id:
        raise SurveyError(_("Unit ini sudah berada di bawah induk itu."))
    if parent.path.startswith(unit.path):
        raise SurveyError(_("Unit tidak dapat dipindah ke bawah dirinya sendiri."))
    _demand_open(parent, unit.valid_to)
    below = UnitKerja.objects.in_subtree(unit)
    old, new = unit.path, f"{parent.path}{unit.code}/"
    deepest = below.aggregate(n=Max(Length("path")))["n"] or 0
    _demand_fits(deepest + len(new) - len(old))
    _keep_past(unit, edition)
    because(edition.reason)
    below.update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
    unit.parent, unit.path = parent, new
    unit.save(update_fields=("parent", "path"))
    return unit


@transaction.atomic
def close_unit(*, unit: UnitKerja, last_day: date, edition: Edition) -> UnitKerja:
    """The last day of a unit; units below it must have ended by then."""
    unit = _locked(unit)
    since = since_of(unit)
    if last_day < since:
        reason = _("Keadaan unit ini tercatat mulai %(since)s; tutup sesudahnya.")
        raise SurveyError(reason % {"since": date_format(since, "j F Y")})
    longer = Q(valid_to__isnull=True) | Q(valid_to__gt=last_day)
    open_below = unit.children.filter(longer)
    if names := list(open_below.values_list("code", flat=True)[:4]):
        raise SurveyError(
            _("Tutup atau pindahkan dulu unit di bawahnya: %(codes)s.")
            % {"codes": ", ".join(names[:3]) + (" …" if len(names) > 3 else "")}
        )
    unit.valid_to = last_day
    because(edition.reason)
    unit.save(update_fields=("valid_to",))
    return unit


@transaction.atomic
def reopen_unit(*, unit: UnitKerja, edition: Edition) -> UnitKerja:
    """Take a closing back."""
    unit = _locked(unit)
    if unit.valid_to is None:
        raise SurveyError(_("Unit ini tidak ditutup."))
    if unit.parent:
        _demand_open(unit.parent, None)
    unit.valid_to = None
    because(edition.reason)
    unit.save(update_fields=("valid_to",))
    return unit


# --- what they share -----------------------------------------------------------------


def _locked(unit: UnitKerja) -> UnitKerja:
    """The unit as it stands now that nobody else can change the tree."""
    lock_tree()
    return UnitKerja.objects.select_related("parent").get(pk=unit.pk)


def _keep_past(unit: UnitKerja, edition: Edition) -> None:
    """What the unit was until the day before, unless this is a correction."""
    demand_not_ahead(edition.starts_on)
    if edition.starts_on is None:
        return
    since = since_of(unit)
    if edition.starts_on < since:
        reason = _(
            "Keadaan unit ini tercatat mulai %(since)s; pilih tanggal sesudahnya."
        )
        raise SurveyError(reason % {"since": date_format(since, "j F Y")})
    if edition.starts_on == since:
        return
    FormerUnit.objects.create(
        unit=unit,
        name=unit.name,
        acronym=unit.acronym,
        level=unit.level,
        kind=unit.kind,
        parent_id=unit.parent_id,
        valid_from=since,
        valid_to=edition.starts_on - timedelta(days=1),
        reason=edition.reason,
        recorded_by=edition.by,
    )


def _demand_open(parent: UnitKerja, until: date | None) -> None:
    """A parent that lasts as long as what is hung below it."""
    if parent.valid_to and (until is None or until > parent.valid_to):
        reason = _("Unit induk %(unit)s sudah ditutup per %(day)s.")
        day = date_format(parent.valid_to, "j F Y")
        raise SurveyError(reason % {"unit": parent, "day": day})


def _demand_fits(n_characters: int) -> None:
    if n_characters > longest(UnitKerja, "path"):
        raise SurveyError(_("Pohon menjadi terlalu dalam untuk unit ini."))
