"""Drafts in several hands, their versions, and the bank."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from surveys.errors import SurveyError
from surveys.instruments.authoring import is_intact, store_instrument
from surveys.instruments.drafting import change_draft, publish_draft, revise
from surveys.instruments.editing import put_question
from surveys.instruments.ready import BEHAVIOURS, shipped
from surveys.models import Instrument, Question, UnitKerja
from surveys.staff.permissions import grant_role
from surveys.views import authoring_publishing as publishing
from surveys.views.authoring import Editor
from tests.desk import said, signed_in, text_of
from tests.factories import Cast, make_user
from tests.surveys.authoring.pages import now, post, typed, url

pytestmark = pytest.mark.django_db


def test_two_editors_of_different_parts_do_not_meet(
    ani: Client, draft: Instrument
) -> None:
    one = typed(ani, url("question", draft.pk, "K"), label_id="Satu")
    post(ani, url("question", draft.pk, "N"), label_id="Dua")
    ani.post(url("question", draft.pk, "K"), one)
    labels = dict(draft.questions.values_list("code", "label__id"))
    assert (labels["K"], labels["N"]) == ("Satu", "Dua")


def test_two_editors_of_one_part_are_told_and_lose_nothing(
    ani: Client, draft: Instrument, units: dict[str, UnitKerja]
) -> None:
    grant_role(user=make_user("Eka"), kind="administrator", unit=units["KEM"])
    address = url("question", draft.pk, "K")
    slow = typed(ani, address, label_id="Punya saya")
    post(signed_in("Eka"), address, label_id="Punya orang lain")
    response = ani.post(address, slow)
    page = response.content.decode()
    assert "Pertanyaan ini berubah saat Anda mengisinya" in page
    assert "Terakhir mengubah rancangan: Eka." in page
    assert "Punya saya" in page
    assert draft.questions.get(code="K").label["id"] == "Punya orang lain"
    ani.post(address, {**slow, "seen": response.context["seen"]})
    assert draft.questions.get(code="K").label["id"] == "Punya saya"


def test_who_was_faster_than_oneself_is_told_so(ani: Client, draft: Instrument) -> None:
    address = url("question", draft.pk, "K")
    slow = typed(ani, address, label_id="Di jendela pertama")
    post(ani, address, label_id="Di jendela kedua")
    page = ani.post(address, slow).content.decode()
    assert "Terakhir mengubah rancangan: Anda sendiri, di jendela lain." in page
    assert "rang lain" not in page


def test_what_somebody_removed_can_be_brought_back(
    ani: Client, draft: Instrument
) -> None:
    address = url("question", draft.pk, "K")
    slow = typed(ani, address, label_id="Punya saya")
    ani.post(url("remove", draft.pk, "question", "K"))
    response = ani.post(address, slow)
    assert "sudah dihapus" in response.content.decode()
    ani.post(address, {**slow, "seen": response.context["seen"]})
    assert draft.questions.get(code="K").label["id"] == "Punya saya"


def test_translators_meet_text_by_text(ani: Client, draft: Instrument) -> None:
    address = f"{url('translate', draft.pk)}?bahasa=en"
    base = ani.get(address).context["base"]
    ani.post(address, {"base": base, "t:title": "Theirs"})
    mine = {"base": base, "t:title": "Mine", "t:sections.S1.title": "First"}
    page = ani.post(address, mine).content.decode()
    assert "Sementara itu tersimpan: “Theirs”" in page
    assert ">Mine</textarea>" in page
    document = now(draft)
    assert document.title["en"] == "Theirs"
    assert document.sections[0].title["en"] == "First"


def test_a_draft_that_was_published_meanwhile_takes_no_change(
    draft: Instrument, cast: Cast
) -> None:
    publish_draft(instrument=draft, by=cast.ani)
    with pytest.raises(SurveyError, match="sudah terbit"):
        change_draft(
            instrument=draft,
            change=lambda d: d.model_copy(update={"title": {"id": "x", "en": "x"}}),
            by=cast.ani,
        )
    assert is_intact(Instrument.objects.get(pk=draft.pk))


def test_a_new_version_shows_what_differs(ani: Client, draft: Instrument) -> None:
    said(ani, url("publish", draft.pk), {"looked": "on"})
    assert "Versi 2 disiapkan" in said(ani, url("new_version", draft.pk))[0]
    later = Instrument.objects.get(version=2)
    assert said(ani, url("new_version", draft.pk))
    assert Instrument.objects.count() == 2
    post(ani, url("question", later.pk, "K"), label_id="Usul")
    for name in ("publish", "changes"):
        page = text_of(ani, url(name, later.pk))
        assert "<del>Saran</del><ins>Usul</ins>" in page
    draft.refresh_from_db()
    assert is_intact(draft)


def test_what_is_missing_is_said_after_a_redirect(
    ani: Client, draft: Instrument
) -> None:
    response = ani.post(url("publish", draft.pk))
    assert response["Location"] == url("publish", draft.pk)
    assert "Centang dulu" in said(ani, url("publish", draft.pk))[0]
    draft.refresh_from_db()
    assert draft.status == Instrument.Status.DRAFT


def test_pressing_publish_twice_leads_twice_to_what_is_published(
    ani: Client, draft: Instrument, cast: Cast
) -> None:
    """The second request has found the draft before the first has published it."""
    stale = Instrument.objects.get(pk=draft.pk)
    published = url("change", draft.pk)
    assert ani.post(url("publish", draft.pk), {"looked": "on"}).url == published  # type: ignore[attr-defined]  # a redirect
    request = RequestFactory().post(url("publish", draft.pk), {"looked": "on"})
    request.user, request.session = cast.ani, SessionBase()
    MessageMiddleware(lambda _request: HttpResponse()).process_request(request)
    keeper = admin.site.get_model_admin(Instrument)
    second = publishing.publish(request, Editor(keeper, stale, cast.ani))
    assert (second.status_code, second["Location"]) == (302, published)
    assert [str(m) for m in get_messages(request)] == [str(publishing.PUBLISHED)]
    after = ani.post(url("publish", draft.pk), {"looked": "on"})
    assert after["Location"] == published


def test_only_figures_are_shown_beside_options(
    ani: Client, draft: Instrument, cast: Cast
) -> None:
    publish_draft(instrument=draft, by=cast.ani)
    page = text_of(ani, url("change", draft.pk))
    assert "None" not in page
    assert 'Tidak <span class="note">1</span>' in page
    assert '<span class="note">tidak dihitung</span>' in page


def test_a_draft_is_discarded_and_its_version_stays(
    ani: Client, draft: Instrument, cast: Cast
) -> None:
    publish_draft(instrument=draft, by=cast.ani)
    later = revise(instrument=draft, by=cast.ani)
    assert "tidak dapat dipulihkan" in text_of(ani, url("discard", later.pk))
    ani.post(url("discard", later.pk))
    assert list(Instrument.objects.values_list("version", flat=True)) == [1]


def test_a_published_page_leads_to_no_editor(
    ani: Client, draft: Instrument, cast: Cast
) -> None:
    publish_draft(instrument=draft, by=cast.ani)
    for name in ("settings", "dimensions", "publish", "discard", "section_add"):
        response = ani.get(url(name, draft.pk), follow=True)
        assert "tidak dapat diubah" in response.content.decode(), name
    response = ani.post(url("steer", draft.pk), {"up": "question:N"}, follow=True)
    assert "sudah terbit" in response.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Instrument.objects.filter(pk=draft.pk).update(scales={})


def test_a_copy_is_another_instrument(ani: Client, draft: Instrument) -> None:
    form = ani.get(url("copy", draft.pk)).context["form"]
    ani.post(url("copy", draft.pk), form.initial)
    copy = Instrument.objects.get(code=f"{draft.code}-2")
    assert now(copy).sections == now(draft).sections


def test_the_bank_is_searched_and_copied_from(ani: Client, draft: Instrument) -> None:
    store_instrument(document=shipped(BEHAVIOURS))
    address = f"{url('bank', draft.pk)}?q=ramah cekatan"
    (found,) = ani.get(address).context["found"]
    ani.post(address, {"question": [found.pk], "section": "S1"})
    borrowed = draft.questions.get(code="BP2")
    assert borrowed.section.code == "S1"
    assert borrowed.options.count() == 7
    unknown = text_of(ani, f"{url('bank', draft.pk)}?q=tidak-ada-yang-begini")
    assert "Tidak ada yang cocok" in unknown


def test_the_bank_holds_no_drafts(ani: Client, draft: Instrument) -> None:
    assert not ani.get(url("bank", draft.pk)).context["found"]
    key = draft.questions.get(code="K").pk
    said(ani, url("bank", draft.pk), {"question": [key], "section": "S1"})
    assert draft.questions.count() == 5


def test_the_app_may_do_all_this(ani: Client, draft: Instrument, as_app: None) -> None:
    post(ani, url("question", draft.pk, "K"), label_id="Usul")
    ani.post(url("steer", draft.pk), {"down": "question:C"})
    ani.post(url("publish", draft.pk), {"looked": "on"})
    draft.refresh_from_db()
    assert draft.status == Instrument.Status.PUBLISHED
    ani.post(url("new_version", draft.pk))
    ani.post(url("discard", Instrument.objects.get(version=2).pk))
    assert Instrument.objects.count() == 1


def test_only_what_differs_is_written(draft: Instrument, cast: Cast) -> None:
    rows = dict(Question.objects.values_list("code", "pk"))
    part = now(draft).questions[2].model_copy(update={"required": True})
    change_draft(
        instrument=draft,
        change=lambda d: put_question(d, part, section="S2", old="K"),
        by=cast.ani,
    )
    assert dict(Question.objects.values_list("code", "pk")) == rows
    assert Question.objects.get(code="K").is_required


def test_a_large_catalogue_fits_into_one_form(ani: Client, draft: Instrument) -> None:
    n = 120
    rows = {
        "option_code": [f"K{i}" for i in range(n)],
        "option_label_id": [f"Kata {i}" for i in range(n)],
        "option_label_en": [f"Word {i}" for i in range(n)],
        "option_polarity": ["1"] * n,
        "option_dimension": ["A"] * n,
        "option_value": [""] * n,
        "option_missing": [""] * n,
    }
    response = ani.post(
        url("scale_add", draft.pk), {"name": "besar", "seen": "", **rows}, follow=True
    )
    assert response.status_code == 200
    assert len(now(draft).scales["besar"]) == n
