"""From nothing to published, part by part."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from surveys.instruments.authoring import is_intact
from surveys.instruments.document import Document
from surveys.instruments.drafting import change_draft, create_draft
from surveys.instruments.editing import put_scale
from surveys.instruments.ready import BEHAVIOURS
from surveys.models import Instrument, Question
from tests.desk import said, signed_in, text_of
from tests.factories import Cast
from tests.surveys.authoring.pages import LIST, now, order_of, post, url
from tests.surveys.test_load_instrument import EVERY_KIND

pytestmark = pytest.mark.django_db


def test_the_empty_list_offers_three_ways(ani: Client) -> None:
    page = text_of(ani, reverse(LIST))
    for words in (
        "Mulai dari kosong",
        "Mulai dari 21 perilaku BerAKHLAK",
        "Impor berkas",
    ):
        assert words in page
    assert "Pilih cara memulainya" not in text_of(signed_in("Budi"), reverse(LIST))


def test_from_nothing_to_published(ani: Client) -> None:
    data = {"title": "Budaya", "code": "budaya", "has_values": "on"}
    ani.post(url("new", "kosong"), data)
    draft = Instrument.objects.get()
    pk = draft.pk
    assert draft.owner is not None
    assert draft.dimensions.count() == 7
    post(ani, url("section_add", pk), title_id="Melayani", code="BP", dimension="BP")
    for words in ("Ramah", "Cekatan"):
        address = f"{url('question_add', pk)}?bagian=BP&jenis=rating"
        response = post(ani, address, label_id=words)
        assert "disimpan" in response.content.decode()
    questions = list(Question.objects.values_list("code", "scale", "dimension__code"))
    assert questions == [("BP1", "setuju-6", "BP"), ("BP2", "setuju-6", "BP")]
    assert "Catatan di atas sudah saya lihat" in text_of(ani, url("publish", pk))
    assert "Centang dulu" in said(ani, url("publish", pk))[0]
    assert said(ani, url("publish", pk), {"looked": "on"})[0].startswith("Terbit.")
    draft.refresh_from_db()
    assert (draft.status, is_intact(draft)) == ("published", True)
    assert draft.edited_by == "Ani"


def test_without_a_section_the_check_leads_to_adding_one(
    ani: Client, cast: Cast
) -> None:
    bare = Document(code="baru", version=1, languages=["id"], title={"id": "Baru"})
    draft = create_draft(document=bare, owner=None, by=cast.ani)
    lacking = f'<a href="{url("section_add", draft.pk)}">Instrumen: belum ada bagian'
    for name in ("change", "publish"):
        assert lacking in text_of(ani, url(name, draft.pk)), name


@pytest.mark.parametrize("kind", dict(Question.Kind.choices))
def test_a_new_rating_is_required_since_who_does_not_know_may_say_so(
    ani: Client, draft: Instrument, cast: Cast, kind: str
) -> None:
    address = f"{url('question_add', draft.pk)}?jenis={kind}"
    form = ani.get(address).context["form"]
    assert bool(form["required"].value()) == (kind == "rating")
    if kind != "rating":
        return
    sure = [one for one in now(draft).scales["tiga"] if not one.missing]
    change_draft(
        instrument=draft,
        change=lambda d: put_scale(d, "tiga", sure, old="tiga"),
        by=cast.ani,
    )
    assert not ani.get(address).context["form"]["required"].value()


def test_the_21_behaviours_are_ready_to_publish(ani: Client) -> None:
    address = url("new", BEHAVIOURS)
    form = ani.get(address).context["form"]
    response = ani.post(
        address, {**form.initial, "title": form.initial["title"]}, follow=True
    )
    draft = Instrument.objects.get()
    assert response.redirect_chain[-1][0] == url("change", draft.pk)
    assert "Tidak ada yang kurang" in response.content.decode()
    assert said(ani, url("publish", draft.pk))[0].startswith("Terbit.")


def test_a_code_that_is_taken_is_refused_where_it_was_typed(
    ani: Client, draft: Instrument
) -> None:
    data = {"title": "Budaya", "code": draft.code}
    page = ani.post(url("new", "kosong"), data).content.decode()
    assert "Kode ini sudah dipakai" in page
    assert 'value="Budaya"' in page


OPTIONS = {
    "option_code": ["a", "", ""],
    "option_label_id": ["Ya", "Tidak", ""],
    "option_label_en": ["Yes", "No", ""],
    "option_value": ["", "", ""],
    "option_missing": ["", "1", ""],
    "option_dimension": ["", "", ""],
    "option_polarity": ["", "", ""],
}


def test_options_are_rows_with_codes_filled_in(ani: Client, draft: Instrument) -> None:
    post(ani, url("question", draft.pk, "C"), **OPTIONS)
    question = draft.questions.get(code="C")
    stored = question.options.values_list("position", "code", "is_missing")
    assert list(stored) == [(1, "a", False), (2, "1", True)]


def test_rows_move_by_button_and_nothing_is_saved(
    ani: Client, draft: Instrument
) -> None:
    response = post(ani, url("question", draft.pk, "C"), **OPTIONS, row="down:0")
    rows = [row.code for row in response.context["rows"]]
    assert rows == ["", "a", "", "", ""]
    assert response.context["rows"][0].label["id"] == "Tidak"
    dropped = post(ani, url("question", draft.pk, "C"), **OPTIONS, row="drop:0")
    assert [r.label.get("id") for r in dropped.context["rows"]][:2] == ["Tidak", None]
    codes = draft.questions.get(code="C").options.values_list("code", flat=True)
    assert list(codes) == ["x", "y"]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("option_code", ["a", "a"], "kode a ada dua kali"),
        ("option_code", ["a b", "c"], "hanya boleh memuat"),
        ("option_label_id", ["", "x"], "bunyi pilihan belum diisi"),
        ("option_value", ["satu", ""], "angka harus bilangan bulat"),
        ("option_value", ["", "3"], "tidak boleh berangka"),
    ],
)
def test_a_row_says_what_is_wrong_with_it(
    column: str, value: list[str], words: str, ani: Client, draft: Instrument
) -> None:
    options = {**OPTIONS, "option_label_en": ["", ""], column: value}
    response = post(ani, url("question", draft.pk, "C"), **options)
    page = response.content.decode()
    assert re.search(f"Baris \\d: .*{words}", page)
    assert now(draft) == Document.model_validate(EVERY_KIND)


def test_the_kind_changes_and_keeps_what_was_typed(
    ani: Client, draft: Instrument
) -> None:
    address = url("question", draft.pk, "C")
    response = post(ani, address, **OPTIONS, label_id="Baru", to_kind="pick")
    assert response.context["kind"] == "pick"
    page = response.content.decode()
    assert "Baru" in page
    assert 'value="Yes"' in page
    assert draft.questions.get(code="C").kind == "choice"


def test_steps_and_arrangement(ani: Client, draft: Instrument) -> None:
    steer = url("steer", draft.pk)
    response = ani.post(steer, {"down": "question:C"})
    assert response["Location"].endswith("?fokus=down:C")
    assert order_of(draft) == "S1:R;S2:C,K,P,N"
    ani.post(steer, {"arrangement": "S2:N,R;S1:K,C,P"})
    assert order_of(draft) == "S2:N,R;S1:K,C,P"
    assert "baru saja" in said(ani, steer, {"arrangement": "S2:N;S1:K,C,P"})[0]
    assert order_of(draft) == "S2:N,R;S1:K,C,P"


def test_a_scale_is_applied_by_one_press(
    ani: Client, draft: Instrument, cast: Cast
) -> None:
    part = {"code": "R2", "kind": "rating", "label": {"id": "x"}}
    document = Document.model_validate(
        {
            **EVERY_KIND,
            "code": "lain",
            "sections": [{"code": "S", "title": "S", "questions": [part]}],
        }
    )
    other = create_draft(document=document, owner=draft.owner, by=cast.ani)
    page = text_of(ani, url("change", other.pk))
    assert "Pakai skala tiga" in page
    ani.post(url("steer", other.pk), {"scale": "tiga:R2"})
    assert other.questions.get().options.count() == 3


def test_a_value_or_scale_in_use_is_not_removed(ani: Client, draft: Instrument) -> None:
    for sort, code in (("dimension", "A"), ("scale", "tiga")):
        address = url("remove", draft.pk, sort, code)
        assert "Masih dipakai oleh" in text_of(ani, address)
        assert "Masih dipakai" in said(ani, address)[0]
    assert draft.dimensions.count() == 1


def test_a_question_goes_after_its_words_were_shown(
    ani: Client, draft: Instrument
) -> None:
    address = url("remove", draft.pk, "section", "S2")
    assert "P Pilih dua" in text_of(ani, address)
    ani.post(address)
    assert order_of(draft) == "S1:R,C"


def test_a_language_goes_only_when_its_texts_may_go(
    ani: Client, draft: Instrument
) -> None:
    address = url("settings", draft.pk)
    response = post(ani, address, languages_shown=["id"])
    assert "Hapus semua teks English" in response.content.decode()
    assert now(draft).languages == ["id", "en"]
    post(ani, address, languages_shown=["id"], drop_texts="on")
    assert now(draft).languages == ["id"]
    assert "en" not in now(draft).title
