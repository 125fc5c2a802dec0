"""The API as another ministry's system uses it."""

from __future__ import annotations

from base64 import b64encode
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command

from scoring.models import PublishedScore, ScoringRun
from surveys.models import User
from tests.factories import (
    Cast,
    open_run,
)
from tests.visits import client_of, visit

pytestmark = pytest.mark.django_db

RESULTS = "/api/v1/waves/W1/results/"
RANKING = "/api/v1/waves/W1/ranking/"


def answer_of(url: str, user: User) -> Any:
    answer = visit(url, user)
    assert answer.status_code == 200, answer.content
    return answer.json()


def refusal_of(url: str, user: User) -> Any:
    answer = visit(url, user)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return answer.json()


def cursor(text: str) -> str:
    """One that we never gave out."""
    return b64encode(text.encode()).decode()


# --- What it says --------------------------------------------------------------------


def test_it_lists_waves_with_how_their_numbers_came_to_be(
    run: ScoringRun, cast: Cast
) -> None:
    open_run(run, "public")
    answer = answer_of("/api/v1/waves/", cast.dewi)
    assert answer["page_size"] == 100
    (found,) = answer["results"]
    assert found["code"] == "W1"
    assert found["organisation_code"] == "KEM"
    assert found["run"]["scheme"] == "berakhlak-rata-rata-6"
    assert found["run"]["scheme_version"] == "1"
    assert found["run"]["scheme_digest"] == run.scheme.digest
    assert found["run"]["result_digest"] == run.result_digest
    assert found["run"]["is_simulated"] is True
    assert found["run"]["source"] == "online"
    assert found["run"]["is_official"] is False
    assert found["run"]["note"].startswith("Bukan metode resmi.")
    assert found["run"]["computed_at"].endswith("+07:00")


def test_it_gives_scores_as_strings_with_six_decimals(
    run: ScoringRun, cast: Cast
) -> None:
    open_run(run, "public")
    answer = answer_of(f"{RESULTS}?unit=01.01&dimension=index", cast.dewi)
    assert answer["wave"] == "W1"
    assert answer["run"]["result_digest"] == run.result_digest
    assert answer["results"] == [
        {
            "unit_code": "01.01",
            "unit_name": "Unit 01.01",
            "level": "ESELON_II",
            "parent_code": "01",
            "dimension": "index",
            "n": 358,
            "frame": 516,
            "response_rate": "0.693798",
            "score": "66.000000",
            "se_fpc": "0.900000",
            "se_model": "1.100000",
            "lower": "64.200000",
            "upper": "67.800000",
            "favourable": "55.500000",
            "band": "B",
            "is_hidden": False,
            "reason": "",
        }
    ]


def test_a_hidden_row_is_empty_and_says_why(run: ScoringRun, cast: Cast) -> None:
    open_run(run, "public")
    rows = answer_of(f"{RESULTS}?unit=03", cast.dewi)["results"]
    assert len(rows) == 8
    for row in rows:
        assert row["is_hidden"]
        assert row["reason"] == "confidential"
        numbers = ("n", "frame", "response_rate", "score", "se_fpc", "se_model")
        assert {row[name] for name in (*numbers, "lower", "upper")} == {None}
        assert row["band"] == ""


def test_filters_choose_level_unit_and_dimension(run: ScoringRun, cast: Cast) -> None:
    open_run(run, "public")
    rows = answer_of(f"{RESULTS}?level=ESELON_I&dimension=AD", cast.dewi)["results"]
    assert [row["unit_code"] for row in rows] == ["01", "02", "03"]
    assert {row["dimension"] for row in rows} == {"AD"}


@pytest.mark.parametrize("output", ["composite", "evidence", "limiting"])
def test_what_stands_beside_the_dimensions_is_chosen_where_there_is_any(
    run: ScoringRun, cast: Cast, output: str
) -> None:
    open_run(run, "public")
    address = f"{RESULTS}?dimension={output}"
    assert list(refusal_of(address, cast.dewi)["errors"]) == ["dimension"]
    unit = run.wave.units.get(code="01")
    PublishedScore.objects.create(run=run, unit=unit, dimension=output, score=50, n=30)
    (row,) = answer_of(address, cast.dewi)["results"]
    assert (row["unit_code"], row["dimension"]) == ("01", output)
    ranking = refusal_of(f"{RANKING}?dimension={output}", cast.dewi)
    assert list(ranking["errors"]) == ["dimension"]


def test_pages_have_the_size_that_was_asked_for(run: ScoringRun, cast: Cast) -> None:
    open_run(run, "public")
    url, seen, sizes = f"{RESULTS}?page_size=10", [], []
    while url:
        answer = answer_of(url, cast.dewi)
        assert answer["page_size"] == 10
        sizes.append(len(answer["results"]))
        seen += [(row["unit_code"], row["dimension"]) for row in answer["results"]]
        url = answer["next"]
    assert sizes == [10] * 7 + [2]
    assert len(set(seen)) == len(seen) == 9 * 8


