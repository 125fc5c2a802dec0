"""The life of a draft: begun, changed by several people, published or discarded."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from surveys.errors import SurveyError
from surveys.files.problems import InputError
from surveys.instruments.authoring import draft_of, publish_instrument, write_draft
from surveys.instruments.checks import checks_of
from surveys.instruments.document import Document, canonical, digest_of
from surveys.instruments.parts import EditedMeanwhile, Unfit
from surveys.instruments.proofreading import faults_in
from surveys.models import Instrument, UnitKerja, User
from surveys.staff.permissions import MANAGES, covers, paths_of

Change = Callable[[Document], Document]
DRAFT, PUBLISHED = Instrument.Status.DRAFT, Instrument.Status.PUBLISHED


@transaction.atomic
def create_draft(
    *, document: Document, owner: UnitKerja | None, by: User
) -> Instrument:
    """A first version; its code must be free."""
    if Instrument.objects.filter(code=document.code).exists():
        raise Unfit("code", _("Kode ini sudah dipakai. Pilih kode lain."))
    return _write_new(document, owner, by)


@transaction.atomic
def change_draft(*, instrument: Instrument, change: Change, by: User) -> Document:
    """Apply one change to the draft as it stands now, whoever changed it before.

    EditedMeanwhile and Unfit come from ``change``; nothing is written then.
    """
    locked = _locked(instrument)
    before = draft_of(locked)
    after = change(before)
    if after != before:
        _demand_no_faults(after)
        write_draft(instrument=locked, document=after, by=str(by))
    return after


@transaction.atomic
def discard_draft(*, instrument: Instrument) -> None:
    """Delete a draft; what is published stays for good."""
    _locked(instrument).delete()


@transaction.atomic
def publish_draft(*, instrument: Instrument, by: User) -> Instrument:
    """Freeze and digest a draft that lacks nothing."""
    locked = _locked(instrument)
    blocking = [one for one in checks_of(draft_of(locked)) if one.blocks]
    if blocking:
        raise SurveyError(
            _("Belum dapat terbit: %(words)s") % {"words": blocking[0].words}
        )
    locked.edited_by = str(by)
    return publish_instrument(instrument=locked)


@transaction.atomic
def revise(*, instrument: Instrument, by: User) -> Instrument:
    """The draft of the next version; one that is there already is taken up again."""
    Instrument.objects.select_for_update(of=("self",)).get(pk=instrument.pk)
    versions = Instrument.objects.filter(code=instrument.code)
    begun = versions.filter(status=DRAFT).first()
    if begun is not None:
        demand_may_edit(begun, by)
        return begun
    last = versions.aggregate(last=Max("version"))["last"]
    document = draft_of(instrument).model_copy(update={"version": last + 1})
    return _write_new(document, instrument.owner, by)


@transaction.atomic
def store_import(
    *, document: Document, owner: UnitKerja | None, by: User, replace: bool
) -> Instrument:
    """A draft from a file; another draft of that version is only replaced if asked."""
    _demand_no_faults(document)
    code, version = document.code, document.version
    same_code = Instrument.objects.select_for_update(of=("self",)).filter(code=code)
    versions = {one.version: one for one in same_code.order_by("version")}
    for one in versions.values():
        demand_may_edit(one, by)
    found = versions.get(version)
    if found is None:
        first = next(iter(versions.values()), None)
        return _write_new(document, first.owner if first else owner, by)
    names = {"code": code, "version": version}
    if found.status == PUBLISHED:
        if found.digest == digest_of(canonical(document)):
            return found
        raise SurveyError(
            _(
                "%(code)s versi %(version)d sudah terbit dengan isi lain. Naikkan"
                " version di berkas, lalu impor lagi."
            )
            % names
        )
    if not replace:
        raise Unfit(
            "replace",
            _(
                "Rancangan %(code)s versi %(version)d sudah ada. Centang “Ganti"
                " rancangan yang ada” bila memang mau diganti."
            )
            % names,
        )
    write_draft(instrument=found, document=document, by=str(by))
    return found


def may_edit(user: User, instrument: Instrument) -> bool:
    """Administrators of the unit it is written for; of any unit where none is named."""
    paths = paths_of(user, MANAGES)
    if instrument.owner is None:
        return bool(paths)
    return covers(paths, instrument.owner)


def demand_may_edit(instrument: Instrument, user: User) -> None:
    """Nobody goes on with the versions of somebody else's instrument."""
    if not may_edit(user, instrument):
        raise Unfit("file", _("Kode ini dipakai instrumen unit lain. Pilih kode lain."))


def _write_new(document: Document, owner: UnitKerja | None, by: User) -> Instrument:
    draft = Instrument(code=document.code, version=document.version, owner=owner)
    write_draft(instrument=draft, document=document, by=str(by))
    return draft


def _locked(instrument: Instrument) -> Instrument:
    found = (
        Instrument.objects.select_for_update(of=("self",))
        .filter(pk=instrument.pk)
        .first()
    )
    if found is None:
        raise EditedMeanwhile(_("Rancangan ini sudah dibuang."))
    if found.status != DRAFT or found.wave_set.exists():
        raise SurveyError(
            _("Instrumen ini sudah terbit dan tidak berubah lagi. Buat versi baru.")
        )
    return found


def _demand_no_faults(document: Document) -> None:
    problems = list(faults_in(document))
    if problems:
        raise InputError(problems)
