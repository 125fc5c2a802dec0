"""What the console reads: counts kept by the clock, one row a unit.

Exact and additive, so that they can be checked against a full recount. Whoever shows
one shows ``n_told``, in steps.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.models.wave import Wave, WaveUnit


class UnitCount(models.Model):
    """How far a unit is, everything below it included, when it was last counted.

    ``n_told`` is ``n_answered`` without parts that it would give away, and all that any
    page shows, in steps. ``n_registered`` and ``n_needed`` are those of the opening;
    ``n_added`` and ``n_left`` say how the register changed since. ``low`` and ``high``
    bound what is expected at closing, None where nothing can be said.
    """

    class Outlook(models.TextChoices):
        WAITING = "waiting", _("Belum dibuka")
        EARLY = "early", _("Terlalu dini")
        REACHED = "reached", _("Tercapai")
        ON_PLAN = "on_plan", _("Sesuai rencana")
        MAYBE_SHORT = "maybe_short", _("Mungkin kurang")
        SHORT = "short", _("Diperkirakan kurang")
        QUIET = "quiet", _("Perlu dihubungi")
        MISSED = "missed", _("Tidak tercapai")

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="+")
    unit = models.OneToOneField(
        WaveUnit, on_delete=models.CASCADE, primary_key=True, related_name="count"
    )
    height = models.PositiveSmallIntegerField()
    n_registered = models.PositiveIntegerField()
    n_needed = models.PositiveIntegerField()
    n_answered = models.PositiveIntegerField(default=0)
    n_told = models.PositiveIntegerField(default=0)
    n_before = models.PositiveIntegerField(default=0)
    n_added = models.PositiveIntegerField(default=0)
    n_left = models.PositiveIntegerField(default=0)
    n_left_before = models.PositiveIntegerField(default=0)
    low = models.PositiveIntegerField(null=True)
    high = models.PositiveIntegerField(null=True)
    outlook = models.CharField(max_length=12, choices=Outlook, default=Outlook.EARLY)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("hitungan unit")
        verbose_name_plural = _("hitungan unit")

    def __str__(self) -> str:
        return f"{self.unit_id}"


class LevelCount(models.Model):
    """How many units of one level have which outlook, in the whole wave."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="+")
    depth = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=30)
    outlook = models.CharField(max_length=12, choices=UnitCount.Outlook)
    n_units = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("hitungan tingkat")
        verbose_name_plural = _("hitungan tingkat")
        ordering = ("depth", "level")
        constraints = (
            models.UniqueConstraint(
                fields=("wave", "depth", "level", "outlook"), name="level_count_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.level} {self.outlook}"


class HourCount(models.Model):
    """Answers of one hour in a unit and below it; of large units, until sealing."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(WaveUnit, on_delete=models.CASCADE, related_name="+")
    hour = models.DateTimeField()
    n_new = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("hitungan jam")
        verbose_name_plural = _("hitungan jam")
        constraints = (
            models.UniqueConstraint(fields=("unit", "hour"), name="hour_count_once"),
        )
        indexes = (models.Index(fields=("wave", "hour"), name="hours_of_a_wave"),)

    def __str__(self) -> str:
        return f"{self.unit_id} {self.hour:%H.%M}"
