"""What one person may ask of us: a copy of the contact, its erasure, a new code.

Answers are untouched: nobody can say which are theirs. While a wave takes answers the
place of an erased contact stays, under a key that only the wave's secret could read, so
that the next import neither brings the contact back nor gives a second link.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from surveys.answering import lost_links
from surveys.box import wave_secret
from surveys.errors import SurveyError, WrongState
from surveys.messages import channels, letters
from surveys.messages.wording import address_of, deadline_words
from surveys.models import (
    Contact,
    Mailing,
    Participant,
    PersonalDataAct,
    User,
    Wave,
)
from surveys.people import registrants
from surveys.people.erased import ERASED, erased_key
from surveys.people.invitations import code_hash

FEWEST_LETTERS = 3
MOST_FOUND = 50
LAST_EDITION = 32_767
UNSEALED = (Wave.State.DRAFT, Wave.State.OPEN, Wave.State.CLOSED)

Kind = PersonalDataAct.Kind


# --- Finding them --------------------------------------------------------------------


def contacts_of(wave: Wave) -> QuerySet[Contact]:
    """Everybody of this wave whose contact we hold."""
    known = Contact.objects.filter(wave=wave).exclude(person_key__startswith=ERASED)
    return known.select_related("participant__unit")


def find_people(*, wave: Wave, typed: str) -> list[Contact]:
    """By staff number or e-mail address as a whole, or by a part of the name."""
    text = typed.strip()
    if len(text) < FEWEST_LETTERS or "\0" in text:
        return []
    key = registrants.plain_key(text)
    who = Q(person_key=key) | Q(name__icontains=text)
    if "@" in text:
        who = Q(email__iexact=text)
    elif key.isdecimal():
        who = Q(person_key=key)
    return list(contacts_of(wave).filter(who).order_by("name", "pk")[:MOST_FOUND])


# --- Their rights --------------------------------------------------------------------


@transaction.atomic
def copy_for_person(*, contact: Contact, user: User, reason: str) -> dict[str, Any]:
    """All we hold of this person in this wave, in words, on record."""
    _record(contact, Kind.EXPORT, user, reason)
    person = contact.participant
    return {
        _("survei"): contact.wave.name,
        _("nomor pegawai"): contact.person_key,
        _("nama"): contact.name,
        _("surel"): contact.email,
        _("telepon"): contact.phone,
        _("unit"): f"{person.unit.code} {person.unit.name}",
        _("kelompok"): person.strata,
        _("sudah keluar dari daftar"): person.has_left,
        _("catatan"): _(
            "Jawaban tidak termasuk: jawaban tersimpan tanpa nama dan tidak dapat"
            " dihubungkan dengan siapa pun. Kode pribadi tidak disimpan."
        ),
        _("dibuat pada"): timezone.localdate().isoformat(),
    }


@transaction.atomic
def erase_contact(*, contact: Contact, user: User, reason: str) -> None:
    """Forget how to reach this person. The seat stays, and so does the link they have.

    No reminder reaches them any more, and no import brings the contact back.
    """
    wave = Wave.objects.select_for_update(no_key=True).get(pk=contact.wave_id)
    contact = Contact.objects.get(pk=contact.pk)
    if contact.person_key.startswith(ERASED):
        raise WrongState(_("Kontak orang ini sudah dihapus."))
    _record(contact, Kind.ERASE, user, reason)
    if wave.secret_check and wave.state in UNSEALED:
        secret = wave_secret.read(wave)
        contact.person_key = erased_key(secret, contact.person_key)
        contact.name = contact.email = contact.phone = ""
        contact.save()
    else:
        contact.delete()


@transaction.atomic
def change_code(*, contact: Contact, user: User, reason: str) -> Participant:
    """Make the old link worthless and a new one possible. An answer stays one answer:
    its serial hangs on the person, not on the code."""
    wave = contact.wave
    if wave.state not in (Wave.State.DRAFT, Wave.State.OPEN):
        raise WrongState(_("Kode hanya dapat diganti sebelum gelombang ditutup."))
    person = Participant.objects.select_for_update(no_key=True).get(
        pk=contact.participant_id
    )
    if person.has_left:
        raise SurveyError(_("Orang ini sudah keluar dari daftar."))
    if person.edition >= LAST_EDITION:
        raise SurveyError(_("Kode orang ini sudah terlalu sering diganti."))
    _record(contact, Kind.NEW_CODE, user, reason)
    person.edition += 1
    person.code_hash = code_hash(wave_secret.read(wave), person.pk, person.edition)
    person.save(update_fields=("edition", "code_hash"))
    return person


@transaction.atomic
def send_link(*, contact: Contact, user: User, reason: str) -> None:
    """Mail the personal link to the registered address, on record."""
    _demand_reachable(contact)
    if not contact.email:
        raise SurveyError(_("Tidak ada alamat surel. Cetak suratnya."))
    channels.demand_ready(contact.wave, Mailing.Channel.EMAIL)
    _record(contact, Kind.SENT, user, reason)
    key = contact.person_key
    transaction.on_commit(
        lambda: lost_links.ask(typed=key, home=address_of(""), language="id")
    )


@transaction.atomic
def print_link(*, contact: Contact, user: User, reason: str) -> bytes:
    """The invitation of this person as a PDF of one page, on record."""
    _demand_reachable(contact)
    _record(contact, Kind.PRINTED, user, reason)
    secret = wave_secret.read(contact.wave)
    deadline = deadline_words(contact.wave.closes_at)
    page = letters.letter(secret, contact, deadline, 1)
    return letters.pdf_of(contact.wave, [page])


def _demand_reachable(contact: Contact) -> None:
    if contact.wave.state != Wave.State.OPEN or contact.participant.has_left:
        raise WrongState(
            _("Tautan hanya diberikan kepada yang terdaftar, selama gelombang dibuka.")
        )


def _record(contact: Contact, kind: str, user: User, reason: str) -> None:
    if not reason.strip():
        raise SurveyError(_("Sebutkan alasannya."))
    PersonalDataAct.objects.create(
        wave=contact.wave,
        kind=kind,
        participant=contact.participant_id,
        operator=str(user),
        reason=reason.strip(),
    )
