"""A published instrument never changes: the database refuses, whoever asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from surveys.instruments.authoring import is_intact
from surveys.models import Dimension, Instrument, Option, Question, Section
from tests.surveys.box import make_instrument

pytestmark = pytest.mark.django_db


def refuses(change: Callable[[], object]) -> None:
    with (
        pytest.raises(IntegrityError, match="never changes"),
        transaction.atomic(),
    ):
        change()


def test_the_orm_changes_nothing() -> None:
    instrument = make_instrument()
    question = instrument.questions.first()
    option = Option.objects.first()
    assert question
    assert option
    instrument.title = {"id": "Lain"}
    question.label = {"id": "Lain"}
    option.value = 9
    for row in (instrument, question, option):
        refuses(row.save)
    for rows in (Option, Question):
        refuses(rows.objects.all().delete)
    refuses(lambda: Dimension.objects.update(position=5))
    refuses(lambda: Section.objects.update(intro={"id": "Lain"}))
    instrument.refresh_from_db()
    assert is_intact(instrument)


def test_nothing_can_be_added() -> None:
    instrument = make_instrument()
    question = instrument.questions.all()[0]
    section = instrument.sections.all()[0]
    part = {"instrument": instrument, "position": 9, "code": "BARU"}
    text = {"id": "Baru"}
    refuses(lambda: Dimension.objects.create(**part, name=text))
    refuses(lambda: Section.objects.create(**part, title=text))
    refuses(
        lambda: Question.objects.create(
            **part, section=section, kind="comment", label=text
        )
    )
    refuses(
        lambda: Option.objects.create(
            question=question, position=9, code="BARU", label=text
        )
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE surveys_instrument SET status = 'draft'",
        "UPDATE surveys_instrument SET digest = repeat('0', 64)",
        "UPDATE surveys_question SET is_reversed = NOT is_reversed",
        "UPDATE surveys_option SET value = 1 WHERE value = 2",
        "DELETE FROM surveys_option",
        "DELETE FROM surveys_question",
        "DELETE FROM surveys_section",
        "DELETE FROM surveys_dimension",
        "DELETE FROM surveys_instrument",
        "INSERT INTO surveys_option (question_id, position, code, label, is_missing,"
        " polarity) SELECT question_id, 99, 'X', '{}', true, 0 FROM surveys_option"
        " LIMIT 1",
    ],
)
def test_raw_sql_changes_nothing(statement: str) -> None:
    make_instrument()

    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    refuses(execute)


def test_a_part_of_a_draft_cannot_be_moved_in() -> None:
    published = make_instrument("terbit")
    draft = Instrument.objects.create(
        code="rancangan", title={"id": "Rancangan"}, languages=["id"]
    )
    dimension = Dimension.objects.create(
        instrument=draft, position=1, code="Z", name={"id": "Z"}
    )
    dimension.instrument = published
    refuses(dimension.save)


def test_a_draft_can_be_changed_and_deleted() -> None:
    draft = Instrument.objects.create(
        code="rancangan", title={"id": "Rancangan"}, languages=["id"]
    )
    Dimension.objects.create(instrument=draft, position=1, code="Z", name={"id": "Z"})
    draft.dimensions.update(position=2)
    draft.delete()
    assert not Dimension.objects.exists()
