import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0002_hidden_rows_are_empty_throughout"),
        ("surveys", "0009_contacts_are_found_by_email"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReleaseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_created_at",
                    models.DateTimeField(
                        auto_now_add=True, db_index=True, verbose_name="waktu"
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("committee", "Komite"),
                            ("own_unit", "Pimpinan, unitnya sendiri"),
                            ("leaders", "Semua pimpinan dan pengelola"),
                            ("public", "Umum"),
                        ],
                        max_length=12,
                        verbose_name="untuk",
                    ),
                ),
                (
                    "not_before",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="mulai"
                    ),
                ),
                (
                    "released_by",
                    models.CharField(max_length=150, verbose_name="dibuka oleh"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AlterField(
            model_name="scoringrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("running", "Sedang dihitung"),
                    ("finishing", "Merangkum"),
                    ("computed", "Selesai dihitung"),
                    ("failed", "Gagal"),
                    ("cancelled", "Dibatalkan"),
                ],
                default="running",
                max_length=10,
                verbose_name="keadaan",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="release",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_releaseevent" ("audience", "created_at", "id", "not_before", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "released_by", "run_id", "withdrawn_at") SELECT new_values."audience", new_values."created_at", new_values."id", new_values."not_before", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."released_by", new_values."run_id", new_values."withdrawn_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="67863f67501795c5b27cc2f1d4b7bc1867d2bd94",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cbf87",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="scoring_release",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="release",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "scoring_releaseevent" ("audience", "created_at", "id", "not_before", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "released_by", "run_id", "withdrawn_at") VALUES (NEW."audience", NEW."created_at", NEW."id", NEW."not_before", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."released_by", NEW."run_id", NEW."withdrawn_at"); RETURN NULL;',
                    hash="65170b03fdb64a87a0b117b3ea0a585ad20eab39",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_86024",
                    table="scoring_release",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="release",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_releaseevent" ("audience", "created_at", "id", "not_before", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "released_by", "run_id", "withdrawn_at") SELECT old_values."audience", old_values."created_at", old_values."id", old_values."not_before", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."released_by", old_values."run_id", old_values."withdrawn_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="9d6b157548055c08057a449b47de0a84d8703e8e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7eb7f",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="scoring_release",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="scoringrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), _negated=True),
                    models.Q(("error", ""), _negated=True),
                    _connector="OR",
                ),
                name="cancelled_run_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoringrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), _negated=True),
                    ("result_digest", ""),
                    _connector="OR",
                ),
                name="cancelled_run_has_no_result",
            ),
        ),
        migrations.AddField(
            model_name="releaseevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="scoring.release",
            ),
        ),
        migrations.AddField(
            model_name="releaseevent",
            name="run",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="scoring.scoringrun",
            ),
        ),
    ]
