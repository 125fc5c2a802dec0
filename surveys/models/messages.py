"""Invitations and reminders: what is written, to whom it goes, how that went.

No row here knows a time finer than a day at which a person did anything: ``due_at``
and ``reminded_on`` follow our own clock. All deliveries go at sealing, because the
reminded are those who had not finished.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models.organisation import User
from surveys.models.people import Participant
from surveys.models.wave import Wave, WaveUnit


class Mailing(models.Model):
    """One text to the people of a wave, by one channel."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Undangan")
        REMINDER = "reminder", _("Pengingat")

    class Channel(models.TextChoices):
        EMAIL = "email", _("Surel")
        GATEWAY = "gateway", _("WhatsApp atau SMS")

    class Audience(models.TextChoices):
        ALL = "all", _("Semua unit")
        SHORT = "short", _("Hanya unit yang masih kurang")
        CHOSEN = "chosen", _("Unit pilihan")

    class State(models.TextChoices):
        DRAFT = "draft", _("Rancangan")
        QUEUED = "queued", _("Terjadwal")
        SENDING = "sending", _("Sedang dikirim")
        PAUSED = "paused", _("Dijeda")
        DONE = "done", _("Selesai")
        STOPPED = "stopped", _("Dihentikan")

    wave = models.ForeignKey(
        Wave, verbose_name=_("gelombang"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("jenis"), max_length=12, choices=Kind)
    channel = models.CharField(_("saluran"), max_length=10, choices=Channel)
    audience = models.CharField(
        _("penerima"), max_length=10, choices=Audience, default=Audience.ALL
    )
    units = models.ManyToManyField(
        WaveUnit, verbose_name=_("unit pilihan"), blank=True, related_name="+"
    )
    subject = models.CharField(_("perihal"), max_length=150, blank=True)
    body = models.TextField(_("isi"))
    scheduled_at = models.DateTimeField(_("dikirim mulai"), null=True, blank=True)
    created_by = models.ForeignKey(
        User,
        verbose_name=_("ditulis oleh"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("ditulis"), auto_now_add=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(
        _("keadaan"), max_length=10, choices=State, default=State.DRAFT
    )

    n_shown = models.PositiveIntegerField(null=True, blank=True)
    """How many people it goes to, as the desk may show it: exact for an invitation."""

    n_total = models.PositiveIntegerField(default=0)
    n_sent = models.PositiveIntegerField(default=0)
    n_failed = models.PositiveIntegerField(default=0)
    n_skipped = models.PositiveIntegerField(default=0)
    n_unsure = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=40, blank=True)
    trouble_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("undangan atau pengingat")
        verbose_name_plural = _("undangan dan pengingat")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(channel="email") | ~Q(subject=""),
                name="a_letter_by_email_has_a_subject",
            ),
        )

    def __str__(self) -> str:
        """The subject with the name of its wave; other fields differ by reader."""
        if "{survei}" in self.subject:
            return self.subject.replace("{survei}", self.wave.name)
        return self.subject or str(self.get_kind_display())

    @property
    def is_reminder(self) -> bool:
        return self.kind == self.Kind.REMINDER

    @property
    def is_email(self) -> bool:
        return self.channel == self.Channel.EMAIL

    @property
    def n_done(self) -> int:
        """Deliveries that nobody has to look at any more."""
        return self.n_sent + self.n_failed + self.n_skipped + self.n_unsure


class Delivery(models.Model):
    """One message of a mailing to one person; unique, so sending is idempotent.

    ``due_at`` is when somebody must look at it next: to send it, or, while a worker
    holds it, to take it back. None once nothing is to be done.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Menunggu")
        TAKEN = "taken", _("Diambil")
        SENDING = "sending", _("Sedang dikirim")
        SENT = "sent", _("Terkirim")
        FAILED = "failed", _("Gagal")
        SKIPPED = "skipped", _("Dilewati")
        UNSURE = "unsure", _("Tidak pasti")

    mailing = models.ForeignKey(
        Mailing, on_delete=models.CASCADE, related_name="deliveries"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("pengiriman")
        verbose_name_plural = _("pengiriman")
        constraints = (
            models.UniqueConstraint(
                fields=("mailing", "participant"), name="delivery_once"
            ),
            models.UniqueConstraint(
                fields=("participant", "reminded_on"),
                condition=Q(reminded_on__isnull=False),
                name="reminded_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=("queued", "taken", "sending"), due_at__isnull=False
                )
                | Q(
                    state__in=("sent", "failed", "skipped", "unsure"),
                    due_at__isnull=True,
                ),
                name="open_delivery_is_due",
            ),
        )
        indexes = (
            models.Index(
                fields=("mailing", "due_at"),
                condition=Q(due_at__isnull=False),
                name="delivery_still_open",
            ),
            models.Index(
                fields=("mailing", "participant"),
                condition=Q(state="failed"),
                name="delivery_failed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.mailing_id} {self.state}"


class OptOut(models.Model):
    """Somebody wants no more reminders of this wave. Shown nowhere; gone at sealing."""

    participant = models.OneToOneField(
        Participant, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )

    class Meta:
        verbose_name = _("berhenti diingatkan")
        verbose_name_plural = _("berhenti diingatkan")

    def __str__(self) -> str:
        return "berhenti diingatkan"
