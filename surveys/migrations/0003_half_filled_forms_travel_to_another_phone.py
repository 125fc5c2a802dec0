"""Half-filled forms travel to another phone as ciphertext of one size."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("surveys", "0002_published_instruments_are_frozen"),)

    operations = (
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("ciphertext", models.BinaryField(max_length=4096)),
                ("expires_on", models.DateField(db_index=True)),
            ],
            options={
                "verbose_name": "isian yang dibawa",
                "verbose_name_plural": "isian yang dibawa",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.expressions.RawSQL(
                            "octet_length(ciphertext) = 4096",
                            (),
                            output_field=models.BooleanField(),
                        ),
                        name="draft_tells_nothing_by_its_size",
                    )
                ],
            },
        ),
    )
