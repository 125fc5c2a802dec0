"""Erasure by the clock: contacts and their files, some days after sealing.

Runs as the owner of the database, who may rewrite the table: rows that are deleted only
would stay readable in its file.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.models import Contact, Job, PersonalDataAct, Wave

REWRITE = ("VACUUM FULL surveys_contact", "SELECT pg_switch_wal()", "CHECKPOINT")


def due_waves() -> QuerySet[Wave]:
    """Sealed waves whose contacts have been kept long enough."""
    kept = timedelta(days=settings.ERASE_CONTACTS_AFTER_DAYS)
    return Wave.objects.filter(
        Exists(Contact.objects.filter(wave=OuterRef("pk"))),
        state=Wave.State.SEALED,
        sealed_at__lt=timezone.now() - kept,
    )


def erase_due_contacts() -> int:
    """Erase what is due, wave by wave; returns how many waves that were."""
    waves = list(due_waves())
    for wave in waves:
        erase_contacts(wave=wave)
    if waves:
        with connection.cursor() as cursor:
            for statement in REWRITE:
                cursor.execute(statement)
    return len(waves)


@transaction.atomic
def erase_contacts(*, wave: Wave) -> int:
    """Delete every contact of a wave, on record; its jobs let go of their files."""
    n_people, _by_model = Contact.objects.filter(wave=wave).delete()
    jobs = Job.objects.filter(wave=wave).exclude(state__in=Job.UNFINISHED)
    jobs.update(has_input=False, output_name="", input_name="")
    PersonalDataAct.objects.create(
        wave=wave,
        kind=PersonalDataAct.Kind.CLOCK,
        n_people=n_people,
        operator=_("jadwal"),
        reason=_("%(n)d hari sesudah disegel")
        % {"n": settings.ERASE_CONTACTS_AFTER_DAYS},
    )
    return n_people
