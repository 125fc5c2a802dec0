"""The box: cells and frame, ballots while open, answers once sealed.

Design and reasons: ``docs/privacy.md``. No row here leads to a person, and none of
these tables has a time or a sequence that follows the order of arrival.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models.wave import Wave, WaveUnit


class Cell(models.Model):
    """The finest group an answer can be traced to: unit (or group) by stratum.

    ``n_registered`` counts the people of the register in it; None where no frame is
    known. A cell merged into another keeps its row and its count.
    """

    app_privileges = ("SELECT", "INSERT")

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="cells")
    code = models.CharField(max_length=120)
    unit = models.ForeignKey(WaveUnit, on_delete=models.PROTECT, related_name="cells")
    strata = models.JSONField(default=dict)
    n_registered = models.PositiveIntegerField(null=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged_cells"
    )

    class Meta:
        verbose_name = _("sel")
        verbose_name_plural = _("sel")
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("wave", "code"), name="cell_code_once"),
        )

    def __str__(self) -> str:
        return self.code


class Frame(models.Model):
    """The register on the reference date, counted by unit and stratum, then frozen."""

    app_privileges = ("SELECT", "INSERT")

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="frame")
    unit = models.ForeignKey(WaveUnit, on_delete=models.PROTECT, related_name="+")
    strata = models.JSONField(default=dict)
    cell = models.ForeignKey(Cell, on_delete=models.PROTECT, related_name="frame_rows")
    n = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("kerangka")
        verbose_name_plural = _("kerangka")
        constraints = (
            models.UniqueConstraint(
                fields=("wave", "unit", "strata"), name="frame_row_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.strata}"


def answers_are_a_sheet(name: str) -> models.CheckConstraint:
    """One dimension, lower bound 1, no NULL: what a binary COPY relies on."""
    return models.CheckConstraint(
        condition=models.expressions.RawSQL(
            "array_ndims(answers) = 1 AND array_lower(answers, 1) = 1"
            " AND array_position(answers, NULL) IS NULL",
            (),
            output_field=models.BooleanField(),
        ),
        name=name,
    )


class Ballot(models.Model):
    """An answer in the open box, final when written; gone at sealing.

    ``serial`` is 128 bits of the SHA-256 of the HMAC serial; the answer itself lies in
    an envelope that only the wave's secret opens. The foreign keys have no
    constraint in the database: a check would lock, and thereby stamp, the cell's row
    at each submission. The signature of the ballot and sealing check them instead.
    """

    app_privileges = ("SELECT", "INSERT")

    serial = models.UUIDField(primary_key=True)
    wave = models.ForeignKey(
        Wave, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    cell = models.ForeignKey(
        Cell,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    envelope = models.BinaryField()

    class Meta:
        verbose_name = _("surat suara")
        verbose_name_plural = _("surat suara")

    def __str__(self) -> str:
        return "surat suara"


class Answer(models.Model):
    """A sealed answer, in random order in its cell. What scoring reads, nothing else.

    Written by the owner alone: at sealing, or by ``load_responses``.

    ``longest_run`` counts equal answers in a row, in the order the person saw.
    ``device_cluster`` and ``network_cluster`` number the answers of one unit that came
    from the same device or network, if they are enough to hide in; 0 otherwise.
    """

    app_privileges = ("SELECT",)

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="+")
    cell = models.ForeignKey(Cell, on_delete=models.PROTECT, related_name="+")
    answers = ArrayField(models.SmallIntegerField())
    seconds = ArrayField(models.SmallIntegerField(), default=list)
    longest_run = models.SmallIntegerField(default=0)
    device_cluster = models.IntegerField(default=0)
    network_cluster = models.IntegerField(default=0)
    weight = models.FloatField(null=True)

    class Meta:
        verbose_name = _("jawaban")
        verbose_name_plural = _("jawaban")
        constraints = (
            answers_are_a_sheet("answer_is_a_sheet"),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gt=0),
                name="given_weight_is_positive",
            ),
        )

    def __str__(self) -> str:
        return "jawaban"


class Receipt(models.Model):
    """A leaf of the sealed box's Merkle tree: SHA-256(0x00 ‖ receipt)."""

    app_privileges = ("SELECT",)

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="+")
    leaf = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("tanda terima")
        verbose_name_plural = _("tanda terima")
        constraints = (
            models.UniqueConstraint(fields=("wave", "leaf"), name="receipt_once"),
        )

    def __str__(self) -> str:
        return bytes(self.leaf).hex()[:8]


class Comment(models.Model):
    """A masked comment, knowing only its wave, question and unit."""

    app_privileges = ("SELECT",)

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(WaveUnit, on_delete=models.PROTECT, related_name="+")
    question_code = models.CharField(max_length=40)
    text = models.TextField()

    class Meta:
        verbose_name = _("komentar")
        verbose_name_plural = _("komentar")

    def __str__(self) -> str:
        return "komentar"


class Draft(models.Model):
    """A half-filled form carried to another phone: ciphertext, and the day it goes.

    Its id comes from a key the server never sees. No person, no wave, no time.
    """

    id = models.UUIDField(primary_key=True)
    ciphertext = models.BinaryField(max_length=4096)
    expires_on = models.DateField(db_index=True)

    class Meta:
        verbose_name = _("isian yang dibawa")
        verbose_name_plural = _("isian yang dibawa")
        constraints = (
            models.CheckConstraint(
                condition=models.expressions.RawSQL(
                    "octet_length(ciphertext) = 4096",
                    (),
                    output_field=models.BooleanField(),
                ),
                name="draft_tells_nothing_by_its_size",
            ),
        )

    def __str__(self) -> str:
        return "isian yang dibawa"


class Arrival(models.Model):
    """How many answers a unit gained in one quarter of an hour: the only clock."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="arrivals")
    unit = models.ForeignKey(WaveUnit, on_delete=models.CASCADE, related_name="+")
    quarter_hour = models.DateTimeField()
    n_new = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("kedatangan")
        verbose_name_plural = _("kedatangan")
        constraints = (
            models.UniqueConstraint(
                fields=("wave", "unit", "quarter_hour"), name="arrival_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.quarter_hour:%H.%M}"
