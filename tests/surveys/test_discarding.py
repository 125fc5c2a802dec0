"""A draft goes with everything that was loaded for it; what was opened stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from surveys.box.wave_secret import path_of
from surveys.errors import SealingWaits
from surveys.fieldwork import discarding, waves
from surveys.models import Contact, LinkPrinting, Participant, UnitKerja, Wave
from tests.desk import cast_at_desk, said, signed_in, text_of
from tests.factories import Cast
from tests.surveys.box import make_draft, make_units, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def units() -> dict[str, UnitKerja]:
    return make_units({"01": ["01.01"], "02": ["02.01"]})


@pytest.fixture
def cast(units: dict[str, UnitKerja]) -> Cast:
    return cast_at_desk(units)


@pytest.fixture
def draft(units: dict[str, UnitKerja]) -> Wave:
    wave = make_draft(units)
    register(wave, units, {"01.01": "F" * 15 + "M" * 15, "02.01": "F" * 12 + "M" * 12})
    return wave


def page_of(wave: Wave) -> str:
    return reverse("admin:surveys_wave_change", args=[wave.pk])


def step_of(wave: Wave, slug: str) -> str:
    return reverse("admin:surveys_wave_step", args=[wave.pk, slug])


def test_a_draft_is_deleted_with_its_people_and_its_secret(
    draft: Wave, cast: Cast, django_capture_on_commit_callbacks: object, as_app: None
) -> None:
    ani, url = signed_in("Ani"), step_of(draft, "hapus")
    assert url in text_of(ani, page_of(draft))
    assert "Daftar pegawai" in text_of(ani, url)
    assert signed_in("Budi").post(url).status_code == 404, "he sees no drafts of others"
    assert path_of(draft).exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's fixture has no public type
        assert said(ani, url) == ["Rancangan dihapus."]
    assert not Wave.objects.exists()
    assert not Participant.objects.exists()
    assert not Contact.objects.exists()
    assert not path_of(draft).exists()
    assert LogEntry.objects.get().change_message == "Rancangan dihapus"


def test_a_wave_that_was_opened_is_never_deleted(draft: Wave, cast: Cast) -> None:
    waves.open_wave(wave=draft)
    ani, url = signed_in("Ani"), step_of(draft, "hapus")
    assert url not in text_of(ani, page_of(draft))
    assert "langkah ini tidak berlaku" in said(ani, url)[0]
    assert Wave.objects.filter(pk=draft.pk).exists()
    assert path_of(draft).exists()


def test_a_draft_whose_links_were_written_out_stays(draft: Wave, cast: Cast) -> None:
    facts = {"operator": "Ani", "reason": "Cetak", "n_links": 54}
    LinkPrinting.objects.create(wave=draft, **facts)
    words = said(signed_in("Ani"), step_of(draft, "hapus"))
    assert words == ["Rancangan W1 sudah dipakai dan tidak dapat dihapus."]
    assert Participant.objects.count() == 54


def test_a_draft_waits_for_a_copy_of_its_secret_that_is_away(
    settings: Any, tmp_path: Path
) -> None:
    settings.SECRETS_COPY_DIR = str(tmp_path)
    draft = make_draft(make_units({"01": []}), "SALIN")
    (tmp_path / "SALIN.secret").rename(tmp_path / "elsewhere")
    with pytest.raises(SealingWaits):
        discarding.discard_draft(wave=draft)
    assert Wave.objects.filter(pk=draft.pk).exists()
    assert path_of(draft).exists()
