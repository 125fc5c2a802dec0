"""Runs, their shards, what they computed, and what was opened to whom."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scoring.models_quality import Review as Review
from scoring.models_quality import ScenarioScore as ScenarioScore
from scoring.models_quality import UnitFlag as UnitFlag
from surveys.models import User, Wave, WaveUnit
from surveys.models.history import Recorded, record


class Scheme(models.Model):
    """A method of computing, as data. One digest, one row; never changed."""

    app_privileges = ("SELECT", "INSERT")

    code = models.CharField(_("kode"), max_length=60)
    version = models.CharField(_("versi"), max_length=20)
    name = models.CharField(_("nama"), max_length=150)
    digest = models.CharField(max_length=64, unique=True)
    document = models.JSONField(_("isi"))

    class Meta:
        verbose_name = _("metode")
        verbose_name_plural = _("metode")
        ordering = ("code", "version")

    def __str__(self) -> str:
        return f"{self.name} · {self.version}"


class Evidence(models.Model):
    """Scores of units that rest on documents; a later file adds a row."""

    app_privileges = ("SELECT", "INSERT")

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField()
    scores = models.JSONField()
    """Score (0 to 100) by code of the unit, as text in decimal."""
    digest = models.CharField(max_length=64)
    source = models.CharField(_("sumber"), max_length=200)
    uploaded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("nilai bukti")
        verbose_name_plural = _("nilai bukti")
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                fields=("wave", "number"), name="evidence_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.wave_id}/{self.number}"


class ScoringRun(models.Model):
    """One computation of one wave by one scheme; ends ``computed`` and unopened."""

    class State(models.TextChoices):
        RUNNING = "running", _("Sedang dihitung")
        FINISHING = "finishing", _("Merangkum")
        REVIEWING = "reviewing", _("Menunggu pemeriksaan")
        COMPUTED = "computed", _("Selesai dihitung")
        FAILED = "failed", _("Gagal")
        CANCELLED = "cancelled", _("Dibatalkan")

    BUSY = (State.RUNNING, State.FINISHING)
    """States in which workers have something to do."""

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="runs")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT)
    state = models.CharField(
        _("keadaan"), max_length=10, choices=State, default=State.RUNNING
    )
    started_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True
    )
    started_at = models.DateTimeField(_("dimulai"), default=timezone.now)
    computed_at = models.DateTimeField(_("selesai"), null=True, blank=True)
    code_version = models.CharField(_("versi kode"), max_length=80)
    library_versions = models.JSONField(default=dict)
    input_digest = models.CharField(_("sidik masukan"), max_length=64)
    result_digest = models.CharField(_("sidik hasil"), max_length=64, blank=True)
    analyses_digest = models.CharField(_("sidik analisis"), max_length=64, blank=True)
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, editable=False
    )
    quality_digest = models.CharField(_("sidik mutu"), max_length=64, blank=True)
    seed = models.BigIntegerField()
    n_shards = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("Kapan jawaban tersegel cocok dengan sidiknya"),
    )
    error = models.TextField(blank=True)
    warnings = models.JSONField(default=list)

    class Meta:
        verbose_name = _("perhitungan")
        verbose_name_plural = _("perhitungan")
        ordering = ("-started_at",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(error=""),
                name="cancelled_run_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | Q(computed_at=None),
                name="cancelled_run_is_not_published",
            ),
        )

    def __str__(self) -> str:
        started = timezone.localtime(self.started_at)
        return f"{self.wave} · {started:%d-%m-%Y %H.%M}"

    @property
    def is_running(self) -> bool:
        """Whether workers still have something to do for it."""
        return self.state in self.BUSY

    @property
    def may_be_cancelled(self) -> bool:
        """Whether nothing of it is published yet."""
        return self.is_running or self.state == self.State.REVIEWING

    @property
    def n_done(self) -> int:
        done = (Shard.State.DONE, Shard.State.CHECKED)
        return self.shards.filter(state__in=done).count()


class Shard(models.Model):
    """Whole units of a run, tallied by whoever holds the lease."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu")
        DONE = "done", _("Dijumlahkan")
        CHECKED = "checked", _("Diperiksa")

    run = models.ForeignKey(ScoringRun, on_delete=models.CASCADE, related_name="shards")
    number = models.PositiveIntegerField()
    cell_ids = models.JSONField()
    n_answers = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    leased_until = models.DateTimeField(null=True, blank=True)
    tally = models.BinaryField(null=True)
    moments = models.BinaryField(null=True)
    checks = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("bagian perhitungan")
        verbose_name_plural = _("bagian perhitungan")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("run", "number"), name="shard_number_once"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(tally__isnull=False),
                name="done_shard_has_its_tally",
            ),
            models.CheckConstraint(
                condition=~Q(state="checked") | Q(checks__isnull=False),
                name="checked_shard_has_its_checks",
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"


class ScoreColumns(models.Model):
    """What a score of one unit on one dimension (or ``index``) consists of."""

    run = models.ForeignKey(ScoringRun, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(WaveUnit, on_delete=models.PROTECT, related_name="+")
    dimension = models.CharField(max_length=40)
    n = models.PositiveIntegerField(null=True)
    frame = models.PositiveIntegerField(null=True)
    response_rate = models.FloatField(null=True)
    score = models.FloatField(null=True)
    se_fpc = models.FloatField(null=True)
    se_model = models.FloatField(null=True)
    degrees_of_freedom = models.FloatField(null=True)
    lower = models.FloatField(null=True)
    upper = models.FloatField(null=True)
    favourable = models.FloatField(null=True)
    band = models.CharField(max_length=10, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.unit_id} {self.dimension}"


class UnitScore(ScoreColumns):
    """Private: everything computed, before disclosure."""

    app_privileges = ("SELECT", "INSERT")

    n_received = models.PositiveIntegerField(default=0)
    score_unweighted = models.FloatField(null=True)
    """Never published: beside the weighted one it would tell strata apart."""
    flags = models.JSONField(default=list)

    class Meta:
        verbose_name = _("skor unit")
        verbose_name_plural = _("skor unit")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "unit", "dimension"), name="unit_score_once"
            ),
        )


