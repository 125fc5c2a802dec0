"""What units were before, and how old ones lead to new ones."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from surveys.models.organisation import UnitKerja, User


class FormerUnit(models.Model):
    """What a unit was called and where it stood in a period that is over.

    ``UnitKerja`` itself holds how it stands since the day after the last of these.
    """

    app_privileges = ("SELECT", "INSERT")

    unit = models.ForeignKey(UnitKerja, on_delete=models.PROTECT, related_name="former")
    name = models.CharField(_("nama"), max_length=250)
    acronym = models.CharField(_("singkatan"), max_length=60, blank=True)
    level = models.CharField(_("tingkat"), max_length=30)
    kind = models.CharField(_("jenis"), max_length=30, blank=True)
    parent = models.ForeignKey(
        UnitKerja, on_delete=models.PROTECT, null=True, related_name="former_children"
    )
    valid_from = models.DateField(_("berlaku sejak"))
    valid_to = models.DateField(_("berlaku sampai"))
    reason = models.CharField(_("alasan berubah"), max_length=250, blank=True)
    recorded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("keadaan unit yang lalu")
        verbose_name_plural = _("keadaan unit yang lalu")
        ordering = ("unit", "valid_from")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="former_unit_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="unit_was_one_thing_at_a_time",
                expressions=(
                    # int8range, because equality of a number needs an extension here
                    (
                        Func("unit", "unit", Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            "valid_from", "valid_to", Value("[]"), function="daterange"
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ),
            ),
        )

    def __str__(self) -> str:
        return self.acronym or self.name


class Bridge(models.Model):
    """A reorganisation, so that trends can cross it.

    Its single side is ``unit``: what a merger leads to, what a split or a succession
    starts from. The other side are its ``ends``. A unit that goes on under its code,
    absorbing others or giving some away, stands on both sides.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", _("Penggabungan")
        SPLIT = "split", _("Pemekaran")
        SUCCESSION = "succession", _("Dilanjutkan unit lain")

    kind = models.CharField(_("peristiwa"), max_length=10, choices=Kind)
    unit = models.ForeignKey(UnitKerja, on_delete=models.PROTECT, related_name="+")
    happened_on = models.DateField(_("berlaku mulai"))
    reason = models.CharField(_("dasar atau alasan"), max_length=250)
    recorded_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("jembatan antarunit")
        verbose_name_plural = _("jembatan antarunit")
        ordering = ("-happened_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("merge", "split", "succession")),
                name="bridge_kind_is_known",
            ),
            models.UniqueConstraint(
                fields=("unit", "kind", "happened_on"), name="bridge_recorded_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on:%d-%m-%Y}"


class BridgeEnd(models.Model):
    """One unit on the many-sided side of a bridge.

    ``share`` is the part of the people of the source that this end took over (split),
    or gave away (merger); None where nobody counted.
    """

    bridge = models.ForeignKey(Bridge, on_delete=models.CASCADE, related_name="ends")
    unit = models.ForeignKey(UnitKerja, on_delete=models.PROTECT, related_name="+")
    share = models.DecimalField(
        _("bagian pegawai"), max_digits=5, decimal_places=4, null=True, blank=True
    )

    class Meta:
        verbose_name = _("ujung jembatan")
        verbose_name_plural = _("ujung jembatan")
        ordering = ("unit__code",)
        constraints = (
            models.UniqueConstraint(
                fields=("bridge", "unit"), name="bridge_ends_once_at_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=1),
                name="bridge_share_is_a_share",
            ),
        )

    def __str__(self) -> str:
        return str(self.unit)
