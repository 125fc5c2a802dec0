"""What the demo tells whoever started it."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from berakhlak import demo
from tests.factories import make_units


@pytest.mark.django_db
def test_it_names_the_port_it_runs_on_and_every_door(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_units({"05": ()}, root=demo.ROOT)
    demo.make_people()
    monkeypatch.setenv("PORT", "8123")
    out = StringIO()
    call_command("demo_access", stdout=out)
    said = out.getvalue()
    for path in ("/desk/", "/api/docs/", "/api/token/"):
        assert f"http://localhost:8123{path}" in said
    assert "ani@demo.invalid" in said


@pytest.mark.django_db
def test_it_runs_on_8000_where_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    make_units({"05": ()}, root=demo.ROOT)
    demo.make_people()
    monkeypatch.delenv("PORT", raising=False)
    out = StringIO()
    call_command("demo_access", stdout=out)
    assert "http://localhost:8000/desk/" in out.getvalue()


def test_its_waves_refer_to_no_day_to_come() -> None:
    now = timezone.localtime()
    for days in (-400, -1, 0, 14, 31):
        day = demo.reference_of(now + timedelta(days=days))
        assert day <= timezone.localdate()