class PublishedQuerySet(models.QuerySet["PublishedScore"]):
    def released_to(self, audiences: list[str]) -> PublishedQuerySet:
        """Rows of runs opened, by now, to one of these audiences."""
        opened = Release.objects.in_force().filter(audience__in=audiences)
        return self.filter(run__in=opened.values("run"))


class PublishedScore(ScoreColumns):
    """After disclosure: the only scores that pages, files and the API read.

    A hidden row is empty but for its unit, dimension and ``reason``.
    """

    app_privileges = ("SELECT", "INSERT")

    is_hidden = models.BooleanField(default=False)
    reason = models.CharField(max_length=30, blank=True)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        verbose_name = _("skor yang boleh tampil")
        verbose_name_plural = _("skor yang boleh tampil")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "unit", "dimension"), name="published_score_once"
            ),
            models.CheckConstraint(
                condition=Q(is_hidden=False)
                | Q(
                    n__isnull=True,
                    score__isnull=True,
                    se_fpc__isnull=True,
                    se_model__isnull=True,
                    lower__isnull=True,
                    upper__isnull=True,
                    favourable__isnull=True,
                    response_rate__isnull=True,
                    frame__isnull=True,
                    degrees_of_freedom__isnull=True,
                    band="",
                ),
                name="hidden_row_is_empty",
            ),
        )


class Analysis(models.Model):
    """What was found about a run besides its scores; written once, with them.

    Nothing in it tells of a unit whose index is hidden.
    """

    app_privileges = ("SELECT", "INSERT")

    class Kind(models.TextChoices):
        MEASUREMENT = "measurement", _("Mutu pengukuran")
        COMPARABILITY = "comparability", _("Keterbandingan")
        ORDER = "order", _("Kepastian urutan")
        DRIVERS = "drivers", _("Yang menyertai")
        LENSES = "lenses", _("Suara budaya")

    run = models.ForeignKey(ScoringRun, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=15, choices=Kind)
    unit = models.ForeignKey(
        WaveUnit, on_delete=models.PROTECT, related_name="+", null=True
    )
    document = models.JSONField()

    class Meta:
        verbose_name = _("analisis")
        verbose_name_plural = _("analisis")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "kind", "unit"),
                name="analysis_once",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.kind}"


class ReleaseQuerySet(models.QuerySet["Release"]):
    def in_force(self, at: datetime | None = None) -> ReleaseQuerySet:
        """Releases whose hour has come and that were not withdrawn."""
        return self.filter(not_before__lte=at or timezone.now(), withdrawn_at=None)


class Release(models.Model):
    """Opens the published scores of a run to one audience."""

    class Audience(models.TextChoices):
        COMMITTEE = "committee", _("Komite")
        OWN_UNIT = "own_unit", _("Pimpinan, unitnya sendiri")
        LEADERS = "leaders", _("Semua pimpinan dan pengelola")
        PUBLIC = "public", _("Umum")

    run = models.ForeignKey(
        ScoringRun, on_delete=models.PROTECT, related_name="releases"
    )
    audience = models.CharField(_("untuk"), max_length=12, choices=Audience)
    not_before = models.DateTimeField(_("mulai"), default=timezone.now)
    released_by = models.CharField(_("dibuka oleh"), max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pembukaan hasil")
        verbose_name_plural = _("pembukaan hasil")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "audience"), name="released_once_to_an_audience"
            ),
        )

    def __str__(self) -> str:
        return f"{self.run} → {self.get_audience_display()}"


class PrivateReading(models.Model):
    """Somebody read unreleased or hidden scores from the shell, and said why."""

    app_privileges = ("SELECT", "INSERT")

    run = models.ForeignKey(ScoringRun, on_delete=models.PROTECT, related_name="+")
    operator = models.CharField(_("operator"), max_length=150)
    reason = models.TextField(_("alasan"))
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("pembacaan tertutup")
        verbose_name_plural = _("pembacaan tertutup")
        ordering = ("-read_at",)

    def __str__(self) -> str:
        return f"{self.operator} {self.read_at:%d-%m-%Y}"


record(Recorded(Release))
