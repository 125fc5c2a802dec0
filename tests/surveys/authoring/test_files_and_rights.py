"""Files, the preview, and who may do what."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from surveys.instruments.document import Document
from surveys.instruments.drafting import create_draft, publish_draft
from surveys.instruments.xlsform import to_xlsx
from surveys.instruments.yamlfile import to_yaml
from surveys.models import Instrument, UnitKerja, User
from tests.desk import signed_in, text_of
from tests.factories import Cast
from tests.surveys.authoring.pages import LIST, now, typed, url
from tests.surveys.box import make_units

pytestmark = pytest.mark.django_db


def upload(client: Client, name: str, content: bytes, **more: str) -> str:
    file = SimpleUploadedFile(name, content)
    response = client.post(url("import"), {"file": file, **more}, follow=True)
    return str(response.content.decode())


@pytest.mark.parametrize("form", ["yaml", "xlsx"])
def test_a_download_can_be_imported_again(
    form: str, ani: Client, draft: Instrument
) -> None:
    response = ani.get(url("export", draft.pk, form))
    assert f"semua-v1.{form}" in response["Content-Disposition"]
    before = now(draft)
    page = upload(ani, f"a.{form}", response.content)
    assert "sudah ada. Centang" in page
    Instrument.objects.all().delete()
    assert "dimuat sebagai rancangan" in upload(ani, f"a.{form}", response.content)
    assert now(Instrument.objects.get()) == before


def test_an_import_replaces_a_draft_only_when_asked(
    ani: Client, draft: Instrument
) -> None:
    document = now(draft).model_copy(update={"title": {"id": "B", "en": "B"}})
    upload(ani, "a.xlsx", to_xlsx(document))
    assert now(draft).title["id"] == "Judul"
    upload(ani, "a.xlsx", to_xlsx(document), replace="on")
    assert now(Instrument.objects.get()).title["id"] == "B"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", b"x", "berakhiran .yaml atau .xlsx"),
        ("a.yaml", b"code: [", "bukan YAML"),
        ("a.yaml", b"code: x", "harus diisi"),
        ("a.xlsx", b"code: x", "rusak atau terpotong"),
        ("a.yaml", "judul: é".encode("latin-1"), "UTF-8"),
    ],
)
def test_a_bad_file_is_refused_and_nothing_is_stored(
    name: str, content: bytes, words: str, ani: Client
) -> None:
    assert words in upload(ani, name, content)
    assert not Instrument.objects.exists()


def test_a_published_version_is_not_imported_over(
    ani: Client, draft: Instrument, cast: Cast
) -> None:
    publish_draft(instrument=draft, by=cast.ani)
    changed = to_yaml(now(draft)).replace("Judul", "Lain").encode()
    assert "sudah terbit dengan isi lain" in upload(ani, "a.yaml", changed)


def test_the_preview_is_the_real_page_and_cannot_send(
    ani: Client, draft: Instrument
) -> None:
    response = ani.get(f"{url('framed', draft.pk)}?bahasa=en")
    policy = f"{response['Content-Security-Policy']};"
    for rule in (
        "frame-ancestors 'self';",
        "form-action 'none';",
        "connect-src 'none';",
        "script-src 'self';",
    ):
        assert rule in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    page = response.content.decode()
    assert "Pratinjau." in page
    assert "Rate this" in page
    assert 'name="q-P"' in page
    outer = ani.get(url("preview", draft.pk))
    assert outer["X-Frame-Options"] == "DENY"


def test_a_question_is_previewed_before_it_is_saved(
    ani: Client, draft: Instrument
) -> None:
    data = typed(ani, url("question", draft.pk, "K"), label_id="Belum disimpan")
    page = ani.post(url("question_framed", draft.pk), data).content.decode()
    assert "Belum disimpan" in page
    assert draft.questions.get(code="K").label["id"] == "Saran"
    empty = ani.post(url("question_framed", draft.pk), {}).content.decode()
    assert "muncul di sini" in empty


def test_a_preview_of_an_unfinished_draft_works(ani: Client, cast: Cast) -> None:
    document = Document(code="a", version=1, languages=["id"], title={"id": "A"})
    draft = create_draft(document=document, owner=None, by=cast.ani)
    for name in ("preview", "framed", "change", "publish", "translate", "bank"):
        text_of(ani, url(name, draft.pk))
    assert "belum ada bagian" in text_of(ani, url("publish", draft.pk))


PAGES = (
    "change",
    "settings",
    "section_add",
    "dimensions",
    "dimension_add",
    "scales",
    "scale_add",
    "question_add",
    "question_framed",
    "bank",
    "translate",
    "publish",
    "discard",
    "preview",
    "framed",
    "copy",
)


def test_a_draft_exists_only_for_the_administrators_of_its_unit(
    draft: Instrument, cast: Cast
) -> None:
    other = make_units({"91": []}, root="LAIN")
    eka = User.objects.create_user("eka@example.org", name="Eka", is_staff=True)
    eka.roles.create(kind="administrator", unit=other["LAIN"])
    client = signed_in("Eka")
    for name in PAGES:
        text_of(client, url(name, draft.pk), 404)
    for name, code in (("section", "S1"), ("question", "R"), ("scale", "tiga")):
        text_of(client, url(name, draft.pk, code), 404)
    for form in ("yaml", "xlsx"):
        text_of(client, url("export", draft.pk, form), 404)
    for name in ("steer", "new_version"):
        assert client.post(url(name, draft.pk)).status_code == 404
    assert draft.code not in text_of(client, reverse(LIST))
    text_of(client, url("change", 99999), 404)


def test_a_published_instrument_of_others_is_read_and_copied_only(
    draft: Instrument, cast: Cast
) -> None:
    publish_draft(instrument=draft, by=cast.ani)
    other = make_units({"91": []}, root="LAIN")
    eka = User.objects.create_user("eka@example.org", name="Eka", is_staff=True)
    eka.roles.create(kind="administrator", unit=other["LAIN"])
    client = signed_in("Eka")
    for name in ("change", "preview", "framed", "copy"):
        text_of(client, url(name, draft.pk))
    assert client.post(url("new_version", draft.pk)).status_code == 404


def test_a_coordinator_reads_and_writes_nothing(draft: Instrument, cast: Cast) -> None:
    publish_draft(instrument=draft, by=cast.ani)
    budi = signed_in("Budi")
    assert "Buat versi baru" not in text_of(budi, url("change", draft.pk))
    for name in ("copy", "settings", "publish"):
        text_of(budi, url(name, draft.pk), 404)
    for address in (url("add"), url("import"), url("new", "kosong")):
        text_of(budi, address, 404)
    assert budi.post(url("new_version", draft.pk)).status_code == 404


def test_an_import_goes_on_with_nobody_elses_instrument(
    draft: Instrument, cast: Cast
) -> None:
    document = now(draft)
    draft.owner = UnitKerja.objects.get(code="KEM")
    draft.save()
    other = make_units({"91": []}, root="LAIN")
    eka = User.objects.create_user("eka@example.org", name="Eka", is_staff=True)
    eka.roles.create(kind="administrator", unit=other["LAIN"])
    for version in (document.version, document.version + 1):
        theirs = document.model_copy(update={"title": {"id": "X", "en": "X"}})
        theirs = theirs.model_copy(update={"version": version})
        page = upload(
            signed_in("Eka"), "a.yaml", to_yaml(theirs).encode(), replace="on"
        )
        assert "dipakai instrumen unit lain" in page
    assert now(Instrument.objects.get()) == document
