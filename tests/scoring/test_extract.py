"""Sealed answers as arrays: only what is asked for, and only whole sheets."""

from __future__ import annotations

import numpy as np
import pytest
from django.db import connection

from scoring import extract
from scoring.extract import answers_of_cells
from surveys.models import Answer
from tests.scoring.test_runs import sealed_wave

pytestmark = pytest.mark.django_db(transaction=True)


def test_rows_are_the_same_in_blocks_of_any_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wave = sealed_wave()
    cells = sorted(wave.cells.values_list("pk", flat=True), reverse=True)
    rows = Answer.objects.filter(wave=wave, cell__in=cells).order_by("pk")
    stored = list(rows.values_list("cell", "answers"))
    for block in (1, 64, extract.BLOCK):
        monkeypatch.setattr(extract, "BLOCK", block)
        codes, places, weights = answers_of_cells(wave, cells, width=wave.sheet_width)
        assert [cells[place] for place in places] == [cell for cell, _ in stored]
        assert codes.tolist() == [answers for _, answers in stored]
        assert np.all(weights == 1)
    first, _, _ = answers_of_cells(wave, cells, width=2)
    assert first.tolist() == [answers[:2] for _, answers in stored]
    in_any_order, _, _ = answers_of_cells(wave, cells, width=2, is_ordered=False)
    assert sorted(in_any_order.tolist()) == sorted(first.tolist())


def test_a_sheet_of_another_width_is_refused() -> None:
    wave = sealed_wave()
    cells = list(wave.cells.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE surveys_answer DISABLE TRIGGER USER")
        cursor.execute("UPDATE surveys_answer SET answers = answers || 1::smallint")
        cursor.execute("ALTER TABLE surveys_answer ENABLE TRIGGER USER")
    with pytest.raises(ValueError, match="codes wide"):
        answers_of_cells(wave, cells, width=2)


def test_cells_without_answers_give_empty_columns() -> None:
    wave = sealed_wave()
    codes, places, weights = answers_of_cells(wave, [0], width=2)
    assert (codes.shape, len(places), len(weights)) == ((0, 2), 0, 0)
