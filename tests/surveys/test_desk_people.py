"""Accounts and roles at the desk: given, taken back, and never beyond one's subtree."""

from __future__ import annotations

import pytest
from django.urls import reverse

from surveys.models import Role, UnitKerja, User, Wave
from surveys.staff.permissions import grant_role, withdraw_role
from tests.desk import cast_at_desk, signed_in, text_of
from tests.factories import PASSWORD, Cast, make_user
from tests.surveys.box import make_draft, make_units

pytestmark = pytest.mark.django_db


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    return make_units({"01": ["01.01"], "02": ["02.01"]})


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return cast_at_desk(units)


@pytest.fixture
def other_wave() -> Wave:
    """Of another ministry."""
    return make_draft(make_units({"91": ["91.01"]}, root="LAIN"), "LAIN-1")


def test_a_role_opens_the_door_and_taking_it_back_closes_it(
    units: dict[str, UnitKerja],
) -> None:
    eka = make_user("Eka")
    role = grant_role(user=eka, kind=Role.Kind.OPERATOR, unit=units["01"])
    grant_role(user=eka, kind=Role.Kind.COMMITTEE, unit=units["01"])
    assert User.objects.get(pk=eka.pk).is_staff
    withdraw_role(role=role)
    assert not User.objects.get(pk=eka.pk).is_staff


def typed_user(unit: UnitKerja, **more: object) -> dict[str, object]:
    return {
        "email": "eka@example.org",
        "name": "Eka",
        "roles-TOTAL_FORMS": "1",
        "roles-INITIAL_FORMS": "0",
        "roles-0-kind": Role.Kind.OPERATOR,
        "roles-0-unit": unit.pk,
        **more,
    }


