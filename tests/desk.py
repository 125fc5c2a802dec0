"""Going through the desk as one of the cast: sign in, read, press a button."""

from __future__ import annotations

from collections.abc import Mapping

from django.test import Client

from surveys.models import Role, UnitKerja, User
from surveys.staff.permissions import grant_role
from tests.factories import Cast, make_cast


def cast_at_desk(units: Mapping[str, UnitKerja]) -> Cast:
    """Ani administers, Budi coordinates 01, Citra is on the committee, Dewi nothing."""
    cast = make_cast(units, budi=Role.Kind.COORDINATOR)
    for role in Role.objects.select_related("user", "unit"):
        grant_role(user=role.user, kind=role.kind, unit=role.unit)
    return cast


def signed_in(name: str) -> Client:
    """A browser of the member of the cast with this name."""
    client = Client()
    client.force_login(User.objects.get(name=name))
    return client


def text_of(client: Client, url: str, status: int = 200) -> str:
    """The page, which must answer with this status."""
    response = client.get(url)
    assert response.status_code == status, url
    return response.content.decode()


def said(
    client: Client, url: str, data: Mapping[str, object] | None = None
) -> list[str]:
    """POST, follow, and what the next page says first."""
    response = client.post(url, data or {}, follow=True)
    assert response.status_code == 200, url
    return [str(message) for message in response.context["messages"]]
