"""Answers of the open box are closed under the wave's secret until sealing.

Ballots that lie open in a running wave cannot be closed here: seal it before upgrading.
"""

from __future__ import annotations

from django.db import migrations, models

EMPTY_BOX_FIRST = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM surveys_ballot) THEN
        RAISE EXCEPTION 'Segel gelombang yang sedang berjalan sebelum memperbarui.';
    END IF;
END $$
"""
RANDOM_BYTES_DO_NOT_SHRINK = """
ALTER TABLE surveys_ballot ALTER COLUMN envelope SET STORAGE EXTERNAL
"""
NOW_OPEN = ("answers", "comments", "seconds", "longest_run", "device", "network")


class Migration(migrations.Migration):
    dependencies = (("surveys", "0007_the_shown_order_is_not_stored"),)

    operations = (
        migrations.RunSQL(EMPTY_BOX_FIRST, migrations.RunSQL.noop),
        migrations.RemoveConstraint("ballot", "ballot_answers_are_a_sheet"),
        *(migrations.RemoveField("ballot", name) for name in NOW_OPEN),
        migrations.AddField(
            "ballot",
            "envelope",
            models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.RunSQL(RANDOM_BYTES_DO_NOT_SHRINK, migrations.RunSQL.noop),
        migrations.AddField(
            "wave", "n_unreadable", models.PositiveIntegerField(default=0)
        ),
        migrations.AlterField(
            "wave",
            "secret_lost",
            models.CharField(
                blank=True,
                help_text="Mengapa disegel tanpa rahasianya, jadi tanpa jawabannya.",
                max_length=250,
            ),
        ),
    )
