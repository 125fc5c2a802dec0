"""How somebody becomes staff: asked by an administrator, never of their own accord."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.models.organisation import User


class StaffInvitation(models.Model):
    """The way in for one account. Its link is signed, ends, and works once.

    The link holds ``edition``: sending again, or withdrawing, ends every earlier one.
    """

    user = models.OneToOneField(
        User,
        verbose_name=_("pengguna"),
        on_delete=models.CASCADE,
        related_name="invitation",
    )
    invited_by = models.ForeignKey(
        User,
        verbose_name=_("diundang oleh"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    edition = models.PositiveIntegerField(_("undangan ke"), default=1)
    expires_at = models.DateTimeField(_("berlaku sampai"))
    sent_at = models.DateTimeField(_("surel dikirim"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("diterima"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("ditarik"), null=True, blank=True)

    class Meta:
        verbose_name = _("undangan staf")
        verbose_name_plural = _("undangan staf")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True)
                | models.Q(withdrawn_at__isnull=True),
                name="staff_invitation_is_accepted_or_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return str(self.user)
