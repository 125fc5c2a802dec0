"""Every list of the desk: search, filters, and words for when it is empty."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from berakhlak.wrong_pages import failed
from surveys.models import Role, UnitKerja, User
from surveys.staff.first_day import order_of_work
from surveys.staff.permissions import grant_role
from tests.desk import cast_at_desk, signed_in, text_of
from tests.factories import Cast, make_user
from tests.surveys.box import make_draft

pytestmark = pytest.mark.django_db

LISTS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def list_of(model: Any) -> Any:
    """The list of a model, which knows words of ours."""
    return admin.site.get_model_admin(model)


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return cast_at_desk(units)


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_a_list_can_be_searched_and_filtered_and_says_what_to_do(model: type) -> None:
    shown = list_of(model)
    for name in ("search_fields", "list_filter", "search_help_text"):
        assert getattr(shown, name), name
    assert str(shown.lead)
    if shown.change_list_template is None:  # a list of its own has words of its own
        assert str(shown.empty_title)
        assert str(shown.empty_text)
    assert len(shown.list_display) > 1


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_stacked_rows_are_headed_in_our_words(model: type, cast: Cast) -> None:
    shown = list_of(model)
    name = f"admin:{shown.opts.app_label}_{shown.opts.model_name}_changelist"
    page = text_of(signed_in("Ani"), f"{reverse(name)}?o=")
    for label in re.findall('data-label="([^"]*)"', page):
        assert label != "Select record"
        assert label[:1] == label[:1].upper()
    if model in (Role, User):
        assert 'data-label="Pengguna"' in page or 'data-label="Nama"' in page


MAY_BE_EMPTY = [model for model in LISTS if model not in (UnitKerja, Role, User)]
"""Who looks is somebody, with a role for a unit."""


@pytest.mark.parametrize("model", MAY_BE_EMPTY, ids=lambda model: model._meta.label)
def test_an_empty_list_says_so_in_words(model: type, cast: Cast) -> None:
    shown = list_of(model)
    name = f"admin:{shown.opts.app_label}_{shown.opts.model_name}_changelist"
    words = str(shown.empty_title) or "Belum ada"
    assert words in text_of(signed_in("Ani"), reverse(name))


SEEN = {
    "Ani": {"Gelombang", "Instrumen", "Pengguna", "Peran", "Riwayat perubahan"},
    "Budi": {"Gelombang", "Instrumen", "Unit kerja", "Riwayat perubahan"},
}
HIDDEN = {"Ani": set(), "Budi": {"Pengguna", "Peran", "Pembukaan hasil", "Metode"}}


@pytest.mark.parametrize("name", ["Ani", "Budi"])
def test_the_navigation_offers_each_role_what_it_may_open(
    cast: Cast, name: str
) -> None:
    client = signed_in(name)
    groups = client.get("/desk/").context["sidebar_navigation"]
    links = {item["title"]: item["link"] for group in groups for item in group["items"]}
    assert set(links) >= SEEN[name]
    assert not set(links) & HIDDEN[name]
    for link in links.values():
        assert client.get(link).status_code == 200, link


# --- the first day -------------------------------------------------------------------


def test_an_empty_system_says_what_comes_first(db: None) -> None:
    make_user("Fajar", is_superuser=True, is_staff=True)
    page = text_of(signed_in("Fajar"), "/desk/")
    assert "Selamat datang" in page
    assert page.count('aria-current="step"') == 1
    assert "Muat unit kerja" in page
    assert "Buat gelombang" not in page


def test_the_next_step_follows_what_is_there(cast: Cast) -> None:
    page = text_of(signed_in("Ani"), "/desk/")
    assert "9 unit" in page
    assert "Susun instrumen" in page


def test_the_steps_of_a_draft_lead_to_its_pages(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    draft = make_draft(units, "W9")
    page = text_of(signed_in("Ani"), "/desk/")
    assert reverse("admin:surveys_wave_register", args=[draft.pk]) in page
    assert draft.name in page


def test_an_open_wave_ends_the_first_day(cast: Cast, wave: object) -> None:
    assert 'aria-current="step"' not in text_of(signed_in("Ani"), "/desk/")


def test_the_order_of_work_stays_at_hand_for_who_makes_waves(
    cast: Cast, wave: object
) -> None:
    page = text_of(signed_in("Ani"), "/desk/")
    assert "Urutan kerja survei baru" in page
    for step in order_of_work():
        assert step.title in page
        assert not step.url or f'href="{step.url}"' in page
    assert "Urutan kerja" not in text_of(signed_in("Budi"), "/desk/")


def test_who_does_not_manage_waits(units: dict[str, UnitKerja]) -> None:
    grant_role(user=make_user("Budi"), kind="coordinator", unit=units["01"])
    page = text_of(signed_in("Budi"), "/desk/")
    assert "begitu pengelola menyiapkannya" in page
    assert 'aria-current="step"' not in page


def test_where_closed_scores_are_read_is_said_in_words(cast: Cast) -> None:
    page = text_of(signed_in("Ani"), reverse("admin:scoring_privatereading_changelist"))
    assert "hanya dapat dibaca langsung di server" in page
    assert "<code>score --private</code>" in page


# --- pages that are not there --------------------------------------------------------


def test_a_missing_page_of_the_desk_keeps_the_way_on(cast: Cast) -> None:
    page = text_of(signed_in("Ani"), "/desk/tidak-ada/", 404)
    assert "Cari lewat daftar di menu" in page
    assert reverse("admin:surveys_wave_changelist") in page


def test_a_forbidden_page_says_whom_to_ask(cast: Cast) -> None:
    page = text_of(signed_in("Budi"), reverse("admin:surveys_user_changelist"), 403)
    assert "minta pengelola" in page


def test_a_failure_says_what_to_check_and_when_it_was(rf: RequestFactory) -> None:
    page = text_on(failed(rf.get("/desk/surveys/wave/")))
    for words in ("Ada gangguan di meja pengelola", "sebelum mengulang", "waktu ini:"):
        assert words in page
    assert "tanda terima" in text_on(failed(rf.get("/hasil/")))


def text_on(answer: Any) -> str:
    return str(answer.content.decode())
