from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0004_evidence_and_scores_without_weights"),
    ]

    operations = [
        migrations.AddField(
            model_name="scoringrun",
            name="checked_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Kapan jawaban tersegel cocok dengan sidiknya",
                null=True,
            ),
        ),
    ]
