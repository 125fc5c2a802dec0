"""One table, made by hand: ``TABLE``."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

TABLE = """
CREATE TABLE bench_floor (
    serial uuid PRIMARY KEY, answers smallint[] NOT NULL, layout smallint NOT NULL
)
"""


class Row(models.Model):
    """An answer, and nothing about it."""

    serial = models.UUIDField(primary_key=True)
    answers = ArrayField(models.SmallIntegerField())
    layout = models.SmallIntegerField(default=0)

    class Meta:
        app_label = "floor"
        managed = False
        db_table = "bench_floor"

    def __str__(self) -> str:
        return self.serial.hex
