"""What staff change is recorded: by whom, when, what and why, by whatever way."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from surveys.models import RECORDED, Role, UnitKerja, User, Wave
from surveys.staff.history import acting, because
from surveys.staff.permissions import grant_role, withdraw_role
from surveys.staff.recorded import all_kept
from surveys.structure.organisation import load_units
from tests.desk import cast_at_desk, signed_in, text_of
from tests.factories import Cast, make_user

pytestmark = pytest.mark.django_db

HISTORY = "/desk/riwayat/"
HEAD = "code,name,acronym,level,parent_code,kind,valid_from,valid_to"

# Of those who answer nothing is ever kept: neither state nor code nor address.
NEVER = {
    "Answer",
    "Arrival",
    "Ballot",
    "Comment",
    "Contact",
    "Delivery",
    "Draft",
    "OptOut",
    "Participant",
    "Receipt",
}
# Counted, copied or frozen by the system; or a record of acts that is written once.
OTHERWISE = {
    "Cell",
    "Extension",
    "FormerUnit",
    "Frame",
    "FrameChange",
    "HourCount",
    "Job",
    "LevelCount",
    "LinkPrinting",
    "PersonalDataAct",
    "UnitCount",
    "UnitImport",
    "UnitImportLine",
    "WaveUnit",
}


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return cast_at_desk(units)


def events_of(row: Any) -> Any:
    model = type(row).pgh_event_model
    return model.objects.filter(pgh_obj_id=row.pk).order_by("pk")


# --- what is recorded ----------------------------------------------------------------


def test_nothing_of_those_who_answer_is_recorded() -> None:
    recorded = {
        model.__name__
        for model in apps.get_models()
        if getattr(model, "pgh_event_models", None)
    }
    assert not recorded & NEVER
    ours = {recorded.model.__name__ for recorded in RECORDED}
    assert recorded == ours | {"Release"}
    all_models = apps.get_app_config("surveys").get_models()
    names = {m.__name__ for m in all_models if not hasattr(m, "pgh_tracked_model")}
    assert names == ours | NEVER | OTHERWISE


def test_no_line_of_the_history_points_at_a_participant() -> None:
    histories = [m for m in apps.get_models() if hasattr(m, "pgh_tracked_model")]
    assert len(histories) > 10
    for model in histories:
        for field in model._meta.get_fields():
            related = getattr(field, "related_model", None)
            assert getattr(related, "__name__", "") not in NEVER, (model, field)


def test_passwords_and_sign_ins_are_not_kept(cast: Cast) -> None:
    held = {field.name for field in User.pgh_event_model._meta.get_fields()}  # type: ignore[attr-defined]  # pghistory adds it
    assert not held & {"password", "last_login"}
    cast.ani.refresh_from_db()
    n_before = events_of(cast.ani).count()
    cast.ani.set_password("lain-lagi-123")
    cast.ani.last_login = timezone.now()
    cast.ani.save()
    assert events_of(cast.ani).count() == n_before


def test_everything_recorded_can_be_read_somewhere() -> None:
    recorded = {
        model._meta.label
        for model in apps.get_models()
        if getattr(model, "pgh_event_models", None)
    }
    noted = {"surveys.LinkPrinting", "surveys.PersonalDataAct"}
    assert {kept.label for kept in all_kept()} == recorded | noted


def test_rows_that_bypass_save_are_in_it(units: dict[str, UnitKerja]) -> None:
    UnitKerja.objects.filter(code__startswith="02").update(name="Nama baru")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE surveys_unitkerja SET acronym = 'X' WHERE code = '03'")
    assert events_of(units["02.01"]).last().name == "Nama baru"
    assert events_of(units["03"]).last().acronym == "X"
    assert [e.pgh_label for e in events_of(units["03"])] == ["insert", "update"]


def test_an_update_that_changes_nothing_leaves_no_line(
    units: dict[str, UnitKerja],
) -> None:
    units["01"].save()
    assert events_of(units["01"]).count() == 1


# --- nobody gets around it -----------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE surveys_roleevent SET pgh_label = 'x'",
        "DELETE FROM surveys_roleevent",
        "TRUNCATE surveys_roleevent",
        "ALTER TABLE surveys_role DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "UPDATE django_admin_log SET change_message = ''",
    ],
)
def test_the_app_cannot_touch_the_history(
    cast: Cast, as_app: None, statement: str
) -> None:
    refused = "permission denied|must be owner"
    with (
        pytest.raises(DatabaseError, match=refused),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_app_cannot_switch_it_off(cast: Cast, as_app: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true)"
            " FROM pg_trigger WHERE tgrelid = 'surveys_role'::regclass"
        )
        cursor.execute("UPDATE surveys_role SET kind = 'analyst'")
    role = Role.objects.first()
    assert events_of(role).last().kind == "analyst"


# --- who and why ---------------------------------------------------------------------


def test_a_page_says_who(cast: Cast) -> None:
    url = reverse("admin:surveys_user_change", args=[cast.budi.pk])
    signed_in("Ani").post(
        url,
        {
            "email": cast.budi.email,
            "name": "Budi Santoso",
            "is_active": "on",
            "roles-TOTAL_FORMS": "0",
            "roles-INITIAL_FORMS": "0",
        },
    )
    event = events_of(cast.budi).last()
    assert event.name == "Budi Santoso"
    assert event.pgh_context["user"] == cast.ani.pk
    assert event.pgh_context["who"] == "Ani"
    assert event.pgh_context["via"] == url


def test_a_command_says_who_and_why(tmp_path: Any) -> None:
    path = tmp_path / "units.csv"
    path.write_text(f"{HEAD}\nA,Unit A,,ESELON_I,,,2020-01-01,\n")
    call_command(
        "load_units",
        str(path),
        operator="Ani",
        reason="Permendagri 1/2026",
        stdout=io.StringIO(),
    )
    context = events_of(UnitKerja.objects.get(code="A")).get().pgh_context
    assert context["who"] == "Ani"
    assert context["reason"] == "Permendagri 1/2026"
    assert context["via"] == "manage.py load_units"


def test_a_reason_is_said_before_the_change(units: dict[str, UnitKerja]) -> None:
    because("Di luar konteks apa pun")
    with acting(operator="Ani"):
        because(" Salah ketik ")
        UnitKerja.objects.filter(code="01").update(name="Benar")
    assert events_of(units["01"]).last().pgh_context["reason"] == "Salah ketik"


def test_a_respondent_has_no_context(client: Client, monkeypatch: Any) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "berakhlak.history.acting", lambda **said: opened.append(said["via"])
    )
    for address in ("/survei/kirim/", "/bukti/", "/survei/kios/x/"):
        client.post(address)
    assert opened == []


# --- reading it ----------------------------------------------------------------------


def test_the_list_says_who_did_what_when_and_why(cast: Cast) -> None:
    with acting(user=cast.ani, reason="Pindah tugas"):
        withdraw_role(role=cast.budi.roles.get())
    page = text_of(signed_in("Ani"), HISTORY)
    for words in ("Koordinator unit · Unit 01", "dihapus", "Ani", "Pindah tugas"):
        assert words in page, words


def test_what_changed_is_shown_with_its_value_before(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    UnitKerja.objects.filter(code="03").update(name="Direktorat Baru")
    page = text_of(signed_in("Ani"), f"{HISTORY}?apa=surveys.UnitKerja")
    assert "<del>Unit 03</del> → <ins>Direktorat Baru</ins>" in page
    assert "langsung di basis data" in page


def test_many_rows_of_one_act_are_one_line(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    ani = signed_in("Ani")
    with acting(user=cast.ani):
        UnitKerja.objects.filter(code__startswith="02").update(name="Sama semua")
    page = text_of(ani, f"{HISTORY}?apa=surveys.UnitKerja")
    assert "<b>4</b>" in page
    event = UnitKerja.pgh_event_model.objects.filter(pgh_label="update").earliest("pk")  # type: ignore[attr-defined]  # pghistory adds it
    detail = reverse("desk_history_act", args=["surveys.UnitKerja", event.pk])
    assert text_of(ani, detail).count("<ins>Sama semua</ins>") == 4


def test_filters_narrow_it(cast: Cast, units: dict[str, UnitKerja]) -> None:
    with acting(operator="Zulkifli"):
        UnitKerja.objects.filter(code="01").update(name="Oleh Zulkifli")
    ani = signed_in("Ani")
    assert "Oleh Zulkifli" in text_of(ani, f"{HISTORY}?siapa=zulk")
    assert "Tidak ada perubahan" in text_of(ani, f"{HISTORY}?siapa=nobody")
    assert "Oleh Zulkifli" not in text_of(ani, f"{HISTORY}?apa=surveys.Role")
    for odd in ("?kapan=x&hal=-1", "?hal=99999999", "?apa=a.b", "?kapan=0"):
        text_of(ani, f"{HISTORY}{odd}")


def test_the_list_asks_as_often_for_many_acts_as_for_few(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    ani, asked = signed_in("Ani"), []
    for n in (3, 30):
        for number in range(n):
            with acting(operator=f"Operator {number}"):
                UnitKerja.objects.filter(code="01").update(name=f"Nama {n} {number}")
        with CaptureQueriesContext(connection) as queries:
            ani.get(HISTORY)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 25


# --- who may read it -----------------------------------------------------------------


def test_the_history_is_read_with_the_rights_of_the_object(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    UnitKerja.objects.filter(code="01.01").update(name="Di bawah Budi")
    UnitKerja.objects.filter(code="02.01").update(name="Bukan milik Budi")
    budi = signed_in("Budi")
    page = text_of(budi, HISTORY)
    assert "Di bawah Budi" in page
    assert "Bukan milik Budi" not in page
    assert cast.citra.email not in page
    assert "Anggota komite" not in page
    for code, status in (("01.01", 200), ("02.01", 404)):
        event = events_of(units[code]).last()
        detail = reverse("desk_history_act", args=["surveys.UnitKerja", event.pk])
        text_of(budi, detail, status)
        own = reverse("admin:surveys_unitkerja_history", args=[units[code].pk])
        text_of(budi, own, status)


def test_roles_taken_away_stay_in_sight_of_those_above(
    cast: Cast, units: dict[str, UnitKerja]
) -> None:
    for name, code in (("Eka", "01"), ("Fani", "02")):
        user = make_user(name)
        grant_role(user=user, kind=Role.Kind.ADMINISTRATOR, unit=units[code])
    with acting(user=cast.ani):
        withdraw_role(role=cast.budi.roles.get())
    lost = "Koordinator unit · Unit 01"
    assert lost in text_of(signed_in("Eka"), f"{HISTORY}?apa=surveys.Role")
    assert lost not in text_of(signed_in("Fani"), f"{HISTORY}?apa=surveys.Role")


@pytest.mark.parametrize("name", ["Citra", "Dewi"])
def test_without_a_role_at_the_desk_there_is_no_history(cast: Cast, name: str) -> None:
    assert signed_in(name).get(HISTORY).status_code in (302, 403, 404)


def test_the_page_of_a_wave_tells_of_its_parts(cast: Cast, wave: Wave) -> None:
    with acting(user=cast.ani, reason="Cuti bersama"):
        Wave.objects.filter(pk=wave.pk).update(name="Nama lain")
    url = reverse("admin:surveys_wave_history", args=[wave.pk])
    page = text_of(signed_in("Ani"), url)
    for words in ("Nama lain", "Cuti bersama", "Gelombang"):
        assert words in page, words
    assert signed_in("Dewi").get(url).status_code in (302, 403, 404)


def test_loading_units_is_recorded_in_one_act(tmp_path: Any, cast: Cast) -> None:
    path = tmp_path / "units.csv"
    rows = "".join(f"X{n},Unit {n},,ESELON_II,X,,2020-01-01,\n" for n in range(300))
    path.write_text(f"{HEAD}\nX,Unit X,,ESELON_I,,,2020-01-01,\n{rows}")
    with acting(operator="Ani"):
        load_units(path=path)
    model = UnitKerja.pgh_event_model  # type: ignore[attr-defined]  # pghistory adds it
    loaded = model.objects.filter(pgh_label="insert", code__startswith="X")
    assert loaded.count() == 301
    assert len(set(loaded.values_list("pgh_context_id", flat=True))) == 1
