"""What is asked. A published instrument never changes; a database trigger holds it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models.organisation import CODE, UnitKerja


def in_indonesian(text: dict[str, str]) -> str:
    return text.get("id") or next(iter(text.values()), "")


class Instrument(models.Model):
    """A questionnaire of one version. ``digest`` is over the canonical JSON."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Rancangan")
        PUBLISHED = "published", _("Terbit")

    code = models.CharField(_("kode"), max_length=40, validators=[CODE])
    version = models.PositiveIntegerField(_("versi"), default=1)
    title = models.JSONField(_("judul"))
    note = models.JSONField(_("catatan"), default=dict, blank=True)
    languages = ArrayField(models.CharField(max_length=10), verbose_name=_("bahasa"))
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT
    )
    digest = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    owner = models.ForeignKey(
        UnitKerja,
        verbose_name=_("disusun untuk"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Rancangan hanya terlihat oleh pengelola unit ini."),
    )
    scales = models.JSONField(default=dict, blank=True, editable=False)
    """Options by the name of the scale; a help to authors, and not digested."""
    edited_at = models.DateTimeField(_("diubah"), null=True, editable=False)
    edited_by = models.CharField(max_length=150, blank=True, editable=False)

    class Meta:
        verbose_name = _("instrumen")
        verbose_name_plural = _("instrumen")
        ordering = ("code", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=("code", "version"), name="instrument_version_once"
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | (Q(digest__regex="^[0-9a-f]{64}$") & Q(published_at__isnull=False)),
                name="published_instrument_has_digest",
            ),
        )

    def __str__(self) -> str:
        return f"{in_indonesian(self.title)} · v{self.version}"


class InstrumentPart(models.Model):
    """Shared by everything that belongs to an instrument in a given order."""

    instrument = models.ForeignKey(
        Instrument, on_delete=models.CASCADE, related_name="%(class)ss"
    )
    position = models.PositiveIntegerField(_("urutan"))
    code = models.CharField(_("kode"), max_length=40, validators=[CODE])

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code


class Dimension(InstrumentPart):
    """What questions measure; for BerAKHLAK the seven values."""

    name = models.JSONField(_("nama"))
    definition = models.JSONField(_("definisi"), default=dict, blank=True)

    class Meta(InstrumentPart.Meta):
        verbose_name = _("dimensi")
        verbose_name_plural = _("dimensi")
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("instrument", "code"), name="dimension_code_once"
            ),
        )


class Section(InstrumentPart):
    """Questions shown together, opened by one sentence."""

    title = models.JSONField(_("judul"))
    intro = models.JSONField(_("pengantar"), default=dict, blank=True)
    dimension = models.ForeignKey(
        Dimension, on_delete=models.RESTRICT, null=True, blank=True
    )

    class Meta(InstrumentPart.Meta):
        verbose_name = _("bagian")
        verbose_name_plural = _("bagian")
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("instrument", "code"), name="section_code_once"
            ),
        )


class Question(InstrumentPart):
    """One question; pick-k has ``picks`` slots, a comment none, all others one."""

    class Kind(models.TextChoices):
        RATING = "rating", _("Penilaian")
        CHOICE = "choice", _("Pilihan tunggal")
        PICK = "pick", _("Pilih k dari katalog")
        NUMBER = "number", _("Angka")
        COMMENT = "comment", _("Komentar")

    section = models.ForeignKey(
        Section, on_delete=models.RESTRICT, related_name="questions"
    )
    dimension = models.ForeignKey(
        Dimension,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="questions",
    )
    kind = models.CharField(_("jenis"), max_length=10, choices=Kind)
    scale = models.CharField(_("skala"), max_length=40, blank=True)
    label = models.JSONField(_("bunyi"))
    is_reversed = models.BooleanField(_("dibalik"), default=False)
    is_required = models.BooleanField(_("wajib"), default=False)
    picks = models.PositiveSmallIntegerField(_("banyak pilihan"), default=0)
    minimum = models.IntegerField(_("paling kecil"), default=0)
    maximum = models.IntegerField(_("paling besar"), default=0)

    class Meta(InstrumentPart.Meta):
        verbose_name = _("pertanyaan")
        verbose_name_plural = _("pertanyaan")
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("instrument", "code"), name="question_code_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="pick", picks__gt=0) | (~Q(kind="pick") & Q(picks=0)),
                name="only_pick_questions_have_picks",
            ),
            models.CheckConstraint(
                condition=Q(maximum__gte=models.F("minimum")),
                name="number_range_is_not_empty",
            ),
        )


class Option(models.Model):
    """One way to answer. ``value`` is None where the answer counts as missing."""

    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="options"
    )
    position = models.PositiveSmallIntegerField(_("urutan"))
    code = models.CharField(_("kode"), max_length=40)
    label = models.JSONField(_("label"))
    value = models.SmallIntegerField(_("angka"), null=True, blank=True)
    is_missing = models.BooleanField(_("tidak dihitung"), default=False)
    dimension = models.ForeignKey(
        Dimension, on_delete=models.RESTRICT, null=True, blank=True
    )
    polarity = models.SmallIntegerField(_("arah"), default=0)

    class Meta:
        verbose_name = _("pilihan")
        verbose_name_plural = _("pilihan")
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(
                fields=("question", "position"),
                name="option_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=("question", "code"), name="option_code_once"
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1), name="option_positions_start_at_one"
            ),
            models.CheckConstraint(
                condition=Q(is_missing=False) | Q(value__isnull=True),
                name="missing_option_has_no_value",
            ),
            models.CheckConstraint(
                condition=Q(polarity__in=(-1, 0, 1)), name="option_polarity_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.code
