"""A wave only moves forward, its promise stands, and sealed answers never change.

Held by the database, whoever asks: the application's role may write waves, and the
owner seals them.
"""

from __future__ import annotations

from django.db import migrations

GUARD = """
CREATE FUNCTION surveys_guard_wave() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    states text[] := ARRAY['draft', 'open', 'closed', 'sealing', 'sealed'];
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'wave % was opened and stays', OLD.code
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF array_position(states, NEW.state::text) < array_position(states, OLD.state::text)
    THEN
        RAISE EXCEPTION 'wave % only moves forward', OLD.code
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.code, NEW.source, NEW.instrument_id, NEW.root_id, NEW.reference_date,
        NEW.is_simulated, NEW.competing_level, NEW.min_cell, NEW.sheet_width,
        NEW.promise, NEW.promise_digest, NEW.secret_check, NEW.opened_at)
       IS DISTINCT FROM
       (OLD.code, OLD.source, OLD.instrument_id, OLD.root_id, OLD.reference_date,
        OLD.is_simulated, OLD.competing_level, OLD.min_cell, OLD.sheet_width,
        OLD.promise, OLD.promise_digest, OLD.secret_check, OLD.opened_at)
    THEN
        RAISE EXCEPTION 'wave % keeps what it promised', OLD.code
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'sealed' AND
       (NEW.n_answers, NEW.merkle_root, NEW.answers_digest, NEW.sealed_at,
        NEW.secret_lost)
       IS DISTINCT FROM
       (OLD.n_answers, OLD.merkle_root, OLD.answers_digest, OLD.sealed_at,
        OLD.secret_lost)
    THEN
        RAISE EXCEPTION 'wave % is sealed', OLD.code
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER wave_moves_forward BEFORE UPDATE OR DELETE ON surveys_wave
FOR EACH ROW EXECUTE FUNCTION surveys_guard_wave();

CREATE FUNCTION surveys_guard_answers() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM surveys_wave
        WHERE state = 'sealed' AND id IN (SELECT DISTINCT wave_id FROM touched)
    ) THEN
        RAISE EXCEPTION 'the answers of a sealed wave never change'
        USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER no_answer_is_added AFTER INSERT ON surveys_answer
REFERENCING NEW TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION surveys_guard_answers();
CREATE TRIGGER no_answer_is_changed AFTER UPDATE ON surveys_answer
REFERENCING OLD TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION surveys_guard_answers();
CREATE TRIGGER no_answer_is_removed AFTER DELETE ON surveys_answer
REFERENCING OLD TABLE AS touched
FOR EACH STATEMENT EXECUTE FUNCTION surveys_guard_answers();
"""

RELEASE = """
DROP TRIGGER no_answer_is_removed ON surveys_answer;
DROP TRIGGER no_answer_is_changed ON surveys_answer;
DROP TRIGGER no_answer_is_added ON surveys_answer;
DROP FUNCTION surveys_guard_answers();
DROP TRIGGER wave_moves_forward ON surveys_wave;
DROP FUNCTION surveys_guard_wave();
"""


class Migration(migrations.Migration):
    dependencies = (("surveys", "0004_units_are_no_members_of_themselves"),)

    operations = (migrations.RunSQL(GUARD, RELEASE),)
