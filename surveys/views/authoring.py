"""What every page of authoring shares: the draft, who may change it, and saving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.answering.language import NAMES
from surveys.errors import SurveyError
from surveys.instruments.authoring import draft_of
from surveys.instruments.checks import Check, checks_of
from surveys.instruments.document import Document
from surveys.instruments.drafting import Change, change_draft, may_edit
from surveys.instruments.parts import (
    EditedMeanwhile,
    Place,
    Unfit,
    demand_seen,
    dimension_at,
    question_at,
    scale_at,
    section_at,
    seen,
)
from surveys.models import Instrument, UnitKerja, User
from surveys.models.instrument import in_indonesian
from surveys.staff.permissions import MANAGES, paths_of, under
from surveys.views.desk import desk_page

TABS = (
    ("change", gettext_lazy("Susunan")),
    ("dimensions", gettext_lazy("Nilai")),
    ("scales", gettext_lazy("Skala")),
    ("translate", gettext_lazy("Terjemahan")),
    ("bank", gettext_lazy("Bank pertanyaan")),
    ("preview", gettext_lazy("Pratinjau")),
    ("publish", gettext_lazy("Periksa dan terbitkan")),
)


def owners_for(user: User) -> list[UnitKerja]:
    """Tops of the subtrees this user administers; none stands for all of them."""
    paths = paths_of(user, MANAGES)
    tops = [p for p in paths if not any(p != q and p.startswith(q) for q in paths)]
    return list(UnitKerja.objects.filter(under(tops, "path"), path__in=tops))


def chosen_owner(form: Form, owners: Sequence[UnitKerja]) -> UnitKerja | None:
    """The unit named in the form; the only one goes without being named."""
    named = cast("UnitKerja | None", form.cleaned_data.get("owner"))
    return named or (owners[0] if len(owners) == 1 else None)


def url_of(name: str, *arguments: object) -> str:
    """``url_of("section", 4, "S1")``: a page of the desk about an instrument."""
    return reverse(f"admin:surveys_instrument_{name}", args=arguments)


@dataclass
class Editor:
    """An instrument in the hands of one reader of the desk."""

    model_admin: Any
    instrument: Instrument
    user: User

    @cached_property
    def document(self) -> Document:
        return draft_of(self.instrument)

    @cached_property
    def may_edit(self) -> bool:
        return may_edit(self.user, self.instrument)

    def url(self, name: str, *arguments: object) -> str:
        return url_of(name, self.instrument.pk, *arguments)

    def place_url(self, place: Place) -> str:
        """Where a part is changed."""
        if place.sort == "instrument":
            return self.url("settings")
        if not place.code:
            return self.url(f"{place.sort}_add")
        return self.url(place.sort, place.code)

    def back(self, anchor: str = "", name: str = "change") -> HttpResponseRedirect:
        return HttpResponseRedirect(self.url(name) + (f"#{anchor}" if anchor else ""))


def page(
    request: HttpRequest, editor: Editor, template: str, title: str, **context: Any
) -> HttpResponse:
    """A page about a draft, with the way to all the others."""
    instrument = editor.instrument
    shared = {
        "title": title,
        "crumb": title,
        "instrument": instrument,
        "name": in_indonesian(instrument.title),
        "object": instrument if title != in_indonesian(instrument.title) else None,
        "editor": editor,
        "languages": [(code, NAMES.get(code, code)) for code in instrument.languages],
        "tabs": [
            {"name": name, "label": label, "url": editor.url(name)}
            for name, label in TABS
        ],
    }
    return desk_page(
        request,
        editor.model_admin,
        f"surveys/desk/authoring/{template}.html",
        {**shared, **context},
    )


def with_urls(editor: Editor, checks: Sequence[Check]) -> list[dict[str, Any]]:
    """Checks as the pages list them."""
    return [
        {"words": one.words, "blocks": one.blocks, "url": editor.place_url(one.place)}
        for one in checks
    ]


def check_context(editor: Editor) -> dict[str, Any]:
    """What is missing and what is to be looked at, each with its link."""
    checks = with_urls(editor, checks_of(editor.document))
    return {
        "blocking": [one for one in checks if one["blocks"]],
        "notes": [one for one in checks if not one["blocks"]],
    }


def mark_of(document: Document, place: Place) -> str:
    """The mark of a part, "" once it is gone: then saving brings it back."""
    try:
        return seen(document, place)
    except EditedMeanwhile:
        return ""


def old_code(document: Document, place: Place, mark: str) -> str:
    """The code of the part to replace, "" where it has to be made anew.

    EditedMeanwhile unless the part is as its editor saw it, or was told to be gone.
    """
    if not place.code or (not mark and not mark_of(document, place)):
        return ""
    demand_seen(document, place, mark)
    return place.code


def new_mark(request: HttpRequest, editor: Editor, place: Place, conflict: str) -> str:
    """What the page is to be saved against: anew after a warning was shown."""
    if not place.code:
        return ""
    if request.method == "POST" and not conflict:
        return request.POST.get("seen", "")
    return mark_of(editor.document, place)


def found(document: Document, place: Place) -> Any:
    """The part, or 404."""
    finders: dict[str, Callable[[Document, str], Any]] = {
        "section": section_at,
        "question": question_at,
        "dimension": dimension_at,
        "scale": scale_at,
    }
    try:
        return finders[place.sort](document, place.code)
    except EditedMeanwhile as error:
        raise Http404 from error


# -- Saving ----------------------------------------------------------------------------


@dataclass
class Saving:
    """The outcome of trying to save: done, refused in the form, or met by another."""

    is_done: bool = False
    conflict: str = ""


def save(editor: Editor, change: Change, form: Form | None = None) -> Saving:
    """Apply a change; whatever stands against it comes back as words for the form."""
    try:
        editor.document = change_draft(
            instrument=editor.instrument, change=change, by=editor.user
        )
    except EditedMeanwhile as error:
        return Saving(conflict=_conflict_words(editor, error))
    except Unfit as error:
        if form is not None:
            form.add_error(
                error.field if error.field in form.fields else None, str(error)
            )
        return Saving()
    except SurveyError as error:
        if form is not None:
            form.add_error(None, str(error))
        return Saving()
    return Saving(is_done=True)


def _conflict_words(editor: Editor, error: EditedMeanwhile) -> str:
    """What happened meanwhile and who was the last: perhaps oneself, elsewhere."""
    latest = Instrument.objects.filter(pk=editor.instrument.pk).first()
    if latest is None:
        return str(error)
    editor.instrument = latest
    editor.__dict__.pop("document", None)
    who = latest.edited_by or _("Orang lain")
    if who == str(editor.user):
        who = _("Anda sendiri, di jendela lain")
    latest_words = _("Terakhir mengubah rancangan: %(who)s.") % {"who": who}
    return f"{error} {latest_words}"


def act(request: HttpRequest, editor: Editor, change: Change, done: str = "") -> bool:
    """A change by a button alone: done, or refused with a message."""
    try:
        change_draft(instrument=editor.instrument, change=change, by=editor.user)
    except SurveyError as error:
        messages.error(request, str(error))
        return False
    if done:
        messages.success(request, done)
    return True
