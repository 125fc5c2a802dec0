"""The rules of the house: what the app may do, logs may say, pages may load."""

from __future__ import annotations

import ast
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory

from berakhlak.embedded import BASE_DIR
from berakhlak.traces import RespondentTraces

ROOMS = ("berakhlak", "surveys", "scoring", "awards", "tests", "bench")
LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 400, 40
LINES_OF_PURE_SCORING = 300

# -- Files -----------------------------------------------------------------------------


def python_files() -> list[Path]:
    """Every file people write and read."""
    return [
        path
        for room in ROOMS
        for path in (BASE_DIR / room).rglob("*.py")
        if "migrations" not in path.parts
    ]


def test_files_are_short_enough_to_read() -> None:
    long = {
        str(path.relative_to(BASE_DIR)): lines
        for path in python_files()
        if (lines := len(path.read_text().splitlines())) > LINES_OF_A_FILE
    }
    assert long == {}


def test_the_method_is_in_short_pure_modules() -> None:
    pure = {
        str(path.relative_to(BASE_DIR)): len(path.read_text().splitlines())
        for path in (BASE_DIR / "scoring").rglob("*.py")
        if "migrations" not in path.parts and "django" not in path.read_text()
    }
    assert len(pure) > 50
    assert {
        n: lines for n, lines in pure.items() if lines > LINES_OF_PURE_SCORING
    } == {}


def test_functions_are_short_enough_to_read() -> None:
    long = {
        f"{path.relative_to(BASE_DIR)}:{node.lineno} {node.name}": lines
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := length(node)) > LINES_OF_A_FUNCTION
    }
    assert long == {}


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function, its docstring aside."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    doc = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (doc.end_lineno or doc.lineno) - doc.lineno + 1
    return lines


# -- The environment -------------------------------------------------------------------


def compose_environment() -> set[str]:
    """Names that Compose gives to the services made from our image."""
    compose = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())
    ours = [s for s in compose["services"].values() if s["image"] == "berakhlak"]
    assert len(ours) == 5
    return {name for service in ours for name in service["environment"]}


def test_compose_gives_only_names_that_settings_read() -> None:
    settings = (BASE_DIR / "berakhlak" / "settings.py").read_text()
    example = (BASE_DIR / ".env.example").read_text()
    for name in compose_environment():
        assert f'"{name}"' in settings, name
        assert re.search(rf"^#? ?{name}=", example, re.MULTILINE), name


def test_every_name_that_settings_read_is_explained() -> None:
    settings = (BASE_DIR / "berakhlak" / "settings.py").read_text()
    example = (BASE_DIR / ".env.example").read_text()
    for name in re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings):
        assert re.search(rf"^#? ?{name}=", example, re.MULTILINE), name


def test_web_worker_and_beat_never_see_the_owners_password() -> None:
    compose = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())
    for name in ("web", "worker", "beat"):
        assert "OWNER" not in str(compose["services"][name]["environment"])
    secrets = ["secrets:/secrets", "secrets-copy:/secrets-copy"]
    for name, more in (("web", ["files:/files"]), ("worker", ["files:/files"])):
        assert compose["services"][name]["volumes"] == [*secrets, *more]
    assert compose["services"]["sealer"]["volumes"] == secrets


def test_a_server_without_its_settings_refuses_with_a_sentence() -> None:
    code = "from django.conf import settings; settings.DEBUG"
    environment = {**os.environ, "DATABASE_URL": "postgres://somebody@somewhere/x"}
    environment["DJANGO_SETTINGS_MODULE"] = "berakhlak.settings"
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    names = "SECRET_KEY, REDIS_URL, ALLOWED_HOSTS, SECRETS_DIR, FILES_DIR"
    sentence = f"{names} juga harus diisi"
    assert sentence in result.stderr


# -- Rights ----------------------------------------------------------------------------


READ, WRITE_ONCE = {"SELECT"}, {"SELECT", "INSERT"}
ALL_ROWS = {"SELECT", "INSERT", "UPDATE", "DELETE"}
NARROW = {
    "admin.LogEntry": WRITE_ONCE,
    "pghistory.Context": set[str](),
    "scoring.Evidence": WRITE_ONCE,
    "scoring.Analysis": WRITE_ONCE,
    "scoring.PrivateReading": WRITE_ONCE,
    "scoring.PublishedScore": WRITE_ONCE,
    "scoring.Review": WRITE_ONCE,
    "scoring.ScenarioScore": WRITE_ONCE,
    "scoring.Scheme": WRITE_ONCE,
    "scoring.UnitFlag": WRITE_ONCE,
    "scoring.UnitScore": WRITE_ONCE,
    "surveys.Answer": READ,
    "surveys.Ballot": WRITE_ONCE,
    "surveys.Cell": WRITE_ONCE,
    "surveys.Comment": READ,
    "surveys.FormerUnit": WRITE_ONCE,
    "surveys.Extension": WRITE_ONCE,
    "surveys.Frame": WRITE_ONCE,
    "surveys.FrameChange": WRITE_ONCE,
    "surveys.LinkPrinting": WRITE_ONCE,
    "surveys.PersonalDataAct": WRITE_ONCE,
    "surveys.Receipt": READ,
}
"""Models whose rows the app may not change, or not even write. All others: all."""

TABLES = [m for m in apps.get_models() if m._meta.managed and not m._meta.proxy]


def agreed(model: Any) -> set[str]:
    """Of every line of the history: written once."""
    is_history = hasattr(model, "pgh_tracked_model")
    return WRITE_ONCE if is_history else NARROW.get(model._meta.label, ALL_ROWS)


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model._meta.label)
def test_the_app_has_the_rights_that_were_agreed(db: None, model: Any) -> None:
    rights = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('berakhlak_app', %s, r) FROM unnest(%s) AS r",
            [f'"{model._meta.db_table}"', list(rights)],
        )
        held = {r for r, (has,) in zip(rights, cursor.fetchall(), strict=True) if has}
    assert held == agreed(model)


def test_the_app_cannot_change_a_sealed_answer(as_app: None) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE surveys_answer SET longest_run = 1")


# -- Pages -----------------------------------------------------------------------------


def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(
    client: Client, as_app: None
) -> None:
    policy = client.get("/akun/login/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_desk_alone_is_loosened(client: Client, as_app: None) -> None:
    policy = client.get("/desk/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval';" in f"{policy};"
    assert "style-src 'self' 'unsafe-inline';" in f"{policy};"


def test_healthz_asks_the_database_and_redis(client: Client, as_app: None) -> None:
    assert client.get("/healthz").content == b"ok"


# -- Traces ----------------------------------------------------------------------------


def test_logs_name_no_code_and_no_answer(rf: RequestFactory) -> None:
    answer = 4700 + 11
    try:
        raise ValueError(f"Key (serial)=({answer}) already exists")
    except ValueError:
        trouble = sys.exc_info()
    record = logging.LogRecord(
        "django.request", logging.ERROR, __file__, 1, "%s: %s", (), trouble
    )
    record.args = ("Internal Server Error", "/survei/ABCD-EFGH/")
    record.request = rf.get("/survei/ABCD-EFGH/")
    RespondentTraces().filter(record)
    line = logging.Formatter("%(message)s").format(record)
    assert "/survei/" in line
    assert "ValueError" in line
    assert "ABCD" not in line
    assert "4711" not in line


def test_other_logs_stay_as_they_are() -> None:
    record = logging.makeLogRecord({"msg": "%s is late", "args": ("beat",)})
    RespondentTraces().filter(record)
    assert record.getMessage() == "beat is late"
