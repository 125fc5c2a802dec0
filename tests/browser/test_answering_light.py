"""Light: how much a cheap phone loads, and that the served names lead to each other."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from surveys.models import Wave
from tests.browser.answering import PHONE, open_link
from tests.browser.line import Line
from tests.surveys.box import people_of

STATIC = settings.BASE_DIR / "static"
OWN = ("css/respond.css", *(f"js/respond/{name}.js" for name in ("cards", "form")))
LATER = tuple(
    f"js/respond/{name}.js"
    for name in ("review", "sending", "carry", "arriving", "received", "sweeping")
)
KEPT = ("js/respond/keeping.js", "js/sw.js")
STORAGE = "berakhlak.static_storage.StaticStorage"
IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")

KILOBYTE = 1000


def weight(content: bytes) -> int:
    return len(gzip.compress(content, 9))


def test_own_styles_and_scripts_stay_under_30_kilobytes() -> None:
    files = [STATIC / name for name in (*OWN, *KEPT, *LATER)]
    assert sum(weight(file.read_bytes()) for file in files) <= 30 * KILOBYTE


@pytest.mark.django_db(transaction=True)
@pytest.mark.browser
@pytest.mark.usefixtures("as_app")
def test_the_first_load_is_six_requests_and_100_kilobytes(
    answering_wave: Wave, open_browser: Any, line: Line
) -> None:
    page = open_browser(**PHONE)
    loaded: list[Any] = []
    page.on("requestfinished", lambda one: loaded.append(one))
    counted: list[int] = []
    page.on("load", lambda _: counted.append(len(loaded)))
    open_link(page, line.url, people_of(answering_wave)[0])
    page.get_by_role("link", name="Mulai mengisi").wait_for()
    assert counted[0] <= 6
    first = loaded[: counted[0]]
    assert all(request.url.startswith(line.url) for request in loaded)
    assert sum(weight(request.response().body()) for request in first) <= 100 * KILOBYTE


@pytest.mark.django_db
def test_the_service_worker_serves_its_folder_and_is_always_asked_for(
    client: Client,
) -> None:
    response = client.get("/survei/sw.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert b"respondWith" in response.content


def test_modules_import_each_other_by_their_served_names(tmp_path: Path) -> None:
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": STORAGE}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    modules = list(tmp_path.glob("js/respond/*.js"))
    assert len(modules) == 9
    imported = [
        (module.parent / name).resolve()
        for module in modules
        for name in IMPORT.findall(module.read_text())
    ]
    assert len(imported) >= 8
    for target in imported:
        assert target.is_file(), target.name
        assert re.search(r"\.[0-9a-f]{12}\.js$", target.name)
