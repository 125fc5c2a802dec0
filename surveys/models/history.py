"""What staff change is recorded: by triggers, so by whatever way it was changed.

Everything recorded stands in ``RECORDED``; nothing of a participant does. The app may
add lines and read them, never change or remove one. Inserts and deletes are recorded
once a statement, however many rows. Updates row by row: joining what was with what is
would be planned for the few rows of an earlier statement, and take hours for many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pghistory
from allauth.mfa.models import Authenticator
from django.db import models
from django.utils.translation import gettext_lazy as _
from pghistory.models import Event

from surveys.models.instrument import Dimension, Instrument, Option, Question, Section
from surveys.models.messages import Mailing
from surveys.models.organisation import Role, UnitKerja, User
from surveys.models.reorganisation import Bridge, BridgeEnd
from surveys.models.staff import StaffInvitation
from surveys.models.wave import Stratifier, Wave
from surveys.models.windows import Batch, BatchUnit


class WrittenOnce(Event):
    """One line of the history: the row as it was left, or as it was when removed."""

    app_privileges: ClassVar = ("SELECT", "INSERT")

    pgh_created_at = models.DateTimeField(_("waktu"), auto_now_add=True, db_index=True)

    class Meta:
        abstract = True


class SecondFactor(Authenticator):  # type: ignore[misc]  # untyped library
    """allauth's authenticators, so that setting up and removing one is recorded."""

    class Meta:
        proxy = True
        verbose_name = _("faktor kedua")
        verbose_name_plural = _("faktor kedua")

    def __str__(self) -> str:
        """Its kind alone: what it is called may be in ``data``, which is not kept."""
        kinds = {
            self.Type.TOTP: _("Aplikasi autentikator"),
            self.Type.WEBAUTHN: _("Kunci sandi"),
            self.Type.RECOVERY_CODES: _("Kode cadangan"),
        }
        return f"{kinds[self.Type(self.type)]} · {self.user}"


@dataclass(frozen=True)
class Recorded:
    """A model of the history and the fields that are not."""

    model: type[models.Model]
    leaves_out: tuple[str, ...] = ()


# Counts of people: those of a reminder are gone at sealing, and must be everywhere.
HOW_A_MAILING_GOES = (
    "created_at",
    "queued_at",
    "ended_at",
    "n_shown",
    "n_total",
    "n_sent",
    "n_failed",
    "n_skipped",
    "n_unsure",
    "trouble",
    "trouble_at",
)

RECORDED = (
    Recorded(User, ("password", "last_login", "first_name", "last_name")),
    Recorded(Role),
    Recorded(StaffInvitation),
    Recorded(SecondFactor, ("data", "created_at", "last_used_at")),
    Recorded(UnitKerja),
    Recorded(Bridge),
    Recorded(BridgeEnd),
    Recorded(Instrument, ("edited_at", "edited_by")),
    Recorded(Dimension),
    Recorded(Section),
    Recorded(Question),
    Recorded(Option),
    Recorded(Wave, ("secret_check", "windows_edition")),
    Recorded(Batch),
    Recorded(BatchUnit),
    Recorded(Stratifier),
    Recorded(Mailing, HOW_A_MAILING_GOES),
)


def record(recorded: Recorded) -> None:
    """Give the model a table of events and the triggers that fill it."""
    pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(level=pghistory.Row),
        pghistory.DeleteEvent(),
        exclude=list(recorded.leaves_out),
        base_model=WrittenOnce,
        model_name=f"{recorded.model.__name__}Event",
        app_label=recorded.model._meta.app_label,
        obj_field=pghistory.ObjForeignKey(related_name="+", db_index=True),
        context_field=pghistory.ContextJSONField(),
        context_id_field=pghistory.ContextUUIDField(),
        level=pghistory.Statement,
    )(recorded.model)


for _recorded in RECORDED:
    record(_recorded)
