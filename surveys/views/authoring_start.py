"""How an instrument begins: empty, from a shipped one, from a file, as a copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.files.problems import InputError
from surveys.files.small import on_disk
from surveys.instruments.authoring import draft_of
from surveys.instruments.document import Document
from surveys.instruments.drafting import create_draft, store_import
from surveys.instruments.editing import put_settings
from surveys.instruments.parts import Unfit
from surveys.instruments.ready import BEHAVIOURS, LENSES, add_scale, add_values, shipped
from surveys.instruments.xlsform import to_xlsx
from surveys.instruments.xlsform_reading import read_xlsx_draft
from surveys.instruments.yamlfile import read_yaml_draft, to_yaml
from surveys.models import Instrument, User
from surveys.views.authoring import Editor, chosen_owner, owners_for, url_of
from surveys.views.authoring_forms import ImportForm, StartForm
from surveys.views.desk import desk_page

MOST_MEGABYTES = 10
N_LISTED = 200
"""Problems of a file shown on one page."""

READERS = {
    ".yaml": read_yaml_draft,
    ".yml": read_yaml_draft,
    ".xlsx": read_xlsx_draft,
}
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _page(
    request: HttpRequest, model_admin: Any, name: str, title: str, **context: Any
) -> HttpResponse:
    shared = {"title": title, "crumb": title, "start_url": url_of("add"), **context}
    template = f"surveys/desk/authoring/{name}.html"
    return desk_page(request, model_admin, template, shared)


def start(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """The ways to begin."""
    return _page(request, model_admin, "start", _("Instrumen baru"), **ways())


def ways() -> dict[str, str]:
    """Addresses of the three ways; the empty list offers them as well."""
    return {
        "blank_url": url_of("new", "kosong"),
        "behaviours_url": url_of("new", BEHAVIOURS),
        "lenses_url": url_of("new", LENSES),
        "import_url": url_of("import"),
    }


# -- Empty, shipped, copied ------------------------------------------------------------


def new(request: HttpRequest, model_admin: Any, source: str) -> HttpResponse:
    """A first version: empty, or with everything a shipped instrument holds."""
    if source not in ("kosong", BEHAVIOURS, LENSES):
        raise Http404
    base = shipped(source) if source != "kosong" else None
    return _begin(request, model_admin, base, _("Instrumen baru"))


def copy(request: HttpRequest, editor: Editor) -> HttpResponse:
    """A first version of another instrument, with everything this one holds."""
    base = draft_of(editor.instrument)
    return _begin(request, editor.model_admin, base, _("Salin instrumen"))


def _begin(
    request: HttpRequest, model_admin: Any, base: Document | None, title: str
) -> HttpResponse:
    user = cast(User, request.user)
    owners = owners_for(user)
    values = _first_values(base)
    form = StartForm(request.POST or None, owners=owners, initial=values)
    if base:
        del form.fields["has_values"]
    if request.method == "POST" and form.is_valid():
        try:
            draft = create_draft(
                document=_first_document(form, base),
                owner=chosen_owner(form, owners),
                by=user,
            )
        except Unfit as error:
            form.add_error(error.field, str(error))
        else:
            model_admin.log_addition(request, draft, str(_("Rancangan dibuat")))
            return HttpResponseRedirect(url_of("change", draft.pk))
    return _page(request, model_admin, "new", title, form=form, base=base)


def _first_values(base: Document | None) -> dict[str, Any]:
    if base is None:
        return {"languages": ["id"], "has_values": True}
    taken = set(Instrument.objects.values_list("code", flat=True))
    stem = base.code
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    code = f"{stem}-{number}" if stem in taken else stem
    title = base.title.get("id", "")
    return {"title": title, "languages": base.languages, "code": code}


def _first_document(form: StartForm, base: Document | None) -> Document:
    typed = form.cleaned_data
    languages, title = typed["languages"], {"id": typed["title"]}
    if base is not None:
        document = base.model_copy(update={"code": typed["code"], "version": 1})
        is_same = base.title.get("id") == typed["title"]
        return put_settings(
            document,
            title=base.title if is_same else title,
            note=base.note,
            languages=languages,
        )
    document = Document(code=typed["code"], version=1, languages=languages, title=title)
    if typed["has_values"]:
        document = add_scale(add_values(document), "setuju-6")
    return document


# -- Files -----------------------------------------------------------------------------


def import_file(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """Take a YAML or XLSX file as a draft, or say what is wrong in it and where."""
    user = cast(User, request.user)
    owners = owners_for(user)
    problems: list[Any] = []
    form = ImportForm(request.POST or None, request.FILES or None, owners=owners)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            draft = store_import(
                document=read_upload(upload),
                owner=chosen_owner(form, owners),
                by=user,
                replace=form.cleaned_data["replace"],
            )
        except InputError as error:
            problems = error.problems
        except Unfit as error:
            form.add_error(error.field, str(error))
        except SurveyError as error:
            form.add_error("file", str(error))
        else:
            words = _("Diimpor dari berkas")
            model_admin.log_addition(request, draft, words)
            messages.success(request, _("Berkas dimuat sebagai rancangan."))
            return HttpResponseRedirect(url_of("change", draft.pk))
    return _page(
        request,
        model_admin,
        "import",
        _("Impor berkas"),
        form=form,
        problems=problems[:N_LISTED],
        n_more=max(0, len(problems) - N_LISTED),
    )


def read_upload(upload: UploadedFile[bytes]) -> Document:
    """The document in an uploaded file, by the ending of its name."""
    ending = Path(upload.name or "").suffix.lower()
    reader = READERS.get(ending)
    if reader is None:
        raise InputError(_("Pilih berkas berakhiran .yaml atau .xlsx."))
    with on_disk(upload, megabytes=MOST_MEGABYTES) as path:
        return reader(path)


def export(request: HttpRequest, editor: Editor, form: str) -> HttpResponse:
    """The instrument as YAML or XLSX; both can be imported again."""
    document = editor.document
    if form == "yaml":
        response = HttpResponse(to_yaml(document), content_type="application/yaml")
    elif form == "xlsx":
        response = HttpResponse(to_xlsx(document), content_type=XLSX_TYPE)
    else:
        raise Http404
    name = f"{document.code}-v{document.version}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
