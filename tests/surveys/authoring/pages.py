"""Going through the pages of authoring as a browser would."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from surveys.instruments.authoring import draft_of, store_instrument
from surveys.instruments.borrowing import borrow
from surveys.instruments.document import Document
from surveys.instruments.drafting import change_draft, revise
from surveys.instruments.ready import BEHAVIOURS, shipped
from surveys.models import Instrument, User

LIST = "admin:surveys_instrument_changelist"


def url(name: str, *arguments: object) -> str:
    return reverse(f"admin:surveys_instrument_{name}", args=arguments)


def now(draft: Instrument) -> Document:
    """The document as it is stored at this moment."""
    return draft_of(Instrument.objects.get(pk=draft.pk))


def typed(client: Client, address: str, **changes: object) -> dict[str, Any]:
    """The form of a page as a browser would send it, with these changes."""
    response = client.get(address)
    assert response.status_code == 200, address
    form = response.context["form"]
    data = {
        field.html_name: field.value()
        for field in form
        if field.value() not in (None, False)
    }
    return {**data, "seen": response.context["seen"], **changes}


def post(client: Client, address: str, **changes: object) -> Any:
    return client.post(address, typed(client, address, **changes), follow=True)


def order_of(draft: Instrument) -> str:
    """``S1:R,C;S2:K``: sections and their questions."""
    codes = {s.code: [q.code for q in s.questions] for s in now(draft).sections}
    return ";".join(f"{section}:{','.join(own)}" for section, own in codes.items())


def instrument_places(n_more: int) -> dict[str, str]:
    """Addresses for query counts: a draft of version 2, longer by ``n_more`` questions.

    ``{instrument}`` is the draft, ``{published}`` the version before it.
    """
    user = User.objects.order_by("pk")[0]
    document = shipped(BEHAVIOURS)
    published = store_instrument(document=document).instrument
    draft = revise(instrument=published, by=user)

    def longer(draft: Document) -> Document:
        for _n in range(n_more):
            draft = borrow(draft, document, "BP1", section="BP")
        return draft

    change_draft(instrument=draft, change=longer, by=user)
    return {"{instrument}": str(draft.pk), "{published}": str(published.pk)}
