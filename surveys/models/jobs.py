"""Work too long for a page: who started it, how far it is, and how it ended."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models.organisation import UnitKerja, User
from surveys.models.wave import Wave


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> JobQuerySet:
        """Waiting or under way."""
        return self.filter(state__in=Job.UNFINISHED)


class Job(models.Model):
    """One piece of long work; at most one of its kind at a time for a wave or unit.

    Its files lie in ``FILES_DIR`` under the random ``key``. No person is named in
    ``words``, ``options`` or ``result``.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Menunggu")
        RUNNING = "running", _("Berjalan")
        DONE = "done", _("Selesai")
        FAILED = "failed", _("Tidak selesai")

    UNFINISHED = (State.QUEUED, State.RUNNING)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("jenis"), max_length=40)
    wave = models.ForeignKey(
        Wave, verbose_name=_("gelombang"), on_delete=models.CASCADE, null=True
    )
    root = models.ForeignKey(
        UnitKerja, verbose_name=_("unit"), on_delete=models.CASCADE, null=True
    )
    started_by = models.ForeignKey(
        User, verbose_name=_("dimulai oleh"), on_delete=models.SET_NULL, null=True
    )
    state = models.CharField(
        _("keadaan"), max_length=10, choices=State, default=State.QUEUED
    )
    n_done = models.PositiveBigIntegerField(default=0)
    n_total = models.PositiveBigIntegerField(null=True)
    n_tries = models.PositiveSmallIntegerField(default=0)
    words = models.TextField(_("keterangan"), blank=True)
    options = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    input_name = models.CharField(_("berkas"), max_length=200, blank=True)
    has_input = models.BooleanField(default=False)
    output_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(_("dibuat"), auto_now_add=True)
    started_at = models.DateTimeField(_("mulai"), null=True)
    finished_at = models.DateTimeField(_("selesai"), null=True)
    heartbeat_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("pekerjaan")
        verbose_name_plural = _("pekerjaan")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "wave", "root"),
                condition=Q(state__in=("queued", "running")),
                nulls_distinct=False,
                name="one_unfinished_job_of_a_kind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED
