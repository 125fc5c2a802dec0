"""Who may ask the API for what: clients by token, people by session."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from oauth2_provider.models import Application

from scoring.models import ScoringRun
from surveys.models import Role, UnitKerja, User
from tests.factories import (
    Cast,
    give_role,
    make_user,
    open_run,
)
from tests.visits import client_of

pytestmark = pytest.mark.django_db

SECRET = "rahasia-klien"
RESULTS = "/api/v1/waves/W1/results/"
RANKING = "/api/v1/waves/W1/ranking/"


def make_client(owner: User) -> Application:
    return Application.objects.create(
        name="Sistem lain",
        user=owner,
        client_id=f"klien-{owner.pk}",
        client_secret=SECRET,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )


def token_of(owner: User, scope: str = "read") -> str:
    """A token fetched as the documentation says: client credentials, nothing else."""
    application = make_client(owner)
    answer = Client().post(
        "/api/token/",
        {
            "grant_type": "client_credentials",
            "client_id": application.client_id,
            "client_secret": SECRET,
            "scope": scope,
        },
    )
    assert answer.status_code == 200, answer.content
    return str(answer.json()["access_token"])


def ask(url: str, token: str) -> Any:
    return Client().get(url, headers={"Authorization": f"Bearer {token}"})


def test_a_client_reads_public_results_of_its_subtree(
    units: dict[str, UnitKerja], run: ScoringRun, cast: Cast
) -> None:
    open_run(run, "public")
    give_role(cast.dewi, Role.Kind.API_CLIENT, units["01"])
    token = token_of(cast.dewi)
    answer = ask(RESULTS, token).json()
    codes = {row["unit_code"] for row in answer["results"]}
    assert codes == {"01", "01.01", "01.02"}
    for code in ("02", "99"):
        refusal = ask(f"{RESULTS}?unit={code}", token).json()
        assert (refusal["status"], list(refusal["errors"])) == (400, ["unit"])
    assert ask(f"{RESULTS}?level=INSTANSI", token).status_code == 400
    assert ask(RANKING, token).status_code == 404
    assert len(ask("/api/v1/waves/", token).json()["results"]) == 1


@pytest.mark.parametrize("audience", ["committee", "own_unit", "leaders"])
def test_a_client_reads_nothing_that_is_not_public(
    units: dict[str, UnitKerja], run: ScoringRun, audience: str
) -> None:
    owner = make_user("Sistem")
    for kind in Role.Kind.values:
        give_role(owner, kind, units["KEM"])
    open_run(run, audience)
    token = token_of(owner)
    assert ask(RESULTS, token).status_code == 404
    assert ask(RANKING, token).status_code == 404
    assert ask("/api/v1/waves/", token).json()["results"] == []


def test_a_client_without_a_role_reads_nothing(run: ScoringRun, cast: Cast) -> None:
    open_run(run, "public")
    assert ask(RESULTS, token_of(cast.dewi)).status_code == 404


@pytest.mark.parametrize(
    ("audience", "names"),
    [
        ("committee", {"citra"}),
        ("own_unit", {"budi"}),
        ("leaders", {"ani", "budi"}),
        ("public", {"ani", "budi", "citra", "dewi"}),
    ],
)
def test_people_read_over_the_api_what_they_read_on_the_page(
    run: ScoringRun, cast: Cast, audience: str, names: set[str]
) -> None:
    open_run(run, audience)
    for name in ("ani", "budi", "citra", "dewi"):
        client = client_of(getattr(cast, name))
        expected = 200 if name in names else 404
        assert client.get(RESULTS).status_code == expected, name
        assert client.get("/api/v1/waves/").status_code == 200


def test_nobody_asks_without_signing_in(run: ScoringRun) -> None:
    open_run(run, "public")
    for url in ("/api/v1/waves/", RESULTS, RANKING):
        answer = Client().get(url)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["code"] == "not_authenticated"
        assert ask(url, "token-palsu").status_code == 401
