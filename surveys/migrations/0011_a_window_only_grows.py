"""A window only grows, with a reason on record; what was promised is never loosened.

Held by the database, whoever asks. Times of a simulated wave may be set at will: no
real person relies on them.
"""

from __future__ import annotations

from importlib import import_module

from django.db import migrations

BEFORE = import_module("surveys.migrations.0005_what_is_sealed_stays_sealed").GUARD

GUARD = """
CREATE OR REPLACE FUNCTION surveys_guard_wave() RETURNS trigger
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
        NEW.promise, NEW.promise_digest, NEW.secret_check, NEW.opened_at,
        NEW.opens_at, NEW.minimum_rule, NEW.minimum_figure, NEW.minimum_spread,
        NEW.purpose)
       IS DISTINCT FROM
       (OLD.code, OLD.source, OLD.instrument_id, OLD.root_id, OLD.reference_date,
        OLD.is_simulated, OLD.competing_level, OLD.min_cell, OLD.sheet_width,
        OLD.promise, OLD.promise_digest, OLD.secret_check, OLD.opened_at,
        OLD.opens_at, OLD.minimum_rule, OLD.minimum_figure, OLD.minimum_spread,
        OLD.purpose)
    THEN
        RAISE EXCEPTION 'wave % keeps what it promised', OLD.code
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT OLD.is_simulated AND
       (NEW.closes_at, NEW.seals_at) IS DISTINCT FROM (OLD.closes_at, OLD.seals_at)
    THEN
        IF OLD.state <> 'open' OR NEW.closes_at < OLD.closes_at
           OR NEW.seals_at < OLD.seals_at OR NOT EXISTS (
               SELECT FROM surveys_extension
               WHERE wave_id = OLD.id AND seals_at = NEW.seals_at
                 AND closes_at = NEW.closes_at)
        THEN
            RAISE EXCEPTION 'wave % is only extended, while open and for a reason',
            OLD.code USING ERRCODE = 'restrict_violation';
        END IF;
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

CREATE FUNCTION surveys_guard_batch() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    wave surveys_wave;
BEGIN
    SELECT * INTO wave FROM surveys_wave WHERE id = coalesce(OLD.wave_id, NEW.wave_id);
    IF wave.id IS NULL OR wave.state = 'draft' OR wave.is_simulated THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND wave.state = 'open'
       AND (NEW.wave_id, NEW.name, NEW.opens_at)
           IS NOT DISTINCT FROM (OLD.wave_id, OLD.name, OLD.opens_at)
       AND NEW.closes_at >= OLD.closes_at AND EXISTS (
           SELECT FROM surveys_extension
           WHERE batch_id = OLD.id AND closes_at = NEW.closes_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a batch of wave % is only extended, for a reason', wave.code
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER batch_only_grows
BEFORE INSERT OR UPDATE OR DELETE ON surveys_batch
FOR EACH ROW EXECUTE FUNCTION surveys_guard_batch();

CREATE FUNCTION surveys_guard_draft() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    wave surveys_wave;
BEGIN
    SELECT * INTO wave FROM surveys_wave WHERE id = coalesce(OLD.wave_id, NEW.wave_id);
    IF wave.id IS NULL OR wave.state = 'draft' OR wave.source = 'imported' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    RAISE EXCEPTION '% belongs to what wave % promised', TG_TABLE_NAME, wave.code
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER batch_keeps_its_units
BEFORE INSERT OR UPDATE OR DELETE ON surveys_batchunit
FOR EACH ROW EXECUTE FUNCTION surveys_guard_draft();

CREATE TRIGGER unit_keeps_its_batch
BEFORE UPDATE OF batch_id ON surveys_waveunit
FOR EACH ROW WHEN (NEW.batch_id IS DISTINCT FROM OLD.batch_id)
EXECUTE FUNCTION surveys_guard_draft();

CREATE TRIGGER strata_are_kept_as_promised
BEFORE INSERT OR DELETE OR UPDATE OF code, wave_id ON surveys_stratifier
FOR EACH ROW EXECUTE FUNCTION surveys_guard_draft();

CREATE FUNCTION surveys_guard_extension() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an extension stays on record'
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER extension_stays
BEFORE UPDATE OR DELETE ON surveys_extension
FOR EACH ROW EXECUTE FUNCTION surveys_guard_extension();
"""

RELEASE = """
DROP TRIGGER extension_stays ON surveys_extension;
DROP FUNCTION surveys_guard_extension();
DROP TRIGGER strata_are_kept_as_promised ON surveys_stratifier;
DROP TRIGGER unit_keeps_its_batch ON surveys_waveunit;
DROP TRIGGER batch_keeps_its_units ON surveys_batchunit;
DROP FUNCTION surveys_guard_draft();
DROP TRIGGER batch_only_grows ON surveys_batch;
DROP FUNCTION surveys_guard_batch();
""" + BEFORE.split("CREATE TRIGGER")[0].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):
    dependencies = (("surveys", "0010_the_administrators_desk"),)

    operations = (migrations.RunSQL(GUARD, RELEASE),)