def test_the_ranking_gives_intervals_and_the_tie_for_first(
    run: ScoringRun, cast: Cast
) -> None:
    open_run(run, "public")
    answer = answer_of(RANKING, cast.dewi)
    assert (answer["level"], answer["dimension"]) == ("ESELON_I", "index")
    assert answer["run"]["result_digest"] == run.result_digest
    assert answer["intervals"] == "simultaneous"
    first, second, hidden = answer["results"]
    assert (first["unit_code"], first["rank"]) == ("01", 1)
    assert (first["rank_lower"], first["rank_upper"]) == (1, 1)
    assert first["is_in_first_set"]
    assert Decimal(first["score"]) == Decimal("64.6")
    assert (second["rank_lower"], second["is_in_first_set"]) == (2, False)
    assert (hidden["unit_code"], hidden["rank"], hidden["score"]) == ("03", None, None)
    assert hidden["reason"] == "confidential"
    lower = answer_of(f"{RANKING}?level=ESELON_II&dimension=AD", cast.dewi)
    assert len(lower["results"]) == 5


# --- Refusals ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "/api/v1/waves/W9/results/",
        "/api/v1/waves/W9/ranking/",
        "/api/v1/entah/",
    ],
)
def test_what_does_not_exist_is_a_problem_with_a_code(
    run: ScoringRun, cast: Cast, url: str
) -> None:
    open_run(run, "public")
    assert refusal_of(url, cast.dewi)["code"] == "not_found"


def test_a_closed_wave_and_no_wave_are_refused_alike(
    run: ScoringRun, cast: Cast
) -> None:
    assert refusal_of(RESULTS, cast.dewi) == refusal_of(
        RESULTS.replace("W1", "W9"), cast.dewi
    )


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (f"{RESULTS}?page_size=1001", "page_size"),
        (f"{RESULTS}?page_size=0", "page_size"),
        (f"{RESULTS}?page_size=banyak", "page_size"),
        (f"{RESULTS}?page_size={'9' * 5000}", "page_size"),
        (f"{RESULTS}?cursor=entah", "cursor"),
        (f"{RESULTS}?cursor={cursor('p=%00')}", "cursor"),
        (f"/api/v1/waves/?cursor={cursor('p=besok')}", "cursor"),
        (f"{RESULTS}?tingkat=ESELON_I", "tingkat"),
        (f"{RESULTS}?level=ESELON_IX", "level"),
        (f"{RESULTS}?unit=99", "unit"),
        (f"{RESULTS}?dimension=XX", "dimension"),
        (f"{RANKING}?level=ESELON_IX", "level"),
        (f"{RANKING}?dimension=XX", "dimension"),
    ],
)
def test_it_refuses_what_it_cannot_do_as_asked(
    run: ScoringRun, cast: Cast, address: str, name: str
) -> None:
    open_run(run, "public")
    refusal = refusal_of(address, cast.dewi)
    assert (refusal["status"], refusal["code"]) == (400, "invalid")
    assert list(refusal["errors"]) == [name]


@pytest.mark.parametrize(
    "address",
    [
        f"{RESULTS}?unit=%00",
        f"{RESULTS}?level=%00",
        f"{RANKING}?level=%00",
        "/api/v1/waves/X%00/results/",
    ],
)
def test_a_nul_is_refused_before_anything_looks_for_it(
    run: ScoringRun, cast: Cast, address: str
) -> None:
    refusal = refusal_of(address, cast.dewi)
    assert (refusal["status"], refusal["code"]) == (400, "invalid")


def test_it_can_only_be_read(run: ScoringRun, cast: Cast) -> None:
    answer = client_of(cast.ani).post(RESULTS, {}, content_type="application/json")
    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"


# --- The document --------------------------------------------------------------------


def test_the_openapi_document_is_complete_and_without_warnings(tmp_path: Any) -> None:
    file = tmp_path / "schema.yaml"
    call_command(
        "spectacular", "--validate", "--fail-on-warn", f"--file={file}", verbosity=0
    )
    document = file.read_text()
    for address in ("/waves/:", "/waves/{code}/results/:", "/waves/{code}/ranking/:"):
        assert f"/api/v1{address}" in document
    assert "tokenUrl: /api/token/" in document


def test_the_documents_are_served() -> None:
    assert visit("/api/schema/").status_code == 200
    answer = visit("/api/docs/")
    assert answer.status_code == 200
    assert "'unsafe-" not in answer["Content-Security-Policy"]
