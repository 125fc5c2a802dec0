"""Who may answer. Contact data lives apart, so that it can be erased by the clock."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys.models.collection import Cell
from surveys.models.organisation import UnitKerja
from surveys.models.wave import Wave


class Participant(models.Model):
    """One person's seat in one wave.

    The state knows invited or finished and nothing else: no start, no time, no
    answer. Opening the form and sending it leave this row untouched.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("Diundang")
        FINISHED = "finished", _("Selesai")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="people")
    unit = models.ForeignKey(UnitKerja, on_delete=models.PROTECT)
    strata = models.JSONField(default=dict)
    cell = models.ForeignKey(Cell, on_delete=models.PROTECT, null=True)
    edition = models.PositiveSmallIntegerField(default=1)
    code_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  # erased at sealing; NULLs may repeat, blanks may not
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    has_left = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("peserta")
        verbose_name_plural = _("peserta")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("invited", "finished")),
                name="participant_state_says_nothing_more",
            ),
        )
        indexes = (models.Index(fields=("wave", "cell", "state"), name="by_cell"),)

    def __str__(self) -> str:
        return str(self.id)


class Contact(models.Model):
    """How a participant is reached. Never read where answers are handled."""

    participant = models.OneToOneField(
        Participant, on_delete=models.CASCADE, primary_key=True
    )
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="+")
    person_key = models.CharField(_("nomor pegawai"), max_length=40)
    name = models.CharField(_("nama"), max_length=200, blank=True)
    email = models.EmailField(_("surel"), blank=True)
    phone = models.CharField(_("telepon"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("kontak")
        verbose_name_plural = _("kontak")
        constraints = (
            models.UniqueConstraint(
                fields=("wave", "person_key"), name="person_once_in_a_wave"
            ),
        )
        indexes = (models.Index(Upper("email"), name="contact_by_email"),)

    def __str__(self) -> str:
        return str(self.participant_id)


class LinkPrinting(models.Model):
    """Somebody wrote out personal links in bulk, and said why."""

    app_privileges = ("SELECT", "INSERT")

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="+")
    operator = models.CharField(_("operator"), max_length=150)
    reason = models.TextField(_("alasan"))
    n_links = models.PositiveIntegerField(_("banyak tautan"))
    printed_at = models.DateTimeField(_("waktu"), auto_now_add=True)

    class Meta:
        verbose_name = _("pencetakan tautan")
        verbose_name_plural = _("pencetakan tautan")
        ordering = ("-printed_at",)

    def __str__(self) -> str:
        return f"{self.wave_id} {self.operator} {self.printed_at:%d-%m-%Y}"


class FrameChange(models.Model):
    """Who joined or left an open wave with one import; its frame stays frozen."""

    app_privileges = ("SELECT", "INSERT")

    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, related_name="frame_changes"
    )
    n_added = models.PositiveIntegerField(_("bertambah"))
    n_left = models.PositiveIntegerField(_("keluar"))
    n_returned = models.PositiveIntegerField(_("kembali"))
    happened_on = models.DateField(_("tanggal"), default=timezone.localdate)

    class Meta:
        verbose_name = _("perubahan kerangka")
        verbose_name_plural = _("perubahan kerangka")
        ordering = ("-happened_on", "-pk")

    def __str__(self) -> str:
        return f"{self.wave_id} +{self.n_added} −{self.n_left}"


class PersonalDataAct(models.Model):
    """What was done with personal data on request or by the clock, by whom, and why.

    ``participant`` is the random id of a seat; without the contact it names nobody.
    """

    app_privileges = ("SELECT", "INSERT")

    class Kind(models.TextChoices):
        EXPORT = "export", _("Salinan diberikan")
        ERASE = "erase", _("Kontak dihapus atas permintaan")
        NEW_CODE = "new_code", _("Kode diganti")
        SENT = "sent", _("Tautan dikirim ulang")
        PRINTED = "printed", _("Tautan dicetak")
        CLOCK = "clock", _("Semua kontak dihapus menurut jadwal")

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("tindakan"), max_length=10, choices=Kind)
    participant = models.UUIDField(null=True)
    n_people = models.PositiveIntegerField(_("banyak orang"), default=1)
    operator = models.CharField(_("oleh"), max_length=150)
    reason = models.TextField(_("alasan"))
    happened_on = models.DateField(_("tanggal"), default=timezone.localdate)

    class Meta:
        verbose_name = _("tindakan atas data pribadi")
        verbose_name_plural = _("tindakan atas data pribadi")
        ordering = ("-happened_on", "-pk")

    def __str__(self) -> str:
        return f"{self.wave_id} {self.kind} {self.happened_on:%d-%m-%Y}"
