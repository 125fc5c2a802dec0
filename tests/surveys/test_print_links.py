"""Writing out all personal links: for the sender's eyes, and on record."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from surveys.answering.responding import invitation_for
from surveys.box.wave_secret import path_of
from surveys.models import Contact, LinkPrinting, Wave
from tests.surveys.box import make_open_wave

pytestmark = pytest.mark.django_db

WHO = ("--operator", "Ani", "--reason", "undangan")


def test_every_link_opens_its_form_and_the_printing_is_recorded(tmp_path: Path) -> None:
    wave = make_open_wave({"01": "F" * 12})
    Contact.objects.filter(pk=Contact.objects.first()).update(name="=1+1")  # type: ignore[misc]  # one there is
    out = tmp_path / "tautan.csv"
    call_command("print_links", "--wave", wave.code, "--out", str(out), *WHO)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert "'=1+1" in {row["name"] for row in rows}, "shown, never computed"
    assert len({row["link"] for row in rows}) == 12
    assert all(invitation_for(row["code"]).wave == wave for row in rows)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    record = LinkPrinting.objects.get()
    assert (record.operator, record.reason, record.n_links) == ("Ani", "undangan", 12)


def test_a_sealed_wave_has_no_links_any_more(tmp_path: Path) -> None:
    wave = make_open_wave({"01": "F" * 12})
    Wave.objects.update(state=Wave.State.SEALED)
    out = tmp_path / "tautan.csv"
    with pytest.raises(CommandError, match="sudah disegel: tautannya tidak berlaku"):
        call_command("print_links", "--wave", wave.code, "--out", str(out), *WHO)
    assert not out.exists()
    assert not LinkPrinting.objects.exists()


def test_nothing_is_begun_while_the_secret_is_away(tmp_path: Path) -> None:
    wave = make_open_wave({"01": "F" * 12})
    path_of(wave).unlink()
    out = tmp_path / "tautan.csv"
    with pytest.raises(CommandError, match="hilang"):
        call_command("print_links", "--wave", wave.code, "--out", str(out), *WHO)
    assert not out.exists()


def test_nothing_is_written_without_a_reason_or_over_a_file(tmp_path: Path) -> None:
    wave = make_open_wave({"01": "F" * 12})
    out = tmp_path / "tautan.csv"
    order = ("print_links", "--wave", wave.code, "--out", str(out), "--operator", "Ani")
    with pytest.raises(CommandError, match="untuk apa"):
        call_command(*order, "--reason", " ")
    assert not out.exists()
    out.write_text("milik orang lain", encoding="utf-8")
    with pytest.raises(CommandError, match="sudah ada"):
        call_command(*order, "--reason", "undangan")
    assert out.read_text(encoding="utf-8") == "milik orang lain"