def test_ani_adds_a_colleague_with_a_role(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    ani = signed_in("Ani")
    ani.post(reverse("admin:surveys_user_add"), typed_user(units["01"]))
    eka = User.objects.get(email="eka@example.org")
    assert eka.is_staff
    assert not eka.is_superuser
    assert not eka.has_usable_password()
    assert [str(role) for role in eka.roles.all()] == ["Operator perhitungan · Unit 01"]
    page = text_of(ani, reverse("admin:surveys_user_changelist"))
    assert "eka@example.org" in page
    assert PASSWORD not in page
    assert "md5$" not in page


def test_what_is_wrong_with_an_account_is_said_in_our_words(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    wrong = typed_user(units["01"], email="eka")
    response = signed_in("Ani").post(reverse("admin:surveys_user_add"), wrong)
    page = response.content.decode()
    for words in (
        "Ada isian yang perlu diperbaiki",
        "Tulis alamat surel yang benar.",
    ):
        assert words in page, words
    assert "dibawah" not in page
    assert "Email" not in page


def test_one_address_is_one_account_however_it_is_spelled(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    eka = make_user("Eka")
    grant_role(user=eka, kind=Role.Kind.COORDINATOR, unit=units["01"])
    data = {**typed_user(units["01"]), "email": cast.ani.email.upper(), "name": "Eka"}
    page = text_of_post(reverse("admin:surveys_user_change", args=[eka.pk]), data)
    assert "Sudah ada akun dengan surel ini." in page
    eka.refresh_from_db()
    assert eka.email != cast.ani.email.upper()


def text_of_post(url: str, data: dict[str, object]) -> str:
    return str(signed_in("Ani").post(url, data).content.decode())


def test_a_colleague_needs_a_role_within_the_subtree(
    units: dict[str, UnitKerja], cast: Cast, other_wave: Wave
) -> None:
    ani, add = signed_in("Ani"), reverse("admin:surveys_user_add")
    ani.post(add, typed_user(other_wave.root))
    ani.post(add, typed_user(units["01"], **{"roles-TOTAL_FORMS": "0"}))
    assert not User.objects.filter(email="eka@example.org").exists()


def test_who_holds_more_than_one_may_not_be_changed(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    eka = make_user("Eka")
    grant_role(user=eka, kind=Role.Kind.ADMINISTRATOR, unit=units["01"])
    root = make_user("Fajar", is_superuser=True, is_staff=True)
    client = signed_in("Eka")
    listed = text_of(client, reverse("admin:surveys_user_changelist"))
    assert cast.budi.email in listed
    for user in (cast.ani, cast.citra, cast.dewi, root):
        assert user.email not in listed
        for name in ("change", "history"):
            text_of(client, reverse(f"admin:surveys_user_{name}", args=[user.pk]), 404)
        url = reverse("admin:auth_user_password_change", args=[user.pk])
        changed = client.post(
            url, {"password1": "lain-12345", "password2": "lain-12345"}
        )
        assert changed.status_code in (403, 404)
        user.refresh_from_db()
        assert user.check_password(PASSWORD)


def test_taking_the_last_desk_role_closes_the_door(cast: Cast) -> None:
    role = cast.budi.roles.get()
    url = reverse("admin:surveys_user_change", args=[cast.budi.pk])
    response = signed_in("Ani").post(
        url,
        {
            "email": cast.budi.email,
            "name": "Budi",
            "is_active": "on",
            "roles-TOTAL_FORMS": "1",
            "roles-INITIAL_FORMS": "1",
            "roles-0-id": role.pk,
            "roles-0-user": cast.budi.pk,
            "roles-0-DELETE": "on",
        },
    )
    assert response.status_code == 302
    cast.budi.refresh_from_db()
    assert not cast.budi.roles.exists()
    assert not cast.budi.is_staff


def test_nobody_changes_their_own_roles(cast: Cast) -> None:
    url = reverse("admin:surveys_user_change", args=[cast.ani.pk])
    assert signed_in("Ani").post(url, {"name": "Lain"}).status_code == 403


@pytest.fixture
def namesakes(units: dict[str, UnitKerja]) -> dict[str, UnitKerja]:
    """Two units of one name under two parents."""
    UnitKerja.objects.filter(code__in=("01.01", "02.01")).update(name="Biro Umum")
    return units


def offered(
    name: str, term: str, model: str = "role", field: str = "unit"
) -> list[str]:
    """What the field of a unit offers to this member of the cast."""
    asked = {"app_label": "surveys", "model_name": model, "field_name": field}
    answer = signed_in(name).get(reverse("admin:autocomplete"), {**asked, "term": term})
    assert answer.status_code == 200
    return [each["text"] for each in answer.json()["results"]]


BIRO = "Biro Umum (01.01) · Unit 01"


def test_a_unit_is_chosen_by_name_code_and_parent(
    namesakes: dict[str, UnitKerja], cast: Cast
) -> None:
    both = [BIRO, "Biro Umum (02.01) · Unit 02"]
    assert offered("Ani", "biro umum") == both
    assert offered("Ani", "01.01") == [BIRO]
    assert offered("Ani", "biro 02.01") == both[1:]
    assert offered("Ani", "01.01", "wave", "root") == [BIRO]
    assert offered("Ani", "02.01", "batchunit") == both[1:]


def test_the_parent_above_ones_part_is_not_named(
    namesakes: dict[str, UnitKerja], cast: Cast
) -> None:
    grant_role(user=make_user("Eka"), kind="administrator", unit=namesakes["01.01"])
    assert offered("Eka", "01.01") == ["Biro Umum (01.01)"]
    roles = text_of(signed_in("Eka"), reverse("admin:surveys_role_changelist"))
    assert "Biro Umum (01.01)" in roles
    assert BIRO not in roles


def test_held_roles_say_which_unit_is_meant(
    namesakes: dict[str, UnitKerja], cast: Cast
) -> None:
    eka = make_user("Eka")
    grant_role(user=eka, kind="leader", unit=namesakes["01.01"])
    ani = signed_in("Ani")
    assert BIRO in text_of(ani, reverse("admin:surveys_role_changelist"))
    page = text_of(ani, reverse("admin:surveys_user_change", args=[eka.pk]))
    assert "01.01 · Unit 01" in page
    assert "Biro Umum (01.01)" in text_of(ani, reverse("admin:surveys_user_changelist"))


def test_a_choice_that_comes_back_still_says_which_unit_it_is(
    namesakes: dict[str, UnitKerja], cast: Cast
) -> None:
    wrong = typed_user(namesakes["01.01"], email="eka")
    page = signed_in("Ani").post(reverse("admin:surveys_user_add"), wrong)
    assert BIRO in page.content.decode()


def test_an_invitation_starts_without_a_role(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    ani, add = signed_in("Ani"), reverse("admin:surveys_user_add")
    page = text_of(ani, add)
    kinds = page[page.index('name="roles-0-kind"') :].partition("</select>")[0]
    assert kinds.split("selected")[0].count("<option") == 1
    assert "Pilih peran" in kinds
    saving = page[page.index('name="_save"') :].partition("</button>")[0]
    assert "Undang" in saving
    response = ani.post(add, typed_user(units["01"], **{"roles-0-kind": ""}))
    assert response.status_code == 200
    assert not User.objects.filter(email="eka@example.org").exists()
    change = reverse("admin:surveys_user_change", args=[cast.budi.pk])
    saving = text_of(ani, change).partition('name="_save"')[2].partition("</button>")[0]
    assert "Undang" not in saving
