"""When which units may answer: batches with windows of their own, and extensions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from surveys.models.organisation import UnitKerja
from surveys.models.wave import Wave


class Batch(models.Model):
    """Units that answer in a window of their own, within that of the wave.

    Without ``opens_at`` they begin when the wave is opened.
    """

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="batches")
    name = models.CharField(_("nama batch"), max_length=100)
    opens_at = models.DateTimeField(_("mulai"), null=True, blank=True)
    closes_at = models.DateTimeField(_("berakhir"))

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batch")
        ordering = ("closes_at", "name")
        constraints = (
            models.UniqueConstraint(
                fields=("wave", "name"), name="batch_name_once_in_a_wave"
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="batch_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.name


class BatchUnit(models.Model):
    """A unit of a batch, with everything below it that is in no other batch."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="members")
    unit = models.ForeignKey(UnitKerja, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("unit dalam batch")
        verbose_name_plural = _("unit dalam batch")
        constraints = (
            models.UniqueConstraint(
                fields=("wave", "unit"), name="unit_in_one_batch_of_a_wave"
            ),
        )

    def __str__(self) -> str:
        return f"{self.batch_id} {self.unit_id}"


class Extension(models.Model):
    """A window was made longer: who, when, from, to, and why. Never shorter."""

    app_privileges = ("SELECT", "INSERT")

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="extensions")
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, related_name="extensions"
    )
    closed_at_before = models.DateTimeField(_("semula berakhir"))
    closes_at = models.DateTimeField(_("menjadi"))
    sealed_at_before = models.DateTimeField(_("batas kirim semula"))
    seals_at = models.DateTimeField(_("batas kirim menjadi"))
    reason = models.TextField(_("alasan"))
    extended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    extended_at = models.DateTimeField(_("waktu"), auto_now_add=True)

    class Meta:
        verbose_name = _("perpanjangan")
        verbose_name_plural = _("perpanjangan")
        ordering = ("-extended_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("closed_at_before")),
                name="extension_makes_longer",
            ),
            models.CheckConstraint(
                condition=Q(seals_at__gte=F("sealed_at_before")),
                name="extension_keeps_the_last_send",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="extension_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.wave_id} {self.closes_at:%d-%m-%Y}"
