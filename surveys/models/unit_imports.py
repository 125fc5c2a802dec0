"""A file of units that was tried, and what it would change or has changed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models.organisation import UnitKerja, User


class UnitImport(models.Model):
    """One dry run. Applying it does what its lines show, or nothing."""

    root = models.ForeignKey(
        UnitKerja, on_delete=models.PROTECT, null=True, related_name="+"
    )
    starts_on = models.DateField(_("berlaku mulai"), null=True)
    reason = models.CharField(_("dasar atau alasan"), max_length=250)
    file_name = models.CharField(_("berkas"), max_length=200)
    tree_digest = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    n_problems = models.PositiveIntegerField(default=0)
    tried_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    tried_at = models.DateTimeField(auto_now_add=True)
    applied_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("impor unit")
        verbose_name_plural = _("impor unit")
        ordering = ("-tried_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(n_problems=0),
                name="faulty_unit_import_is_not_applied",
            ),
        )

    def __str__(self) -> str:
        return self.file_name


class UnitImportLine(models.Model):
    """One unit that the file changes, as it was and as it is to be."""

    class Kind(models.TextChoices):
        ADDED = "added", _("Ditambahkan")
        RENAMED = "renamed", _("Ganti nama")
        MOVED = "moved", _("Pindah")
        CLOSED = "closed", _("Ditutup")
        CHANGED = "changed", _("Data lain")
        MISSING = "missing", _("Tidak ada dalam berkas")
        KEPT = "kept", _("Tidak ada dalam berkas, tetapi masih menjadi induk")

    trial = models.ForeignKey(
        UnitImport, on_delete=models.CASCADE, related_name="lines"
    )
    kinds = ArrayField(models.CharField(max_length=10, choices=Kind))
    code = models.CharField(max_length=32)
    line = models.PositiveIntegerField(default=0)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        verbose_name = _("baris impor unit")
        verbose_name_plural = _("baris impor unit")
        ordering = ("trial", "code")
        constraints = (
            models.UniqueConstraint(
                fields=("trial", "code"), name="unit_import_line_once"
            ),
        )
        indexes = (GinIndex(fields=("kinds",), name="unit_import_line_kinds"),)

    def __str__(self) -> str:
        return self.code
