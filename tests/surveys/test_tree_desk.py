"""The tree of units at the desk: by level, by search, by day, and for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from surveys.models import Role, UnitKerja
from surveys.staff.permissions import grant_role
from surveys.structure import units as acts
from surveys.structure.organisation import Edition
from surveys.structure.unitsonday import units_on
from tests.desk import cast_at_desk, signed_in, text_of
from tests.factories import Cast, make_unit, make_user

pytestmark = pytest.mark.django_db

TREE = reverse("admin:surveys_unitkerja_changelist")
LAST_MONTH = timezone.localdate() - timedelta(days=30)


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return cast_at_desk(units)


def level_of(unit: UnitKerja) -> str:
    return reverse("admin:surveys_unitkerja_level", args=[unit.pk])


def page_of(unit: UnitKerja) -> str:
    return reverse("admin:surveys_unitkerja_change", args=[unit.pk])


def test_it_opens_with_the_first_level(units: dict[str, UnitKerja], cast: Cast) -> None:
    page = text_of(signed_in("Ani"), TREE)
    for words in ("Kementerian Contoh", "Unit 01", "Unit 03", "3 unit"):
        assert words in page
    assert "Unit 01.01" not in page
    assert level_of(units["01"]) in page
    assert level_of(units["03"]) not in page, "nothing stands below it"


def test_a_level_is_fetched_when_it_is_opened(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    level = text_of(signed_in("Ani"), level_of(units["02"]))
    assert level.count("<li ") == 3
    assert "02.03" in level


def test_a_long_level_comes_in_parts(units: dict[str, UnitKerja], cast: Cast) -> None:
    for number in range(203):
        make_unit(f"03.{number:03}", "ESELON_II", units["03"])
    ani = signed_in("Ani")
    first = text_of(ani, level_of(units["03"]))
    assert "3 tersisa" in first
    rest = text_of(ani, f"{level_of(units['03'])}?dari=200")
    assert rest.count("<li ") == 3
    assert "tersisa" not in rest
    opened = text_of(ani, f"{TREE}pohon/?buka={units['03'].pk}")
    assert "3 tersisa" in opened


def test_a_hit_opens_the_way_to_it(units: dict[str, UnitKerja], cast: Cast) -> None:
    page = text_of(signed_in("Ani"), f"{TREE}pohon/?cari=02.02")
    hit = page.partition('class="unit hit"')[2]
    assert hit.index(f'id="unit-{units["02.02"].pk}"') < 400
    assert "Unit 02.03" in page
    assert "Unit 01.01" not in page


def test_of_many_hits_one_chooses(units: dict[str, UnitKerja], cast: Cast) -> None:
    page = text_of(signed_in("Ani"), f"{TREE}pohon/?cari=unit")
    assert "Cocok dengan" in page
    assert f"buka={units['01.02'].pk}#unit-{units['01.02'].pk}" in page
    assert "Kementerian Contoh › Unit 01" in page
    nothing = text_of(signed_in("Ani"), f"{TREE}pohon/?cari=tidakada")
    assert "Tidak ada yang cocok" in nothing


def test_budi_sees_his_part_and_nothing_above(
    units: dict[str, UnitKerja], cast: Cast
) -> None:
    budi = signed_in("Budi")
    page = text_of(budi, TREE)
    assert "Unit 01.02" in page
    for words in ("Unit 02", "Kementerian Contoh"):
        assert words not in page
        then_too = f"{TREE}pohon/?cari={words}&tanggal=2024-01-01"
        assert f"<b>{words}</b>" not in text_of(budi, then_too)
    assert "Kementerian Contoh" not in text_of(budi, f"{TREE}pohon/?cari=unit")
    assert "Kementerian Contoh" not in text_of(budi, page_of(units["01"]))


@pytest.mark.parametrize("code", ["02", "KEM"])
def test_foreign_and_missing_look_the_same(
    units: dict[str, UnitKerja], cast: Cast, code: str
) -> None:
    budi, missing = signed_in("Budi"), units["KEM"].pk + 10_000
    for pk in (units[code].pk, missing):
        text_of(budi, reverse("admin:surveys_unitkerja_change", args=[pk]), 404)
        text_of(budi, reverse("admin:surveys_unitkerja_level", args=[pk]), 404)
        text_of(budi, f"{TREE}pohon/?buka={pk}", 404)
        text_of(budi, reverse("admin:surveys_unitkerja_step", args=[pk, "ubah"]), 404)
        text_of(budi, reverse("admin:surveys_unitkerja_bridge", args=[pk]), 404)
    for name in ("Citra", "Dewi"):
        response = signed_in(name).get(TREE, follow=True)
        assert response.status_code == 403


def test_the_file_of_the_tree_holds_the_readers_part(cast: Cast) -> None:
    url = reverse("admin:surveys_unitkerja_download")
    response = signed_in("Budi").get(url)
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]  # a stream
    assert [line.split(",")[0] for line in lines[1:]] == ["01", "01.01", "01.02"]


def test_an_empty_system_says_what_comes_first() -> None:
    make_user("Fajar", is_staff=True, is_superuser=True)
    page = text_of(signed_in("Fajar"), TREE)
    assert "Belum ada unit kerja" in page
    assert reverse("admin:surveys_unitkerja_upload") in page


# --- as it was -----------------------------------------------------------------------


@pytest.fixture
def reorganised(units: dict[str, UnitKerja], cast: Cast) -> dict[str, UnitKerja]:
    """A month ago 01.01 went to 02 and 03 was given another name; 02.03 was closed."""
    edition = Edition(LAST_MONTH, "Perpres 1", cast.ani)
    acts.move_unit(unit=units["01.01"], parent=units["02"], edition=edition)
    names = {"name": "Badan Baru", "acronym": "", "level": "ESELON_I", "kind": ""}
    acts.rename_unit(unit=units["03"], names=names, edition=edition)
    acts.close_unit(unit=units["02.03"], last_day=LAST_MONTH, edition=edition)
    return units


def then(words: str = "") -> str:
    day = (LAST_MONTH - timedelta(days=1)).isoformat()
    return f"{TREE}pohon/?tanggal={day}{words}"


def test_the_tree_is_shown_as_it_was(reorganised: dict[str, UnitKerja]) -> None:
    ani, units = signed_in("Ani"), reorganised
    before, today = text_of(ani, then()), text_of(ani, TREE)
    assert "Unit 03" in before
    assert "Badan Baru" not in before
    assert "Badan Baru" in today
    day = then().partition("?")[2]
    in_01 = text_of(ani, f"{level_of(units['01'])}?{day}")
    assert "Unit 01.01" in in_01
    assert "Unit 01.01" not in text_of(ani, level_of(units["01"]))
    assert "Unit 01.01" in text_of(ani, level_of(units["02"]))
    in_02 = text_of(ani, f"{level_of(units['02'])}?{day}")
    assert "Unit 02.03" in in_02
    assert "Unit 02.03" not in text_of(ani, level_of(units["02"]))


def test_a_unit_is_found_by_its_former_name(reorganised: dict[str, UnitKerja]) -> None:
    ani = signed_in("Ani")
    assert f"buka={reorganised['03'].pk}&amp;" in text_of(ani, then("&cari=Unit+03"))
    assert 'class="unit hit"' in text_of(ani, f"{TREE}pohon/?cari=Badan+Baru")
    assert "Tidak ada yang cocok" in text_of(ani, then("&cari=Badan+Baru"))


def test_a_part_that_stood_elsewhere_is_still_the_readers(
    reorganised: dict[str, UnitKerja],
) -> None:
    """Whoever has 02 now sees 01.01 there today, and by itself on the day before."""
    eka = make_user("Eka")
    grant_role(user=eka, kind=Role.Kind.COORDINATOR, unit=reorganised["02"])
    before = text_of(signed_in("Eka"), then())
    assert "Unit 01.01" in before
    assert "Unit 01<" not in before


def test_before_there_was_anything_the_page_says_so(cast: Cast) -> None:
    page = text_of(signed_in("Ani"), f"{TREE}pohon/?tanggal=1990-01-01")
    assert "Belum ada unit pada tanggal ini" in page
    wrong = text_of(signed_in("Ani"), f"{TREE}pohon/?tanggal=2024-02-31")
    assert "Tanggal ini tidak ada" in wrong


def test_the_page_tells_the_history(reorganised: dict[str, UnitKerja]) -> None:
    page = text_of(signed_in("Ani"), page_of(reorganised["03"]))
    for words in ("Badan Baru", "Unit 03", "Perpres 1"):
        assert words in page


def test_a_part_is_put_together_as_it_was(reorganised: dict[str, UnitKerja]) -> None:
    day = LAST_MONTH - timedelta(days=1)
    found = units_on(root=reorganised["KEM"], day=day)
    paths = {each.unit.code: each.path for each in found}
    assert paths["01.01"] == "KEM/01/01.01/"
    assert paths["02.03"] == "KEM/02/02.03/"
    assert [each.name for each in found if each.unit.code == "03"] == ["Unit 03"]
    in_02 = units_on(root=reorganised["02"], day=day)
    assert [each.path for each in in_02][:2] == ["02/", "02/02.01/"]
    now = {
        each.path for each in units_on(root=reorganised["02"], day=timezone.localdate())
    }
    assert now == {"02/", "02/01.01/", "02/02.01/", "02/02.02/"}


# --- cost ----------------------------------------------------------------------------


def queries_of(name: str, url: str) -> int:
    client = signed_in(name)
    text_of(client, url)
    with CaptureQueriesContext(connection) as queries:
        text_of(client, url)
    return len(queries)


@pytest.mark.parametrize(
    "query", ["", "pohon/?cari=02.02", "pohon/?tanggal=2024-01-01"]
)
def test_the_tree_asks_as_much_however_large_it_is(
    units: dict[str, UnitKerja], cast: Cast, query: str
) -> None:
    few = queries_of("Ani", TREE + query)
    for number in range(30):
        parent = make_unit(f"9{number}", "ESELON_I", units["KEM"])
        make_unit(f"9{number}.1", "ESELON_II", parent)
        make_unit(f"02.9{number}", "ESELON_II", units["02"])
    assert queries_of("Ani", TREE + query) == few
