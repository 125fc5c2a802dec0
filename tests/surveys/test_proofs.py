"""A receipt is proved on the page, and by anybody's Python without us."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from berakhlak.embedded import BASE_DIR
from surveys import sealing, waves
from surveys.ballots import in_groups
from surveys.models import Wave
from tests.surveys.box import answer, make_open_wave, people_of

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = BASE_DIR / "docs" / "verify_receipt.py"


@pytest.fixture
def sealed() -> tuple[Wave, str]:
    """A sealed wave of 21 answers and the receipt of one."""
    wave = make_open_wave({"01": "F" * 25})
    receipts = [answer(person) for person in people_of(wave)[:21]]
    waves.close_wave(wave=wave)
    wave = sealing.seal_wave(wave=waves.start_sealing(wave=wave))
    return wave, in_groups(receipts[8])


def downloaded(receipt: str) -> dict[str, Any]:
    url = reverse("proof_download")
    response = Client().post(url, {"tanda_terima": receipt})
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"].count("no-store")
    proof: dict[str, Any] = json.loads(response.content)
    return proof


def checked(
    folder: Path, proof: dict[str, Any], receipt: str, root: str
) -> tuple[int, str]:
    """The script alone in an empty folder: its exit code and what it said."""
    path = folder / "bukti.json"
    path.write_text(json.dumps(proof))
    result = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(path)],
        input=f"{receipt}\n{root}\n",
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return result.returncode, result.stdout + result.stderr


def test_the_script_confirms_a_downloaded_proof(
    sealed: tuple[Wave, str], tmp_path: Path
) -> None:
    wave, receipt = sealed
    code, said = checked(tmp_path, downloaded(receipt), receipt, wave.merkle_root)
    assert (code, "COCOK: surat suara" in said) == (0, True)
    code, _ = checked(
        tmp_path, downloaded(receipt), receipt.lower(), wave.merkle_root.upper()
    )
    assert code == 0


def test_the_script_refuses_whatever_was_tampered_with(
    sealed: tuple[Wave, str], tmp_path: Path
) -> None:
    wave, receipt = sealed
    proof, root = downloaded(receipt), wave.merkle_root
    side, sibling = proof["steps"][0]
    other_side = "left" if side == "right" else "right"
    forged = [
        ({**proof, "steps": [[other_side, sibling], *proof["steps"][1:]]}, root),
        ({**proof, "steps": [[side, "00" * 32], *proof["steps"][1:]]}, root),
        ({**proof, "steps": proof["steps"][:-1]}, root),
        ({**proof, "steps": []}, root),
        (proof, "00" * 32),
        ({**proof, "root": "00" * 32, "leaf": "00" * 32}, "00" * 32),
    ]
    for document, published in forged:
        code, said = checked(tmp_path, document, receipt, published)
        assert (code, "TIDAK COCOK" in said) == (1, True)
    assert checked(tmp_path, proof, "0000-0000-0000-0000", root)[0] == 1


def test_a_file_cannot_vouch_for_itself(
    sealed: tuple[Wave, str], tmp_path: Path
) -> None:
    """The root is what was published, not what the file says."""
    wave, receipt = sealed
    proof = {**downloaded(receipt), "root": "00" * 32}
    assert checked(tmp_path, proof, receipt, "00" * 32)[0] == 1
    assert checked(tmp_path, proof, receipt, wave.merkle_root)[0] == 0


def test_neither_the_file_nor_an_address_holds_the_receipt(
    sealed: tuple[Wave, str],
) -> None:
    _wave, receipt = sealed
    plain = receipt.replace("-", "")
    text = json.dumps(downloaded(receipt))
    assert plain not in text
    assert receipt not in text
    assert Client().get(reverse("proof"), {"tanda_terima": receipt}).status_code == 200


def test_the_page_says_what_is_proved_and_what_not(sealed: tuple[Wave, str]) -> None:
    wave, receipt = sealed
    page = Client().post(reverse("proof"), {"tanda_terima": receipt}).content.decode()
    assert "Yang dibuktikan" in page
    assert "Yang tidak dibuktikan" in page
    assert wave.merkle_root in page


def test_the_roots_of_sealed_boxes_are_public(sealed: tuple[Wave, str]) -> None:
    wave, _receipt = sealed
    page = Client().get(reverse("proof")).content.decode()
    assert wave.merkle_root in page
    assert "21 jawaban" in page


@pytest.mark.parametrize(
    ("typed", "status"), [("", 400), ("A" * 99, 400), ("0" * 16, 404), ("<i>aduh", 400)]
)
@pytest.mark.parametrize("name", ["proof", "proof_download"])
def test_an_unknown_receipt_gets_a_page_that_reflects_nothing(
    name: str, typed: str, status: int
) -> None:
    response = Client().post(reverse(name), {"tanda_terima": typed})
    assert response.status_code == status
    assert "aduh" not in response.content.decode()
