"""The dated tree of units and who may act for which part of it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

CODE = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$", _("Kode hanya boleh memuat huruf, angka, . _ -")
)


class UnitQuerySet(models.QuerySet["UnitKerja"]):
    def in_subtree(self, unit: UnitKerja) -> UnitQuerySet:
        """The unit itself and everything below it."""
        return self.filter(path__startswith=unit.path)

    def on(self, day: date) -> UnitQuerySet:
        """Units that exist on this day."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )


class UnitKerja(models.Model):
    """A unit of the organisation as it stands; waves keep their own frozen copy."""

    code = models.CharField(_("kode"), max_length=32, unique=True, validators=[CODE])
    name = models.CharField(_("nama"), max_length=250)
    acronym = models.CharField(_("singkatan"), max_length=60, blank=True)
    level = models.CharField(_("tingkat"), max_length=30, db_index=True)
    kind = models.CharField(_("jenis"), max_length=30, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("induk"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    path = models.CharField(max_length=500, unique=True, editable=False)
    valid_from = models.DateField(_("berlaku sejak"))
    valid_to = models.DateField(_("berlaku sampai"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit kerja")
        verbose_name_plural = _("unit kerja")
        ordering = ("path",)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="unit_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(path__endswith="/"), name="unit_path_ends_with_slash"
            ),
        )

    def __str__(self) -> str:
        return self.acronym or self.name

    @property
    def depth(self) -> int:
        """0 for a root."""
        return self.path.count("/") - 1


class UserManager(DjangoUserManager["User"]):
    def create_user(  # type: ignore[override]  # signed in by e-mail, no username
        self, email: str, password: str | None = None, **extra: object
    ) -> User:
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(  # type: ignore[override]  # signed in by e-mail, no username
        self, email: str, password: str | None = None, **extra: object
    ) -> User:
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, **extra
        )


class User(AbstractUser):
    """Staff of the platform. An employee who answers is never a User."""

    username = None  # type: ignore[assignment]  # signed in by e-mail
    email = models.EmailField(_("surel"), unique=True)
    name = models.CharField(_("nama"), max_length=150, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()  # type: ignore[misc]  # no username

    class Meta:
        verbose_name = _("pengguna")
        verbose_name_plural = _("pengguna")

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.Model):
    """One right, held for a subtree."""

    class Kind(models.TextChoices):
        ADMINISTRATOR = "administrator", _("Pengelola")
        OPERATOR = "operator", _("Operator perhitungan")
        COORDINATOR = "coordinator", _("Koordinator unit")
        LEADER = "leader", _("Pimpinan unit")
        ANALYST = "analyst", _("Analis")
        COMMITTEE = "committee", _("Anggota komite")
        API_CLIENT = "api_client", _("Sistem lain (API)")

    user = models.ForeignKey(
        User,
        verbose_name=_("pengguna"),
        on_delete=models.CASCADE,
        related_name="roles",
    )
    kind = models.CharField(_("peran"), max_length=20, choices=Kind)
    unit = models.ForeignKey(
        UnitKerja,
        verbose_name=_("untuk unit dan semua di bawahnya"),
        on_delete=models.PROTECT,
        related_name="roles",
    )

    class Meta:
        verbose_name = _("peran")
        verbose_name_plural = _("peran")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "kind", "unit"), name="role_held_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.unit}"
