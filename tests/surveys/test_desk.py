"""The desk: who gets in, what they see, and a wave's life by its buttons."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from surveys.fieldwork import waves
from surveys.models import (
    Answer,
    Arrival,
    Ballot,
    Comment,
    Contact,
    Participant,
    Receipt,
    Role,
    UnitKerja,
    Wave,
)
from surveys.monitoring.progress import count_arrivals
from surveys.staff.permissions import grant_role
from tests.desk import cast_at_desk, said, signed_in, text_of
from tests.factories import Cast, make_user
from tests.surveys.box import (
    answer,
    code_of,
    make_draft,
    make_instrument,
    make_units,
    people_of,
    register,
)

pytestmark = pytest.mark.django_db

PEOPLE = {"01.01": "F" * 15 + "M" * 15, "02.01": "F" * 12 + "M" * 12}


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    return make_units({"01": ["01.01"], "02": ["02.01"]})


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return cast_at_desk(units)


@pytest.fixture
def draft(units: dict[str, UnitKerja]) -> Wave:
    wave = make_draft(units)
    register(wave, units, PEOPLE)
    return wave


@pytest.fixture
def other_wave() -> Wave:
    """Of another ministry."""
    return make_draft(make_units({"91": ["91.01"]}, root="LAIN"), "LAIN-1")


def page_of(wave: Wave) -> str:
    return reverse("admin:surveys_wave_change", args=[wave.pk])


def step_of(wave: Wave, slug: str) -> str:
    return reverse("admin:surveys_wave_step", args=[wave.pk, slug])


def state_of(wave: Wave) -> str:
    return Wave.objects.values_list("state", flat=True).get(pk=wave.pk)


# --- the door ------------------------------------------------------------------------


def test_the_desk_is_open_to_its_roles_alone(cast: Cast) -> None:
    index = reverse("admin:index")
    assert "Gelombang" in text_of(signed_in("Ani"), index)
    assert "Gelombang" in text_of(signed_in("Budi"), index)
    for name in ("Citra", "Dewi"):
        assert signed_in(name).get(index, follow=True).status_code == 403
    signing_in = Client().get(index, follow=True).redirect_chain[-1][0]
    assert signing_in.startswith(reverse("account_login"))


def test_what_holds_answers_and_people_is_not_in_the_desk() -> None:
    hidden = (Answer, Arrival, Ballot, Comment, Contact, Participant, Receipt)
    assert not [model for model in hidden if admin.site.is_registered(model)]
    labels = {model._meta.app_label for model in admin.site._registry}
    assert labels == {"surveys", "scoring"}


def test_the_sidebar_offers_only_what_the_role_may_open(cast: Cast) -> None:
    ani = text_of(signed_in("Ani"), reverse("admin:index"))
    budi = text_of(signed_in("Budi"), reverse("admin:index"))
    for words in ("Pengguna", "Pembukaan hasil", "Perhitungan"):
        assert words in ani
        assert words not in budi
    text_of(signed_in("Budi"), reverse("admin:surveys_user_changelist"), 403)


# --- a wave by its buttons -----------------------------------------------------------


def typed(units: dict[str, UnitKerja], **more: object) -> dict[str, object]:
    """The form of a new wave, filled in."""
    closes_at = timezone.localtime() + timedelta(days=7)
    return {
        "code": "W9",
        "name": "Gelombang baru",
        "instrument": make_instrument("baru").pk,
        "root": units["KEM"].pk,
        "source": "online",
        "reference_date": closes_at.strftime("%d-%m-%Y"),
        "competing_level": "ESELON_I",
        "closes_at_0": closes_at.strftime("%d-%m-%Y"),
        "closes_at_1": "23.59.00",
        "seals_at_0": "",
        "seals_at_1": "",
        **more,
    }


def test_a_wave_is_created_as_a_draft(units: dict[str, UnitKerja], cast: Cast) -> None:
    response = signed_in("Ani").post(reverse("admin:surveys_wave_add"), typed(units))
    wave = Wave.objects.get(code="W9")
    assert response.headers["Location"] == page_of(wave)
    assert wave.state == Wave.State.DRAFT
    assert wave.secret_check
    assert wave.seals_at - wave.closes_at == waves.SENDING_GRACE


def test_an_end_in_the_past_is_for_answers_that_exist_already(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    ani, add = signed_in("Ani"), reverse("admin:surveys_wave_add")
    past = typed(units, closes_at_0="01-10-2025")
    page = ani.post(add, past)
    assert set(page.context["form"].errors) == {"closes_at"}
    assert not Wave.objects.exists()
    assert ani.post(add, {**past, "source": "imported"}).status_code == 302
    assert (
        ani.post(add, {**past, "code": "W8", "is_simulated": "on"}).status_code == 302
    )


def test_a_code_in_use_or_an_end_before_the_beginning_writes_nothing(
    units: dict[str, UnitKerja], draft: Wave, cast: Cast
) -> None:
    ani, add = signed_in("Ani"), reverse("admin:surveys_wave_add")
    wrong = {"code": draft.code, "seals_at_0": "01-01-2020", "seals_at_1": "00.00.00"}
    page = ani.post(add, typed(units, **wrong))
    assert page.status_code == 200
    assert {"code"} <= set(page.context["form"].errors)
    assert Wave.objects.count() == 1


def test_nobody_creates_a_wave_above_or_beside_their_subtree(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    eka = make_user("Eka")
    grant_role(user=eka, kind=Role.Kind.ADMINISTRATOR, unit=units["02"])
    add = reverse("admin:surveys_wave_add")
    for root in ("KEM", "01"):
        page = signed_in("Eka").post(add, typed(units, root=units[root].pk))
        assert set(page.context["form"].errors) == {"root"}
    text_of(signed_in("Budi"), add, 403)
    assert not Wave.objects.exists()


def test_ani_opens_closes_and_seals(
    draft: Wave, cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    ani = signed_in("Ani")
    assert "54" in text_of(ani, page_of(draft))
    assert "tidak dapat dibatalkan" in text_of(ani, step_of(draft, "buka"))
    assert state_of(draft) == Wave.State.DRAFT, "a GET changes nothing"
    assert "Gelombang dibuka" in said(ani, step_of(draft, "buka"))[0]
    assert state_of(draft) == Wave.State.OPEN
    assert "Gelombang ditutup" in said(ani, step_of(draft, "tutup"))[0]
    assert state_of(draft) == Wave.State.CLOSED
    with django_capture_on_commit_callbacks() as queued:  # type: ignore[operator]  # pytest-django's fixture has no public type
        said(ani, step_of(draft, "segel"))
    assert state_of(draft) == Wave.State.SEALING
    assert len(queued) == 1
    page = text_of(ani, page_of(draft))
    assert "0 dari 5 langkah selesai" in page
    assert 'hx-trigger="every 2s"' in page
    assert LogEntry.objects.filter(object_id=str(draft.pk)).count() == 3


@pytest.mark.parametrize("slug", ["tutup", "segel"])
def test_a_step_out_of_order_is_refused_in_words(
    draft: Wave, cast: Cast, slug: str
) -> None:
    sentence = "Gelombang W1 berkeadaan «Rancangan»; langkah ini tidak berlaku."
    ani = signed_in("Ani")
    shown = ani.get(step_of(draft, slug), follow=True)
    assert shown.redirect_chain[-1][0] == page_of(draft)
    assert [str(m) for m in shown.context["messages"]] == [sentence]
    assert said(ani, step_of(draft, slug)) == [sentence]
    assert state_of(draft) == Wave.State.DRAFT
    assert not LogEntry.objects.exists()


def test_a_wave_without_people_says_what_it_lacks(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    wave = make_draft(units)
    loading = reverse("admin:surveys_wave_register", args=[wave.pk])
    assert loading in text_of(signed_in("Ani"), page_of(wave))
    assert "masih kosong" in said(signed_in("Ani"), step_of(wave, "buka"))[0]
    assert state_of(wave) == Wave.State.DRAFT


def test_the_sealing_page_says_when_nobody_is_at_work(draft: Wave, cast: Cast) -> None:
    waves.close_wave(wave=waves.open_wave(wave=draft))
    waves.start_sealing(wave=draft)
    ani, poll = signed_in("Ani"), reverse("admin:surveys_wave_sealing", args=[draft.pk])
    assert "Belum ada pekerja" not in text_of(ani, poll)
    before = int(timezone.now().timestamp()) - 16
    assert "Belum ada pekerja" in text_of(ani, f"{poll}?selesai=0&sejak={before}")
    assert "Belum ada pekerja" not in text_of(ani, f"{poll}?selesai=2&sejak={before}")
    Wave.objects.update(state=Wave.State.SEALED, sealed_at=timezone.now())
    assert ani.get(poll).headers["HX-Refresh"] == "true"


# --- what is counted, and for whom ---------------------------------------------------


def open_with_answers(draft: Wave) -> Wave:
    """14 of 30 answered in unit 01, 3 of 24 in unit 02."""
    wave = waves.open_wave(wave=draft)
    for person in people_of(wave, "01.01")[:14] + people_of(wave, "02.01")[:3]:
        answer(person)
    count_arrivals(wave=wave)
    return wave


def rows_of(page: str) -> dict[str, str]:
    """Unit and what it has reached, of each line of the console."""
    table = re.findall(r'<table class="lines reach">(.*?)</table>', page, re.DOTALL)[0]
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]:
        words = re.sub(r"<[^>]+>", " ", row).split()
        reached = re.findall(r"Tercapai</span><b>(.*?)</b>", row)
        found[" ".join(words[:2])] = reached[0].replace("&lt;", "<")
    return found


def test_the_console_counts_in_steps(draft: Wave, cast: Cast) -> None:
    wave = open_with_answers(draft)
    page = text_of(signed_in("Ani"), page_of(wave))
    assert rows_of(page) == {"Unit 01": "10", "Unit 02": "< 10"}
    assert "Per <b>" in page
    inside = text_of(signed_in("Ani"), f"{page_of(wave)}?unit=01")
    assert rows_of(inside) == {"Unit 01.01": "10"}


def test_budi_watches_his_subtree_and_acts_on_nothing(draft: Wave, cast: Cast) -> None:
    wave = open_with_answers(draft)
    budi = signed_in("Budi")
    page = text_of(budi, page_of(wave))
    assert rows_of(page) == {"Unit 01.01": "10"}
    assert "Unit 02" not in page
    assert step_of(wave, "tutup") not in page
    text_of(budi, f"{page_of(wave)}?unit=02", 404)
    assert budi.post(step_of(wave, "tutup")).status_code == 403
    assert state_of(wave) == Wave.State.OPEN


def test_a_foreign_wave_does_not_exist(other_wave: Wave, cast: Cast) -> None:
    ani = signed_in("Ani")
    assert other_wave.name not in text_of(ani, reverse("admin:surveys_wave_changelist"))
    assert other_wave.name not in text_of(ani, reverse("admin:index"))
    text_of(ani, page_of(other_wave), 404)
    text_of(ani, reverse("admin:surveys_wave_sealing", args=[other_wave.pk]), 404)
    text_of(ani, reverse("admin:surveys_wave_history", args=[other_wave.pk]), 404)
    assert ani.post(step_of(other_wave, "buka")).status_code == 404
    foreign = UnitKerja.objects.get(code="91")
    text_of(ani, reverse("admin:surveys_unitkerja_change", args=[foreign.pk]), 404)
    assert "91.01" not in text_of(ani, reverse("admin:surveys_unitkerja_changelist"))


def test_the_system_manager_sees_every_wave(draft: Wave, other_wave: Wave) -> None:
    make_user("Fajar", is_staff=True, is_superuser=True)
    fajar = signed_in("Fajar")
    listed = text_of(fajar, reverse("admin:surveys_wave_changelist"))
    for wave in (draft, other_wave):
        assert wave.name in listed
        assert step_of(wave, "buka") in text_of(fajar, page_of(wave))


def test_answers_gathered_elsewhere_are_named_so(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    wave = make_draft(units, source=Wave.Source.IMPORTED)
    said(signed_in("Ani"), step_of(wave, "buka"))
    page = text_of(signed_in("Ani"), page_of(wave))
    assert "Jawaban diimpor" in page
    assert "Diundang" not in page
    Wave.objects.update(state=Wave.State.SEALING)
    facts = {"sealed_at": timezone.now(), "merkle_root": "ab" * 32}
    Wave.objects.update(state=Wave.State.SEALED, **facts)
    sealed = text_of(signed_in("Ani"), page_of(wave))
    for words in ("Tanda terima", "Akar bukti"):
        assert words not in sealed


def pages(wave: Wave) -> list[str]:
    """Every page of the desk that needs no special state."""
    names = [
        f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        for model in admin.site._registry
    ]
    return [
        reverse("admin:index"),
        *map(reverse, names),
        page_of(wave),
        f"{page_of(wave)}?unit=01.01",
        reverse("admin:surveys_wave_history", args=[wave.pk]),
        reverse("admin:surveys_wave_add"),
        reverse("admin:surveys_instrument_change", args=[wave.instrument_id]),
        reverse("admin:surveys_unitkerja_change", args=[wave.root_id]),
        reverse("admin:surveys_user_add"),
        step_of(wave, "tutup"),
    ]


def test_no_page_shows_a_person_a_code_or_an_inline_script(
    draft: Wave, cast: Cast
) -> None:
    wave = open_with_answers(draft)
    secrets = {code_of(person) for person in people_of(wave)[:5]}
    for person in Participant.objects.filter(wave=wave).select_related("contact"):
        contact = person.contact
        secrets |= {str(person.pk), contact.name, contact.email, person.code_hash or ""}
    for url in pages(wave):
        response = signed_in("Ani").get(url)
        page = response.content.decode()
        assert response.status_code == 200, url
        assert not [secret for secret in secrets if secret and secret in page], url
        assert not re.findall(r"<script(?![^>]*\ssrc=)", page), url
        policy = response.headers["Content-Security-Policy"]
        scripts = re.findall(r"script-src ([^;]*)", policy)
        assert scripts == ["'self' 'unsafe-eval'"], url


def test_the_desk_works_with_the_rights_of_the_web(
    draft: Wave, cast: Cast, as_app: None
) -> None:
    ani = signed_in("Ani")
    said(ani, step_of(draft, "buka"))
    assert state_of(draft) == Wave.State.OPEN
    for url in pages(draft):
        text_of(ani, url)


def test_an_empty_desk_says_what_comes_first(cast: Cast) -> None:
    ani, url = signed_in("Ani"), reverse("admin:surveys_wave_changelist")
    page = text_of(ani, url)
    assert "Belum ada gelombang" in page
    assert reverse("admin:surveys_wave_add") in page
    assert "Belum ada instrumen" in text_of(
        ani, reverse("admin:surveys_instrument_changelist")
    )


def test_an_instrument_is_read_and_not_changed(draft: Wave, cast: Cast) -> None:
    url = reverse("admin:surveys_instrument_change", args=[draft.instrument_id])
    page = text_of(signed_in("Budi"), url)
    listed = text_of(signed_in("Budi"), reverse("admin:surveys_instrument_changelist"))
    assert "Published" not in listed
    assert str(timezone.localdate().year) in listed
    for words in ("Pernyataan 1", "Tidak tahu", "tidak dapat diubah"):
        assert words in page
    before = draft.instrument.digest
    signed_in("Ani").post(url, {"code": "lain"})
    draft.instrument.refresh_from_db()
    assert draft.instrument.digest == before


def test_units_are_searched_within_the_subtree(cast: Cast) -> None:
    url = reverse("admin:surveys_unitkerja_changelist")
    found = text_of(signed_in("Budi"), f"{url}?q=Unit")
    assert "Unit 01.01" in found
    assert "Unit 02" not in found
