"""The page of one unit, and what an administrator changes there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from surveys.models import Bridge, FormerUnit, Role, UnitKerja
from surveys.staff.permissions import grant_role
from tests.desk import cast_at_desk, said, signed_in, text_of
from tests.factories import Cast, make_unit, make_user, make_wave

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(days=1)
REASON = {"reason": "Perpres 1"}
FROM_TODAY = {"starts_on": TODAY.isoformat(), **REASON}


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return cast_at_desk(units)


def page_of(unit: UnitKerja) -> str:
    return reverse("admin:surveys_unitkerja_change", args=[unit.pk])


def step_of(unit: UnitKerja, slug: str) -> str:
    return reverse("admin:surveys_unitkerja_step", args=[unit.pk, slug])


def bridge_of(unit: UnitKerja) -> str:
    return reverse("admin:surveys_unitkerja_bridge", args=[unit.pk])


def named(name: str, **more: str) -> dict[str, str]:
    return {"name": name, "acronym": "", "level": "ESELON_I", "kind": "", **more}


def faults(url: str, data: dict[str, str]) -> str:
    """What the form says when it comes back."""
    response = signed_in("Ani").post(url, data)
    assert response.status_code == 200
    form = response.context["form"]
    return " ".join(str(e) for errors in form.errors.values() for e in errors)


def test_a_unit_is_renamed_from_a_day_on(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    ani, unit = signed_in("Ani"), units["03"]
    said(ani, step_of(unit, "ubah"), {**named("Badan Baru"), **FROM_TODAY})
    unit.refresh_from_db()
    assert unit.name == "Badan Baru"
    past = FormerUnit.objects.get()
    assert (past.name, past.valid_from, past.valid_to, past.recorded_by) == (
        "Unit 03",
        unit.valid_from,
        YESTERDAY,
        cast.ani,
    )
    page = text_of(ani, page_of(unit))
    for words in ("Badan Baru", "Unit 03", "Perpres 1"):
        assert words in page
    assert "Perpres 1" in LogEntry.objects.get().change_message


def test_a_correction_leaves_no_past(units: dict[str, UnitKerja], cast: Cast) -> None:
    data = {**named("Unit Tiga"), **FROM_TODAY, "is_correction": "on"}
    said(signed_in("Ani"), step_of(units["03"], "ubah"), data)
    assert UnitKerja.objects.get(code="03").name == "Unit Tiga"
    assert not FormerUnit.objects.exists()


def test_a_unit_moves_with_all_below_it(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    make_unit("01.01.1", "ESELON_III", units["01.01"])
    data = {"parent": "02", **FROM_TODAY}
    said(signed_in("Ani"), step_of(units["01.01"], "pindah"), data)
    paths = dict(UnitKerja.objects.values_list("code", "path"))
    assert paths["01.01"] == "KEM/02/01.01/"
    assert paths["01.01.1"] == "KEM/02/01.01/01.01.1/"
    assert FormerUnit.objects.get().parent == units["01"]


@pytest.mark.parametrize(
    ("parent", "sentence"),
    [("01.02", "dirinya sendiri"), ("KEM", "sudah berada"), ("XX", "Tidak ada unit")],
)
def test_a_move_into_nonsense_is_refused(
    units: dict[str, UnitKerja], cast: Cast, parent: str, sentence: str
) -> None:
    url = step_of(units["01"], "pindah")
    assert sentence in faults(url, {"parent": parent, **FROM_TODAY})
    assert not FormerUnit.objects.exists()


def test_a_unit_closes_when_nothing_is_left_below(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    data = {"last_day": YESTERDAY.isoformat(), **REASON}
    found = faults(step_of(units["01"], "tutup"), data)
    assert "01.01, 01.02" in found
    ani = signed_in("Ani")
    for code in ("01.01", "01.02", "01"):
        said(ani, step_of(units[code], "tutup"), data)
    assert UnitKerja.objects.filter(valid_to=YESTERDAY).count() == 3
    assert "Sudah ditutup" in text_of(ani, page_of(units["01"]))
    assert "ditutup per" in faults(step_of(units["01.01"], "buka"), REASON)
    said(ani, step_of(units["01"], "buka"), REASON)
    assert UnitKerja.objects.get(code="01").valid_to is None


def test_a_unit_is_added_below_another(units: dict[str, UnitKerja], cast: Cast) -> None:
    data = {"code": "03.01", **named("Unit 03"), **FROM_TODAY}
    said(signed_in("Ani"), step_of(units["03"], "tambah"), data)
    assert UnitKerja.objects.get(code="03.01").path == "KEM/03/03.01/"
    again = faults(step_of(units["03"], "tambah"), data)
    assert "sudah dipakai" in again


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({**named("X"), "starts_on": "2021-01-01", **REASON}, "tercatat mulai"),
        ({**named("X"), "starts_on": "2999-01-01", **REASON}, "paling awal"),
        ({**named("Unit 03"), **FROM_TODAY}, "Tidak ada yang berubah"),
        ({**named("X"), "starts_on": TODAY.isoformat()}, "harus diisi"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    units: dict[str, UnitKerja], cast: Cast, data: dict[str, str], sentence: str
) -> None:
    found = faults(step_of(units["03"], "ubah"), data)
    assert sentence in found
    assert UnitKerja.objects.get(code="03").name == "Unit 03"


def test_a_unit_is_one_thing_at_a_time(units: dict[str, UnitKerja], cast: Cast) -> None:
    """The database itself refuses two pasts that overlap."""
    facts = {"unit": units["03"], "name": "A", "level": "I"}
    FormerUnit.objects.create(
        **facts, valid_from=date(2020, 1, 1), valid_to=date(2020, 6, 30)
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        FormerUnit.objects.create(
            **facts, valid_from=date(2020, 6, 30), valid_to=date(2020, 12, 31)
        )


def test_the_page_shows_waves_roles_and_what_is_below(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    make_wave(units)
    data = {**named("Badan Baru"), **FROM_TODAY}
    ani = signed_in("Ani")
    said(ani, step_of(units["01"], "ubah"), data)
    page = text_of(ani, page_of(units["01"]))
    for words in ("Gelombang W1", "di sana bernama Unit 01", "Budi", "Unit 01.02"):
        assert words in page
    assert "Ani" not in text_of(signed_in("Budi"), page_of(units["01"]))


def test_budi_reads_and_changes_nothing(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    budi = signed_in("Budi")
    page = text_of(budi, page_of(units["01"]))
    assert step_of(units["01"], "ubah") not in page
    for slug in ("ubah", "pindah", "tutup", "buka", "tambah"):
        assert budi.get(step_of(units["01"], slug)).status_code == 403
        data = {**named("X"), **FROM_TODAY}
        assert budi.post(step_of(units["01"], slug), data).status_code == 403
    assert budi.post(bridge_of(units["01"])).status_code == 403
    text_of(signed_in("Ani"), step_of(units["01"], "entah"), 404)


def test_nothing_is_moved_out_of_or_bridged_beyond_ones_part(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    eka = make_user("Eka")
    grant_role(user=eka, kind=Role.Kind.ADMINISTRATOR, unit=units["01"])
    client = signed_in("Eka")
    data = {"parent": "02", **FROM_TODAY}
    moved = client.post(step_of(units["01.01"], "pindah"), data)
    assert "parent" in moved.context["form"].errors
    gita = make_user("Gita")
    for code in ("01.01", "02"):
        grant_role(user=gita, kind=Role.Kind.ADMINISTRATOR, unit=units[code])
    taken = signed_in("Gita").post(step_of(units["01.01"], "pindah"), data)
    assert taken.status_code == 403, "its parent is not hers to take it from"
    ends = {"kind": "merge", "ujung-0-unit": "02", "ujung-1-unit": "01.02"}
    page = client.post(bridge_of(units["01"]), {**ends, **FROM_TODAY}).content.decode()
    assert "Tidak ada unit berkode ini" in page
    found = reverse("admin:surveys_unitkerja_found")
    offered = text_of(client, f"{found}?parent=unit")
    assert "01.02" in offered
    assert "02.01" not in offered


def test_a_merger_is_recorded_shown_and_taken_back(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    ani, unit = signed_in("Ani"), units["02.03"]
    data = {
        "kind": "merge",
        "banyak": "4",
        "ujung-0-unit": "02.01",
        "ujung-0-share": "60",
        "ujung-1-unit": "02.02",
        "closes": "on",
        **FROM_TODAY,
    }
    more = ani.post(bridge_of(unit), {**data, "lagi": "1"})
    assert len(more.context["rows"]) == 8
    assert 'value="02.01"' in more.content.decode()
    assert not Bridge.objects.exists()
    assert said(ani, bridge_of(unit), data) == ["Peristiwa dicatat."]
    for code in ("02.01", "02.03"):
        page = text_of(ani, page_of(units[code]))
        assert "Penggabungan" in page
        assert "(60 %)" in page
    assert UnitKerja.objects.filter(valid_to=YESTERDAY).count() == 2
    bridge = Bridge.objects.get()
    removal = reverse(
        "admin:surveys_unitkerja_bridge_removal", args=[unit.pk, bridge.pk]
    )
    text_of(ani, removal.replace(f"/{bridge.pk}/", f"/{bridge.pk + 1}/"), 404)
    said(ani, removal, REASON)
    assert not Bridge.objects.exists()


def test_it_works_with_the_rights_of_the_web(
    units: dict[str, UnitKerja], cast: Cast, as_app: None
) -> None:
    ani = signed_in("Ani")
    said(ani, step_of(units["03"], "ubah"), {**named("Badan Baru"), **FROM_TODAY})
    data = {"kind": "succession", "ujung-0-unit": "02", "banyak": "4", **FROM_TODAY}
    said(ani, bridge_of(units["03"]), data)
    page = text_of(ani, page_of(units["03"]))
    assert "Dilanjutkan unit lain" in page


@pytest.mark.parametrize("level", ["Eselon II", "eselon 2", "ESELON-II", "eselon_ii"])
def test_a_level_is_known_however_it_is_written(
    units: dict[str, UnitKerja], cast: Cast, level: str
) -> None:
    ani, unit = signed_in("Ani"), units["03"]
    assert 'value="Eselon I"' in text_of(ani, step_of(unit, "ubah"))
    data = {**named("Unit 03", level=level), **FROM_TODAY}
    assert said(ani, step_of(unit, "ubah"), data) == ["Perubahan disimpan."]
    unit.refresh_from_db()
    assert unit.level == "ESELON_II"


def test_a_level_that_nobody_has_used_is_said(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    data = {**named("Unit 03", level="unit khusus 2"), **FROM_TODAY}
    said_first = said(signed_in("Ani"), step_of(units["03"], "ubah"), data)
    assert "Tingkat baru: Unit Khusus 2." in said_first[1]
    assert UnitKerja.objects.get(code="03").level == "UNIT_KHUSUS_2"


def test_a_change_on_the_day_a_unit_began_says_where_the_old_name_stays(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    UnitKerja.objects.filter(code="03").update(valid_from=TODAY)
    ani, unit = signed_in("Ani"), units["03"]
    asked = text_of(ani, step_of(unit, "ubah"))
    assert "hanya tampak di Riwayat perubahan" in asked
    assert date_format(TODAY, "j F Y") in asked
    said(ani, step_of(unit, "ubah"), {**named("Badan Baru"), **FROM_TODAY})
    history = reverse("admin:surveys_unitkerja_history", args=[unit.pk])
    assert history in text_of(ani, page_of(unit))
    assert "Perpres 1" in text_of(ani, history)
    text_of(signed_in("Budi"), history.replace(str(unit.pk), str(units["01"].pk)))
