"""Flags of units, scores by scenario, and what people decided about them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models import User, WaveUnit


class UnitFlag(models.Model):
    """Private: a sign that a unit's answers were steered, or how careless they are.

    A reason to look, never a proof. Nothing in it leads to a person, and units below
    the smallest group have none.
    """

    app_privileges = ("SELECT", "INSERT")

    run = models.ForeignKey(
        "scoring.ScoringRun", on_delete=models.CASCADE, related_name="flags"
    )
    unit = models.ForeignKey(WaveUnit, on_delete=models.PROTECT, related_name="+")
    family = models.CharField(max_length=15)
    kind = models.CharField(max_length=15)
    figures = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("tanda unit")
        verbose_name_plural = _("tanda unit")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "unit", "kind"), name="unit_flag_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind}"


class ScenarioScore(models.Model):
    """Private: the index of one unit as it would be without some of the answers."""

    app_privileges = ("SELECT", "INSERT")

    run = models.ForeignKey(
        "scoring.ScoringRun", on_delete=models.CASCADE, related_name="scenarios"
    )
    unit = models.ForeignKey(WaveUnit, on_delete=models.PROTECT, related_name="+")
    scenario = models.CharField(max_length=2)
    n_removed = models.PositiveIntegerField()
    score = models.FloatField(null=True)
    rank = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("skor skenario")
        verbose_name_plural = _("skor skenario")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "unit", "scenario"), name="scenario_score_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.scenario}"


class Review(models.Model):
    """What somebody decided about a flagged unit before any score was opened.

    Rows are only added; the latest one of a unit counts until the review is completed.
    """

    class Decision(models.TextChoices):
        CLEARED = "cleared", _("Ditampilkan")
        WITHHELD = "withheld", _("Ditahan")

    app_privileges = ("SELECT", "INSERT")

    run = models.ForeignKey(
        "scoring.ScoringRun", on_delete=models.PROTECT, related_name="reviews"
    )
    unit = models.ForeignKey(WaveUnit, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(_("putusan"), max_length=10, choices=Decision)
    reason = models.TextField(_("alasan"))
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, verbose_name=_("diputuskan oleh")
    )
    decided_at = models.DateTimeField(_("diputuskan"), auto_now_add=True)

    class Meta:
        verbose_name = _("putusan pemeriksaan")
        verbose_name_plural = _("putusan pemeriksaan")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="review_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.decision}"

    @property
    def is_withheld(self) -> bool:
        return self.decision == self.Decision.WITHHELD
