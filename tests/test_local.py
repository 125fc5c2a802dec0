"""``make`` on one machine: what it says when something is in the way."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from berakhlak.embedded import BASE_DIR


def run(command: list[str], folder: Path, **environment: str) -> tuple[int, str]:
    """Exit code and everything printed."""
    result = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.returncode, result.stdout + result.stderr


def test_bare_make_lists_its_targets() -> None:
    code, said = run(["make"], BASE_DIR)
    assert code == 0
    for target in ("demo", "test", "reset", "lint", "format", "requirements"):
        assert f"make {target} " in said


def test_a_python_that_is_too_old_is_named(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(BASE_DIR / name, tmp_path)
    code, said = run(["make", "demo", "PYTHON=/bin/false"], tmp_path)
    assert code != 0
    assert "Perlu Python 3.11" in said
    assert not (tmp_path / ".venv").exists()


def test_a_port_in_use_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = [sys.executable, "-m", "berakhlak.local", "demo"]
        code, said = run(demo, BASE_DIR, PORT=str(port), DATA_DIR=str(tmp_path / "d"))
    assert code == 1
    assert f"Port {port} tidak dapat dipakai" in said
    assert "Traceback" not in said


def test_links_of_the_demo_lead_to_its_port(tmp_path: Path) -> None:
    (tmp_path / "demo.port").write_text("8771")
    asked = "from django.conf import settings; print(settings.SITE_URL)"
    shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", asked]
    code, said = run(shell, BASE_DIR, DATA_DIR=str(tmp_path), PORT="", SITE_URL="")
    assert code == 0
    assert said.strip() == "http://localhost:8771"


def test_reset_of_an_empty_folder_is_no_trouble(tmp_path: Path) -> None:
    reset = [sys.executable, "-m", "berakhlak.local", "reset"]
    code, _ = run(reset, BASE_DIR, DATA_DIR=str(tmp_path / "d"))
    assert code == 0
