"""Personal codes: derived from the wave's secret, never stored; in bulk on record."""

from __future__ import annotations

import io
from collections.abc import Iterator
from uuid import UUID

import segno
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from surveys.box import ballots, wave_secret
from surveys.errors import SurveyError
from surveys.models import Contact, LinkPrinting, Participant, Wave
from surveys.people.erased import ERASED


def code_for(*, wave: Wave, participant: Participant) -> str:
    """The twelve characters this person types or clicks."""
    secret = wave_secret.read(wave)
    return ballots.code_of(secret, participant.pk, participant.edition)


def code_hash(secret: bytes, participant: UUID, edition: int) -> str:
    """What the register stores of that code."""
    return ballots.hash_of_code(secret, ballots.code_of(secret, participant, edition))


def link_for(*, wave: Wave, participant: Participant) -> str:
    """Path of the personal link."""
    code = code_for(wave=wave, participant=participant)
    return reverse("respond:open", args=[code])


def qr_svg(link: str) -> str:
    """The link as a QR code for paper: an SVG of one path, four modules of margin.

    Error correction M reads through a fold or a stamp on 15 % of the square.
    """
    out = io.BytesIO()
    segno.make(link, error="m", boost_error=False, micro=False).save(
        out, kind="svg", xmldecl=False, svgclass="qr", lineclass=None, omitsize=True
    )
    return out.getvalue().decode().strip()


def seats_in_open_waves(who: Q) -> list[Contact]:
    """Contacts that match, with their participant, where an answer can still be given.

    People who left the register have no seat. Reads only.
    """
    return list(
        Contact.objects.filter(
            who,
            wave__source=Wave.Source.ONLINE,
            wave__state=Wave.State.OPEN,
            participant__has_left=False,
        )
        .select_related("wave", "participant")
        .order_by("-wave__reference_date", "wave__code")
    )


def links_of(wave: Wave) -> Iterator[dict[str, str]]:
    """Person key, unit, contact and link of everybody still in the register."""
    secret = wave_secret.read(wave)
    contacts = (
        Contact.objects.filter(wave=wave, participant__has_left=False)
        .exclude(person_key__startswith=ERASED)
        .select_related("participant__unit")
        .order_by("participant__unit__code", "person_key")
    )
    for contact in contacts.iterator(chunk_size=5000):
        person = contact.participant
        code = ballots.code_of(secret, person.pk, person.edition)
        yield {
            "person_key": contact.person_key,
            "unit_code": person.unit.code,
            "name": contact.name,
            "email": contact.email,
            "phone": contact.phone,
            "code": ballots.in_groups(code),
            "path": reverse("respond:open", args=[code]),
        }


def record_printing(
    *, wave: Wave, operator: str, reason: str, n_links: int | None = None
) -> LinkPrinting:
    """Who writes out links in bulk, and why; both must be said, before it happens."""
    if not operator.strip() or not reason.strip():
        raise SurveyError(_("Sebutkan siapa yang mencetak dan untuk apa."))
    if n_links is None:
        n_links = Contact.objects.filter(wave=wave, participant__has_left=False).count()
    return LinkPrinting.objects.create(
        wave=wave, operator=operator, reason=reason, n_links=n_links
    )
