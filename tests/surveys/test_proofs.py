"""A receipt is proved on the page, and by anybody's Python without us."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from berakhlak.embedded import BASE_DIR
from surveys.answering.posted import MOST_FIELDS
from surveys.box import merkle, proofs, sealing
from surveys.box.ballots import in_groups, normalise
from surveys.fieldwork import waves
from surveys.models import Receipt, Wave
from tests.surveys.box import answer, make_open_wave, people_of
from tests.surveys.ways_in import post

pytestmark = pytest.mark.django_db(transaction=True)

FORM = "application/x-www-form-urlencoded"
SCRIPT = BASE_DIR / "docs" / "verify_receipt.py"


@pytest.fixture
def sealed() -> tuple[Wave, str]:
    """A sealed wave of 21 answers and the receipt of one."""
    wave = make_open_wave({"01": "F" * 25})
    receipts = [answer(person) for person in people_of(wave)[:21]]
    waves.close_wave(wave=wave)
    wave = sealing.seal_wave(wave=waves.start_sealing(wave=wave))
    return wave, in_groups(receipts[8])


def ask(name: str, typed: str, client: Client | None = None) -> Any:
    """The form of the page, with this in its field."""
    return post(client or Client(), reverse(name), {"tanda_terima": typed})


def downloaded(receipt: str) -> dict[str, Any]:
    response = ask("proof_download", receipt)
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
    page = ask("proof", receipt).content.decode()
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
    response = ask(name, typed)
    assert response.status_code == status
    assert "aduh" not in response.content.decode()


def test_what_is_not_sealed_yet_is_said_before_a_slip() -> None:
    waiting = make_open_wave({"01": "F" * 12})
    page = ask("proof", "7K3MXQ2P84VWT5NA").content.decode()
    assert page.index(waiting.name) < page.index("periksa lagi huruf")
    assert 'value="7K3MXQ2P84VWT5NA"' in page


MULTIPART = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n'


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("multipart/form-data; boundary=x", MULTIPART + b"A" * 60_000_000, 413),
        ("multipart/form-data; boundary=x", MULTIPART + b"A\r\n--x--", 415),
        (FORM, b"tanda_terima=" + b"A" * 10_000_000, 413),
        (f"{FORM}; charset=utf-16", b"tanda_terima=A", 415),
        (FORM, b"a=" + b"&a=" * MOST_FIELDS, 400),
        (FORM, b"tanda_terima=%ff%fe", 400),
    ],
    ids=["upload", "multipart", "large", "charset", "fields", "encoding"],
)
@pytest.mark.parametrize("name", ["proof", "proof_download"])
def test_what_no_form_of_ours_sends_is_refused_in_words(
    name: str, content_type: str, body: bytes, status: int, caplog: Any
) -> None:
    response = Client().post(reverse(name), body, content_type=content_type)
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]
    assert '<html lang="id">' in response.content.decode()
    assert not any(record.exc_info for record in caplog.records)


# -- Large boxes -----------------------------------------------------------------------


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The 21 receipts lie in six blocks, read two at a time."""
    monkeypatch.setattr(proofs, "BLOCK", 4)
    monkeypatch.setattr(proofs, "BLOCKS_AT_ONCE", 2)
    monkeypatch.setattr(proofs, "_outlines", {})


def test_every_receipt_is_proved_from_its_block(
    sealed: tuple[Wave, str], small_blocks: None
) -> None:
    """In three statements, of which none reads more than a block."""
    wave, receipt = sealed
    root = bytes.fromhex(wave.merkle_root)
    stored = Receipt.objects.filter(wave=wave).order_by("leaf")
    leaves = [bytes(leaf) for leaf in stored.values_list("leaf", flat=True)]
    assert proofs.find_proof(normalise(receipt)) is not None
    for leaf in leaves:
        with CaptureQueriesContext(connection) as queries:
            proof = proofs._proof(wave, leaf)
        assert len(queries) == 1
        steps = [(side, bytes.fromhex(sibling)) for side, sibling in proof.steps]
        assert steps == merkle.proof_of(leaves, leaf)
        assert merkle.is_included(leaf, steps, root)


def test_few_boxes_are_kept_in_mind(
    sealed: tuple[Wave, str], small_blocks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave, receipt = sealed
    monkeypatch.setattr(proofs, "MOST_OUTLINES", 1)
    proofs._outlines[0, "older"] = merkle.outline_of([[b"x" * 32]])
    assert proofs.find_proof(normalise(receipt)) is not None
    assert list(proofs._outlines) == [(wave.pk, wave.merkle_root)]


def test_a_box_that_was_tampered_with_proves_nothing(
    sealed: tuple[Wave, str], small_blocks: None
) -> None:
    wave, receipt = sealed
    other = Receipt.objects.filter(wave=wave).exclude(
        leaf=merkle.leaf_of(normalise(receipt))
    )
    other.filter(pk=other.values("pk")[:1]).delete()
    with pytest.raises(proofs.BoxDoesNotMatch):
        proofs.find_proof(normalise(receipt))


# -- English ---------------------------------------------------------------------------


def test_the_proof_speaks_english_throughout(sealed: tuple[Wave, str]) -> None:
    _wave, receipt = sealed
    client = Client()
    client.cookies["bahasa"] = "en"
    pages = [client.get(reverse("proof"))] + [
        ask("proof", typed, client) for typed in (receipt, "0" * 16, "")
    ]
    for page in pages:
        said = words_in(page.content.decode())
        assert not said & INDONESIAN, said & INDONESIAN
    assert {"left", "right"} & words_in(pages[1].content.decode())


def words_in(page: str) -> set[str]:
    """What a reader sees, in small letters; names of things, codes and files aside."""
    text = re.sub(r"<(style|script|code)\b.*?</\1>|<nav.*?</nav>|<[^>]+>", " ", page)
    return set(re.findall(r"\b[a-z]+\b", text.lower()))


INDONESIAN = words_in(
    "yang dan dengan tidak dari untuk ini itu ada kami anda nomor tanda terima kotak "
    "akar bukti jawaban kiri kanan langkah daun periksa unduh lihat berkas"
)
