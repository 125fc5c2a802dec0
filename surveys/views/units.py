"""The page of one unit, and the steps that change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.errors import SurveyError
from surveys.models import Bridge, Role, UnitKerja, User, Wave, WaveUnit
from surveys.staff.permissions import DESK, MANAGES, covers, paths_of, touched, under
from surveys.structure import units
from surveys.structure.reorganisation import bridges_at, sides
from surveys.structure.tree import AT_ONCE, Tree
from surveys.structure.units import since_of
from surveys.views.desk import TINTS, desk_page
from surveys.views.unit_forms import (
    AddForm,
    CloseForm,
    MoveForm,
    NamesForm,
    ReasonForm,
    RenameForm,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def unit_page(request: HttpRequest, model_admin: Any, unit: UnitKerja) -> HttpResponse:
    """What it is and was, what stands below it, and who and what belongs to it."""
    user = cast(User, request.user)
    paths = paths_of(user, DESK)
    children, n_more = Tree(paths).children_of(unit.pk)
    parent = unit.parent if unit.parent and covers(paths, unit.parent) else None
    below = UnitKerja.objects.in_subtree(unit).on(timezone.localdate())
    context = {
        "title": unit.name,
        "original": unit,
        "unit": unit,
        "parent": parent,
        "state": state_of(unit),
        "since": since_of(unit),
        "past": _past(unit, paths),
        "children": children,
        "n_more": n_more,
        "n_children": len(children) + n_more,
        "n_below": below.exclude(pk=unit.pk).count(),
        "at_once": AT_ONCE,
        "bridges": [_bridge(bridge, paths) for bridge in bridges_at(unit)],
        "roles": _roles(user, unit),
        "waves": _waves(unit, paths),
        "may_manage": covers(paths_of(user, MANAGES), unit),
        "may_move": may_move(user, unit),
    }
    return desk_page(request, model_admin, "surveys/desk/unit.html", context)


def state_of(unit: UnitKerja) -> tuple[str, str]:
    """In words, and the tint of its badge."""
    today = timezone.localdate()
    if unit.valid_from > today:
        return _("Belum berlaku"), "info"
    if unit.valid_to and unit.valid_to < today:
        return _("Sudah ditutup"), "attention"
    return (_("Berlaku"), "done") if unit.valid_to is None else (_("Akan ditutup"), "")


def _past(unit: UnitKerja, paths: list[str]) -> list[dict[str, Any]]:
    """Each state of the past and the one it became, newest first."""
    rows = [
        {"state": each, "parent": _named(each.parent, paths)}
        for each in unit.former.select_related("parent", "recorded_by")
    ]
    return rows[::-1]


def _named(unit: UnitKerja | None, paths: list[str]) -> str:
    """A foreign unit is not named."""
    if unit is None:
        return "–"
    return str(unit) if covers(paths, unit) else _("unit di luar bagian Anda")


def _bridge(bridge: Bridge, paths: list[str]) -> dict[str, Any]:
    ends = {end.unit: end for end in bridge.ends.all()}
    sources, targets = sides(bridge.kind, bridge.unit, ends)
    shares = {unit.pk: end.share for unit, end in ends.items()}

    def side(units: list[UnitKerja]) -> list[dict[str, Any]]:
        return [
            {
                "unit": unit if covers(paths, unit) else None,
                "name": _named(unit, paths),
                "percent": share * 100 if (share := shares.get(unit.pk)) else None,
            }
            for unit in units
        ]

    return {"bridge": bridge, "sources": side(sources), "targets": side(targets)}


def _roles(user: User, unit: UnitKerja) -> list[Role]:
    """Held for this very unit; told to those who manage it."""
    if not covers(paths_of(user, MANAGES), unit):
        return []
    return list(unit.roles.select_related("user").order_by("kind", "user__name"))


def _waves(unit: UnitKerja, paths: list[str]) -> list[dict[str, Any]]:
    """Waves whose tree has this unit, as it was called there."""
    seen = Wave.objects.filter(touched(paths), units__unit=unit).distinct()
    copies = WaveUnit.objects.filter(unit=unit, wave__in=seen.values("pk"))
    names = dict(copies.values_list("wave", "name"))
    return [
        {
            "wave": wave,
            "tint": TINTS[Wave.State(wave.state)],
            "name": names[wave.pk] if names[wave.pk] != unit.name else "",
        }
        for wave in seen.order_by("-reference_date")
    ]


# --- steps ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A form, and what it calls."""

    title: _StrPromise
    button: _StrPromise
    done: _StrPromise
    form: type[ReasonForm]
    call: Callable[[UnitKerja, Any, User], UnitKerja]
    lead: _StrPromise | str = ""
    is_final: bool = False


