"""``manage.py demo_access``: how to get into the demo, one line per role."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from berakhlak import demo
from surveys.box import ballots
from surveys.box.wave_secret import read
from surveys.models import Ballot, Participant, Wave
from surveys.people.invitations import link_for
from surveys.staff.demo_accounts import access_file

ADDRESSES = (
    ("Meja pengelola", "/desk/"),
    ("Keterangan API", "/api/docs/"),
    ("Token API", "/api/token/"),
)


class Command(BaseCommand):
    help = "Menampilkan alamat, akun, dan satu tautan pribadi untuk demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        port = os.environ.get("PORT") or "8000"
        parser.add_argument("--port", type=int, default=port)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        access = json.loads(access_file().read_text(encoding="utf-8"))
        home = f"http://localhost:{port}"
        self.stdout.write(f"\n  {home}   (data simulasi)\n")
        for name, path in ADDRESSES:
            self.stdout.write(f"  {name:<24} {home}{path}")
        self.stdout.write("")
        for email, name, title, unit, _kinds in demo.PEOPLE:
            password = access["passwords"][email]
            place = "" if unit == demo.ROOT else f", unit {unit}"
            self.stdout.write(f"  {title + place:<24} {name:<6} {email:<19} {password}")
        api = access["api"]
        self.stdout.write(
            f"  {'API':<24} client_id {api['client_id']}\n"
            f"  {'':<24} client_secret {api['client_secret']}\n"
        )
        link = unanswered_link()
        self.stdout.write(
            f"  Tautan pribadi   {home}{link}"
            if link
            else "  Gelombang demo sudah ditutup; `make reset` memulai dari awal."
        )


def unanswered_link() -> str | None:
    """The link of somebody in the open wave who has not answered yet."""
    wave = Wave.objects.filter(code=demo.this_year(), state=Wave.State.OPEN).first()
    if wave is None:
        return None
    secret = read(wave)
    people = Participant.objects.filter(wave=wave, unit__code__startswith="05.")
    for person in people.order_by("pk"):
        key = ballots.row_key(ballots.serial_of(secret, person.pk))
        if not Ballot.objects.filter(pk=key).exists():
            return link_for(wave=wave, participant=person)
    return None
