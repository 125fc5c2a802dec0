"""``manage.py invite_staff``: the first administrators, from the shell."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from surveys.errors import SurveyError
from surveys.management.recorded import RecordedCommand
from surveys.models import Role, UnitKerja
from surveys.staff.staff_invitations import Held, invite, path_of


class Command(RecordedCommand):
    help = "Membuat akun dan mencetak tautan undangannya (72 jam, sekali pakai)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=Role.Kind.values)
        parser.add_argument("--unit", required=True, help="kode unit; juga di bawahnya")

    def handle(
        self, *args: Any, email: str, name: str, role: str, unit: str, **options: Any
    ) -> None:
        found = UnitKerja.objects.filter(code=unit).first()
        if found is None:
            raise CommandError(f"Unit {unit} tidak ada.")
        try:
            invitation = invite(
                email=email, name=name, roles=[Held(role, found)], invited_by=None
            )
        except SurveyError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(path_of(invitation))