def _rename(unit: UnitKerja, form: RenameForm, user: User) -> UnitKerja:
    return units.rename_unit(unit=unit, names=form.names(), edition=form.edition(user))


def _move(unit: UnitKerja, form: MoveForm, user: User) -> UnitKerja:
    parent = form.cleaned_data["parent"]
    return units.move_unit(unit=unit, parent=parent, edition=form.edition(user))


def _close(unit: UnitKerja, form: CloseForm, user: User) -> UnitKerja:
    last_day: date = form.cleaned_data["last_day"]
    return units.close_unit(unit=unit, last_day=last_day, edition=form.edition(user))


def _reopen(unit: UnitKerja, form: ReasonForm, user: User) -> UnitKerja:
    return units.reopen_unit(unit=unit, edition=form.edition(user))


def _add(unit: UnitKerja, form: NamesForm, user: User) -> UnitKerja:
    return units.add_unit(
        parent=unit,
        code=form.cleaned_data["code"],
        names=form.names(),
        valid_from=form.cleaned_data["starts_on"],
        edition=form.edition(user),
    )


MOVING = "pindah"

STEPS = {
    "ubah": Step(
        title=gettext_lazy("Ganti nama atau data"),
        button=gettext_lazy("Simpan perubahan"),
        done=gettext_lazy("Perubahan disimpan."),
        form=RenameForm,
        call=_rename,
        lead=gettext_lazy("Gelombang yang sudah dibuka tetap memakai nama lama."),
    ),
    MOVING: Step(
        title=gettext_lazy("Pindah ke induk lain"),
        button=gettext_lazy("Pindahkan unit"),
        done=gettext_lazy("Unit dipindahkan, bersama semua unit di bawahnya."),
        form=MoveForm,
        call=_move,
        lead=gettext_lazy("Semua unit di bawahnya ikut pindah."),
    ),
    "tutup": Step(
        title=gettext_lazy("Tutup unit"),
        button=gettext_lazy("Tutup unit"),
        done=gettext_lazy("Tanggal penutupan disimpan."),
        form=CloseForm,
        call=_close,
        lead=gettext_lazy(
            "Unit tidak dihapus: riwayat dan hasil lamanya tetap ada. Unit di bawahnya"
            " harus sudah ditutup atau dipindah."
        ),
        is_final=True,
    ),
    "buka": Step(
        title=gettext_lazy("Batalkan penutupan"),
        button=gettext_lazy("Berlakukan lagi"),
        done=gettext_lazy("Unit berlaku lagi."),
        form=ReasonForm,
        call=_reopen,
    ),
    "tambah": Step(
        title=gettext_lazy("Tambah unit di bawahnya"),
        button=gettext_lazy("Tambah unit"),
        done=gettext_lazy("Unit ditambahkan."),
        form=AddForm,
        call=_add,
    ),
}


def may_move(user: User, unit: UnitKerja) -> bool:
    """Whether this user administers what the unit would leave, and so the unit."""
    return unit.parent is not None and covers(paths_of(user, MANAGES), unit.parent)


def step(
    request: HttpRequest, model_admin: Any, unit: UnitKerja, slug: str
) -> HttpResponse:
    """A form on GET; the change on POST, or the form again with what is wrong."""
    chosen = STEPS.get(slug)
    if chosen is None:
        raise Http404
    user = cast(User, request.user)
    if not covers(paths_of(user, MANAGES), unit):
        raise PermissionDenied
    if slug == MOVING and not may_move(user, unit):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = chosen.form(data, unit=unit, paths=paths_of(user, MANAGES))
    if form.is_valid():
        try:
            changed = chosen.call(unit, form, user)
        except SurveyError as error:
            form.add_error(None, str(error))
        else:
            reason = form.cleaned_data["reason"]
            model_admin.log_change(request, changed, f"{chosen.title}: {reason}")
            messages.success(request, str(chosen.done))
            if form.note:
                messages.info(request, form.note)
            return HttpResponseRedirect(url_of(changed))
    context = {
        "title": chosen.title,
        "original": unit,
        "unit": unit,
        "step": chosen,
        "form": form,
        "back": url_of(unit),
        "levels": levels_under(paths_of(user, DESK)),
    }
    return desk_page(request, model_admin, "surveys/desk/unit_step.html", context)


def url_of(unit: UnitKerja) -> str:
    """Its page."""
    return reverse("admin:surveys_unitkerja_change", args=[unit.pk])


def levels_under(paths: list[str]) -> list[str]:
    """Levels that are in use, for the field to offer."""
    units = UnitKerja.objects.filter(under(paths, "path"))
    return sorted(units.order_by().values_list("level", flat=True).distinct()[:30])
