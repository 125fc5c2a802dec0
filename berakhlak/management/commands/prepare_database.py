"""Bring the database to the present code: tables first, then the app's rights."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from berakhlak.privileges import grant_app_privileges

ONE_AT_A_TIME = 5_201_120  # any number that no other advisory lock uses
IS_OWNER = """
    SELECT pg_has_role(datdba, 'USAGE'), pg_get_userbyid(datdba), current_user
    FROM pg_database WHERE datname = current_database()
"""


class Command(BaseCommand):
    """``manage.py prepare_database``: safe to run twice, or from two places."""

    help = "Menyiapkan tabel, lalu memberi hak kepada peran berakhlak_app."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse anyone but the owner: migrations by another would own the tables."""
        with connection.cursor() as cursor:
            cursor.execute(IS_OWNER)
            is_owner, owner, user = cursor.fetchone()
            if not is_owner:
                raise CommandError(
                    f"Basis data ini milik {owner}, sedangkan DATABASE_URL masuk"
                    f" sebagai {user}. Jalankan prepare_database dengan alamat pemilik."
                )
            cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
            try:
                cursor.execute("SET lock_timeout = '30s'")
                quiet = options["verbosity"] - 1
                call_command("migrate", interactive=False, verbosity=quiet)
                opened = grant_app_privileges()
            finally:
                cursor.execute("RESET lock_timeout")
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
        self.stdout.write(f"Basis data siap: {opened} tabel terbuka bagi aplikasi.")
