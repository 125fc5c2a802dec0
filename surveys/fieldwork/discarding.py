"""Take a draft away with all that was loaded for it. What was opened stays for good."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from surveys.box import wave_secret
from surveys.errors import WrongState
from surveys.fieldwork import waves
from surveys.models import Wave

# Not by the ORM: it would fetch every person, and delete where the app has no right to,
# in tables that hold nothing of a draft.
FORGET = (
    "DELETE FROM surveys_job WHERE wave_id = %s",
    "DELETE FROM surveys_contact WHERE wave_id = %s",
    "DELETE FROM surveys_participant WHERE wave_id = %s",
    "DELETE FROM surveys_stratifier WHERE wave_id = %s",
    "DELETE FROM surveys_batchunit WHERE wave_id = %s",
    "DELETE FROM surveys_batch WHERE wave_id = %s",
    "DELETE FROM surveys_mailing WHERE wave_id = %s",
    "DELETE FROM surveys_wave WHERE id = %s",
)


@transaction.atomic
def discard_draft(*, wave: Wave) -> None:
    """Delete a draft, its register, and, once that is certain, its secret."""
    wave = waves.lock_wave(wave)
    waves.demand(wave, Wave.State.DRAFT)
    wave_secret.demand_copies(wave)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in FORGET:
                cursor.execute(statement, [wave.pk])
            connection.check_constraints()
    except IntegrityError as error:
        raise WrongState(
            _("Rancangan %(code)s sudah dipakai dan tidak dapat dihapus.")
            % {"code": wave.code}
        ) from error
    transaction.on_commit(lambda: wave_secret.destroy(wave))
