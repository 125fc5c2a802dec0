"""``manage.py reset_second_factor``: when no other administrator is left to do it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from surveys.errors import SurveyError
from surveys.management.recorded import RecordedCommand
from surveys.models import User
from surveys.staff import second_factor


class Command(RecordedCommand):
    help = "Melepas faktor kedua sebuah akun; ia memasang yang baru saat masuk."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--operator", required=True, help="siapa yang melepas")
        parser.add_argument("--reason", required=True, help="mengapa")

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"Tidak ada akun dengan surel {email}.")
        try:
            second_factor.reset(user=user, reason=reason)
        except SurveyError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Faktor kedua {user} dilepas, sesinya diakhiri.")
