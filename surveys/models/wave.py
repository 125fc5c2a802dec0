"""One survey wave, and the frozen copy of the tree it is answered and reported in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys.fieldwork.minimums import Rule
from surveys.models.instrument import Instrument
from surveys.models.organisation import CODE, UnitKerja


class Wave(models.Model):
    """A questionnaire asked of one organisation in one period."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Rancangan")
        OPEN = "open", _("Terbuka")
        CLOSED = "closed", _("Ditutup")
        SEALING = "sealing", _("Sedang disegel")
        SEALED = "sealed", _("Disegel")

    class Source(models.TextChoices):
        ONLINE = "online", _("Dijawab di sini")
        IMPORTED = "imported", _("Diimpor")

    class SealingStep(models.TextChoices):
        NONE = "", _("Belum dimulai")
        MERGED = "merged", _("Sel digabung")
        MOVED = "moved", _("Jawaban diacak dan dipindah")
        SCRUBBED = "scrubbed", _("Sisa di disk dibersihkan")
        FORGOTTEN = "forgotten", _("Kunci dimusnahkan")
        PUBLISHED = "published", _("Bukti diterbitkan")

    class MinimumRule(models.TextChoices):
        SHARE = "share", _("Bagian tetap")
        NUMBER = "number", _("Banyak tetap")
        SLOVIN = "slovin", _("Slovin")
        KREJCIE_MORGAN = "krejcie_morgan", _("Krejcie dan Morgan")
        MEAN = "mean", _("Cochran untuk rata-rata")

    code = models.CharField(_("kode"), max_length=40, unique=True, validators=[CODE])
    name = models.CharField(_("nama"), max_length=150)
    instrument = models.ForeignKey(
        Instrument, verbose_name=_("instrumen"), on_delete=models.PROTECT
    )
    root = models.ForeignKey(
        UnitKerja, verbose_name=_("organisasi"), on_delete=models.PROTECT
    )
    source = models.CharField(_("sumber jawaban"), max_length=10, choices=Source)
    is_simulated = models.BooleanField(_("data simulasi"), default=False)
    organiser = models.CharField(_("penyelenggara"), max_length=250, blank=True)
    contact = models.CharField(_("narahubung"), max_length=250, blank=True)
    purpose = models.TextField(_("tujuan"), blank=True)
    reference_date = models.DateField(_("tanggal acuan unit"))
    opens_at = models.DateTimeField(_("pengisian mulai"), null=True, blank=True)
    closes_at = models.DateTimeField(_("pengisian berakhir"))
    seals_at = models.DateTimeField(_("batas kirim"))
    min_cell = models.PositiveSmallIntegerField(_("kelompok terkecil"), default=10)
    competing_level = models.CharField(
        _("tingkat yang diperingkat"), max_length=30, default="ESELON_I"
    )
    minimum_rule = models.CharField(
        _("minimum responden"),
        max_length=15,
        choices=MinimumRule,
        default=MinimumRule.SHARE,
    )
    minimum_figure = models.FloatField(
        default=50.0,
        help_text=_("Persen, banyak orang, galat dalam persen atau poin: menurut cara"),
    )
    minimum_spread = models.FloatField(
        default=20.0, help_text=_("Simpangan baku indeks orang, untuk rata-rata")
    )
    windows_edition = models.PositiveIntegerField(
        default=0, help_text=_("Naik setiap kali waktu gelombang atau batch diubah")
    )
    opening_problem = models.TextField(
        blank=True, help_text=_("Mengapa gelombang tidak dapat dibuka sendiri")
    )
    opening_failed_at = models.DateTimeField(null=True, blank=True)

    state = models.CharField(
        _("keadaan"), max_length=10, choices=State, default=State.DRAFT
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.TextField(
        blank=True, help_text=_("Mengapa ditutup sebelum waktunya")
    )
    promise = models.JSONField(default=dict, blank=True)
    promise_digest = models.CharField(max_length=64, blank=True)
    secret_check = models.CharField(max_length=64, blank=True)
    sheet_width = models.PositiveSmallIntegerField(default=0)

    sealing_step = models.CharField(
        max_length=10, choices=SealingStep, default=SealingStep.NONE, blank=True
    )
    sealed_at = models.DateTimeField(null=True, blank=True)
    n_answers = models.PositiveIntegerField(null=True, blank=True)
    secret_lost = models.CharField(
        max_length=250,
        blank=True,
        help_text=_("Mengapa disegel tanpa rahasianya, jadi tanpa jawabannya."),
    )
    n_secret_copies = models.PositiveSmallIntegerField(default=1)
    copy_lost = models.CharField(
        max_length=250,
        blank=True,
        help_text=_("Mengapa disegel walau satu salinan rahasia tidak ditemukan."),
    )
    left_out = models.CharField(
        max_length=250,
        blank=True,
        help_text=_("Mengapa disegel tanpa surat suara yang tidak terbaca."),
    )
    n_unreadable = models.PositiveIntegerField(default=0)
    merkle_root = models.CharField(max_length=64, blank=True)
    answers_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("gelombang")
        verbose_name_plural = _("gelombang")
        ordering = ("-reference_date", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(seals_at__gte=F("closes_at")),
                name="wave_seals_after_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="wave_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(minimum_figure__gt=0) & Q(minimum_spread__gt=0),
                name="wave_minimum_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(min_cell__gte=10), name="wave_min_cell_is_at_least_ten"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(promise_digest__regex="^[0-9a-f]{64}$"),
                name="opened_wave_has_a_promise",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_online(self) -> bool:
        return self.source == self.Source.ONLINE

    @property
    def minimum(self) -> Rule:
        """By which rule the wave says how many must answer in a unit."""
        return Rule(self.minimum_rule, self.minimum_figure, self.minimum_spread)

    @property
    def has_begun(self) -> bool:
        """Whether the time to answer has come, as far as the clock says."""
        return self.opens_at is None or self.opens_at <= timezone.now()

    @property
    def has_ended(self) -> bool:
        """Whether the time to answer is over, as far as the clock says."""
        return self.closes_at <= timezone.now()


class WaveUnit(models.Model):
    """A unit as it was on the wave's reference date; scores hang here.

    A *group* is a named set of siblings too small to be shown alone: they have no cells
    of their own, ``group`` leads from them to it.
    """

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(UnitKerja, on_delete=models.PROTECT, null=True, blank=True)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=250)
    acronym = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=30)
    kind = models.CharField(max_length=30, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="children"
    )
    path = models.CharField(max_length=500)
    is_group = models.BooleanField(default=False)
    group = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="members"
    )
    batch = models.ForeignKey(
        "surveys.Batch", on_delete=models.SET_NULL, null=True, related_name="units"
    )

    class Meta:
        verbose_name = _("unit pada gelombang")
        verbose_name_plural = _("unit pada gelombang")
        ordering = ("path",)
        constraints = (
            models.UniqueConstraint(
                fields=("wave", "code"), name="wave_unit_code_once"
            ),
            models.UniqueConstraint(
                fields=("wave", "path"), name="wave_unit_path_once"
            ),
            models.CheckConstraint(
                condition=Q(group__isnull=True) | ~Q(group=F("id")),
                name="wave_unit_is_no_member_of_itself",
            ),
        )
        indexes = (
            models.Index(
                fields=("wave", "path"),
                name="wave_unit_subtree",
                opclasses=("int8_ops", "varchar_pattern_ops"),
            ),
        )

    def __str__(self) -> str:
        return self.acronym or self.name

    @property
    def depth(self) -> int:
        """0 for the root of the wave."""
        return self.path.count("/") - 1


class Stratifier(models.Model):
    """A column of the register that cells and weights may use; which exist is data."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="stratifiers")
    position = models.PositiveSmallIntegerField(
        help_text=_("Bila sel terlalu kecil, strata berurutan terakhir dilepas dulu.")
    )
    code = models.CharField(_("kolom"), max_length=40, validators=[CODE])
    name = models.CharField(_("nama"), max_length=100)
    categories = models.JSONField(_("kategori"))

    class Meta:
        verbose_name = _("strata")
        verbose_name_plural = _("strata")
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("wave", "code"), name="stratifier_code_once"
            ),
            models.UniqueConstraint(
                fields=("wave", "position"), name="stratifier_position_once"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def label_of(self, category: str) -> str:
        labels: dict[str, Any] = {c["code"]: c["label"] for c in self.categories}
        return str(labels.get(category, category))
