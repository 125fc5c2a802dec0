"""A draft at the desk: the guided page, its batches, and its preview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from surveys.errors import SurveyError, WrongState
from surveys.fieldwork import opening, waves
from surveys.fieldwork.discarding import discard_draft
from surveys.fieldwork.minimums import Rule
from surveys.fieldwork.previews import preview_of
from surveys.files import jobs
from surveys.models import Batch, BatchUnit, Job, UnitCount, UnitKerja, Wave
from tests.desk import cast_at_desk, said, signed_in, text_of
from tests.surveys.box import (
    make_draft,
    make_instrument,
    make_units,
    register,
)

pytestmark = pytest.mark.django_db

PEOPLE = {"01.01": "F" * 25, "01.02": "F" * 4, "01.03": "M" * 7, "02": "M" * 30}
ADD = "admin:surveys_wave_add"


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    units = make_units({"01": ["01.01", "01.02", "01.03"], "02": []})
    cast_at_desk(units)
    return units


def moments(name: str, days: float) -> dict[str, str]:
    at = timezone.localtime() + timedelta(days=days)
    return {f"{name}_0": at.strftime("%d-%m-%Y"), f"{name}_1": at.strftime("%H.%M.%S")}


def typed(units: dict[str, UnitKerja], **more: Any) -> dict[str, Any]:
    """The guided page, filled in."""
    return {
        "code": "W9",
        "name": "Gelombang baru",
        "instrument": make_instrument("baru").pk,
        "root": units["KEM"].pk,
        "source": "online",
        "reference_date": timezone.localdate().strftime("%d-%m-%Y"),
        "competing_level": "ESELON_I",
        "purpose": "Mengukur nilai A.",
        **moments("closes_at", 7),
        "batch-TOTAL_FORMS": "0",
        "batch-INITIAL_FORMS": "0",
        "minimum_rule": "share",
        "share_percent": "50",
        **more,
    }


def edit_of(wave: Wave) -> str:
    return reverse("admin:surveys_wave_edit", args=[wave.pk])


# --- the guided page -----------------------------------------------------------------


def test_a_draft_is_changed_until_it_is_opened(units: dict[str, UnitKerja]) -> None:
    ani = signed_in("Ani")
    ani.post(reverse(ADD), typed(units))
    wave = Wave.objects.get(code="W9")
    secret = wave.secret_check
    page = text_of(ani, edit_of(wave))
    for part in ("1. Apa", "2. Siapa", "3. Kapan", "4. Janji", "5. Minimum"):
        assert part in page
    assert "Gelombang baru" in page
    changed = typed(units, code="LAIN", name="Nama lain", organiser="Biro Kepegawaian")
    changed["instrument"] = wave.instrument_id
    said(ani, edit_of(wave), {**changed, **moments("closes_at", 9)})
    wave.refresh_from_db()
    assert (wave.code, wave.name, wave.organiser) == (
        "W9",
        "Nama lain",
        "Biro Kepegawaian",
    )
    assert wave.secret_check == secret
    assert wave.seals_at - wave.closes_at == waves.SENDING_GRACE
    register(wave, units, PEOPLE)
    waves.open_wave(wave=wave)
    assert "langkah ini tidak berlaku" in said(ani, edit_of(wave), changed)[0]


def test_only_who_manages_the_whole_wave_changes_a_draft(
    units: dict[str, UnitKerja],
) -> None:
    wave = make_draft(units)
    for name in ("Budi", "Dewi"):
        assert signed_in(name).get(edit_of(wave)).status_code in (302, 403, 404)
        answer = signed_in(name).post(edit_of(wave), typed(units))
        assert answer.status_code in (302, 403, 404)
    wave.refresh_from_db()
    assert wave.name == "Gelombang W1"
    other = make_draft(make_units({"91": []}, root="LAIN"), "LAIN-1")
    assert signed_in("Ani").get(edit_of(other)).status_code == 404


def test_batches_are_saved_with_the_draft_or_nothing_is(
    units: dict[str, UnitKerja],
) -> None:
    ani = signed_in("Ani")
    batch = {
        "batch-TOTAL_FORMS": "1",
        "batch-0-name": "Barat",
        "batch-0-units": [units["01"].pk],
        **moments("batch-0-closes_at", 3),
    }
    wrong = {**batch, **moments("batch-0-closes_at", 30)}
    page = ani.post(reverse(ADD), typed(units, **wrong)).content.decode()
    assert "berakhir sesudah gelombang" in page
    assert not Wave.objects.exists()
    more = ani.post(reverse(ADD), typed(units, **batch, **{"satu-batch-lagi": "1"}))
    wave = Wave.objects.get()
    assert more.headers["Location"].startswith(edit_of(wave))
    assert "batch-1-name" in text_of(ani, more.headers["Location"])
    assert [b.name for b in wave.batches.all()] == ["Barat"]
    assert BatchUnit.objects.get().unit == units["01"]
    emptied = {**batch, "batch-0-DELETE": "on", "batch-0-name": ""}
    gone = typed(units, **emptied)
    gone["instrument"] = wave.instrument_id
    said(ani, edit_of(wave), gone)
    assert not Batch.objects.exists()
    discard_draft(wave=Wave.objects.get())


@pytest.mark.parametrize(
    ("rule", "figures", "kept"),
    [
        ("share", {"share_percent": "40"}, (40.0, 20.0)),
        ("number", {"number_people": "140"}, (140.0, 20.0)),
        ("slovin", {"slovin_error": "2,5"}, (2.5, 20.0)),
        ("krejcie_morgan", {"krejcie_error": "5"}, (5.0, 20.0)),
        ("mean", {"mean_points": "3", "mean_spread": "18"}, (3.0, 18.0)),
    ],
)
def test_the_minimum_is_kept_as_it_was_chosen(
    units: dict[str, UnitKerja],
    rule: str,
    figures: dict[str, str],
    kept: tuple[float, float],
) -> None:
    ani = signed_in("Ani")
    said(ani, reverse(ADD), typed(units, minimum_rule=rule, **figures))
    wave = Wave.objects.get()
    assert (wave.minimum_rule, wave.minimum_figure, wave.minimum_spread) == (
        rule,
        *kept,
    )
    page = text_of(ani, edit_of(wave))
    for value in figures.values():
        assert f'value="{value}"' in page


def test_each_rule_is_labelled_for_what_it_is(units: dict[str, UnitKerja]) -> None:
    page = text_of(signed_in("Ani"), reverse(ADD))
    for words in (
        "Patokan tetap, tanpa dasar statistik",
        "Bukan untuk rata-rata atau indeks",
        "tabel tahun 1970",
        "yang cocok untuk indeks 0–100",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"minimum_rule": "slovin", "slovin_error": ""}, "slovin_error"),
        ({"minimum_rule": "slovin", "slovin_error": "nol"}, "slovin_error"),
        ({"minimum_rule": "mean", "mean_points": "0"}, "mean_points"),
        (moments("opens_at", 8), "opens_at"),
        (moments("seals_at", 6), "seals_at"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    units: dict[str, UnitKerja], wrong: dict[str, str], field: str
) -> None:
    answer = signed_in("Ani").post(reverse(ADD), typed(units, **wrong))
    assert set(answer.context["form"].errors) == {field}
    assert "Rancangan belum disimpan." in answer.content.decode()
    assert not Wave.objects.exists()


def test_the_organisation_stays_once_people_are_on_the_register(
    units: dict[str, UnitKerja],
) -> None:
    wave = make_draft(units)
    register(wave, units, PEOPLE)
    with pytest.raises(SurveyError, match="daftar pegawai sudah dimuat"):
        waves.change_draft(wave=wave, root=units["01"])
    for fixed in ("code", "source", "min_cell", "state", "secret_check"):
        with pytest.raises(SurveyError, match="tidak dapat diubah"):
            waves.change_draft(wave=wave, minimum=None, **{fixed: "x"})
    waves.open_wave(wave=wave)
    with pytest.raises(WrongState):
        waves.change_draft(wave=wave, name="Lain")


# --- the groups, seen beforehand -----------------------------------------------------


def test_the_preview_is_what_opening_then_fixes(units: dict[str, UnitKerja]) -> None:
    wave = make_draft(units)
    register(wave, units, PEOPLE)
    seen = preview_of(wave)
    assert not seen.problems
    (group,) = seen.groups
    members = {member.unit.code: member.n_people for member in group.members}
    assert members == {"01.02": 4, "01.03": 7}
    assert not wave.units.exists()
    wave = waves.open_wave(wave=wave)
    frozen = wave.units.get(is_group=True)
    assert frozen.name == group.name
    assert {unit.code for unit in frozen.members.all()} == set(members)
    assert wave.cells.count() == seen.n_cells


def test_ani_sees_which_small_units_are_shown_together(
    units: dict[str, UnitKerja],
) -> None:
    wave = make_draft(units)
    register(wave, units, PEOPLE)
    ani = signed_in("Ani")
    preview = reverse("admin:surveys_wave_preview", args=[wave.pk])
    page = text_of(ani, preview)
    for words in ("Unit kecil di Unit 01, digabung", "Unit 01.02", "11 pegawai"):
        assert words in page
    assert "Unit 01.02" in text_of(ani, f"{preview}?q=unit+01.03")
    assert "Tidak ada kelompok dengan nama itu" in text_of(ani, f"{preview}?q=zzz")
    opening = reverse("admin:surveys_wave_step", args=[wave.pk, "buka"])
    assert "Kelompok gabungan" in text_of(ani, opening)
    assert signed_in("Budi").get(preview).status_code == 404
    waves.open_wave(wave=wave)
    assert "tidak berlaku" in str(
        next(iter(ani.get(preview, follow=True).context["messages"]))
    )


def test_the_preview_names_what_cannot_be_grouped(units: dict[str, UnitKerja]) -> None:
    wave = make_draft(units)
    register(wave, units, {"01.01": "F" * 25, "02": "M" * 4})
    assert any("Unit 02 (4)" in problem for problem in preview_of(wave).problems)
    empty = make_draft(units, "W2")
    assert any("masih kosong" in problem for problem in preview_of(empty).problems)


def test_how_many_must_answer_is_seen_before_opening(
    units: dict[str, UnitKerja],
) -> None:
    wave = make_draft(units, minimum=Rule("slovin", 10.0))
    register(wave, units, PEOPLE)
    seen = {
        need.name: (need.n_people, need.n_needed) for need in preview_of(wave).needs
    }
    assert seen["Unit 01.01"] == (25, 20)
    ani = signed_in("Ani")
    opening = reverse("admin:surveys_wave_step", args=[wave.pk, "buka"])
    for page in (reverse("admin:surveys_wave_preview", args=[wave.pk]), opening):
        text = text_of(ani, page)
        assert "Berapa yang perlu menjawab" in text
        assert "Slovin, galat 10 %" in text
    wave = waves.open_wave(wave=wave)
    counts = UnitCount.objects.filter(wave=wave, n_registered__gt=0)
    assert seen == {
        each.unit.name: (each.n_registered, each.n_needed)
        for each in counts.select_related("unit")
    }


def test_the_second_of_two_clicks_lands_on_the_saved_draft(
    units: dict[str, UnitKerja],
) -> None:
    ani, filled = signed_in("Ani"), typed(units)
    first = ani.post(reverse(ADD), filled)
    second = ani.post(reverse(ADD), filled)
    assert second.headers["Location"] == first.headers["Location"]
    assert Wave.objects.count() == 1
    other = ani.post(reverse(ADD), {**filled, "name": "Gelombang lain"})
    assert other.status_code == 200, "another wave with this code is refused"


def test_what_is_tried_out_is_simulated_unless_said_otherwise(
    units: dict[str, UnitKerja], settings: Any
) -> None:
    """Without a mail server only simulated waves have somewhere to send to."""
    ani = signed_in("Ani")
    for embedded, has_email in ((True, False), (True, True), (False, False)):
        settings.EMBEDDED, settings.HAS_EMAIL = embedded, has_email
        form = ani.get(reverse(ADD)).context["form"]
        assert bool(form["is_simulated"].value()) == (embedded and not has_email)


def test_a_large_wave_is_opened_by_a_worker(
    units: dict[str, UnitKerja],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    monkeypatch.setattr(opening, "AT_ONCE", 50)
    wave = make_draft(units)
    register(wave, units, PEOPLE)
    url = reverse("admin:surveys_wave_step", args=[wave.pk, "buka"])
    with django_capture_on_commit_callbacks() as queued:
        answer = signed_in("Ani").post(url)
    job = Job.objects.get()
    assert answer.headers["Location"] == reverse(
        "admin:surveys_job_change", args=[job.pk]
    )
    assert len(queued) == 1
    assert "sudah dimulai" in said(signed_in("Ani"), url)[0]
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    wave.refresh_from_db()
    assert (job.state, wave.state) == ("done", "open")
