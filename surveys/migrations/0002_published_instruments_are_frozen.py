"""A published instrument never changes: the database refuses, whoever asks.

The parts look at the instrument under a share lock, so that nothing slips in while it
is being published.
"""

from __future__ import annotations

from django.db import migrations

FREEZE = """
CREATE FUNCTION surveys_refuse_if_published(instrument bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    found_status text;
BEGIN
    SELECT status INTO found_status FROM surveys_instrument
    WHERE id = instrument FOR SHARE;
    IF found_status = 'published' THEN
        RAISE EXCEPTION 'published instrument % never changes', instrument
        USING ERRCODE = 'restrict_violation';
    END IF;
END $$;

CREATE FUNCTION surveys_guard_instrument() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'published' THEN
        RAISE EXCEPTION 'published instrument % never changes', OLD.id
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION surveys_guard_part() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM surveys_refuse_if_published(OLD.instrument_id);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    PERFORM surveys_refuse_if_published(NEW.instrument_id);
    RETURN NEW;
END $$;

CREATE FUNCTION surveys_guard_option() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM surveys_refuse_if_published(instrument_id)
        FROM surveys_question WHERE id = OLD.question_id;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    PERFORM surveys_refuse_if_published(instrument_id)
    FROM surveys_question WHERE id = NEW.question_id;
    RETURN NEW;
END $$;

CREATE TRIGGER published_never_changes
BEFORE UPDATE OR DELETE ON surveys_instrument
FOR EACH ROW EXECUTE FUNCTION surveys_guard_instrument();

CREATE TRIGGER published_never_changes
BEFORE INSERT OR UPDATE OR DELETE ON surveys_dimension
FOR EACH ROW EXECUTE FUNCTION surveys_guard_part();

CREATE TRIGGER published_never_changes
BEFORE INSERT OR UPDATE OR DELETE ON surveys_section
FOR EACH ROW EXECUTE FUNCTION surveys_guard_part();

CREATE TRIGGER published_never_changes
BEFORE INSERT OR UPDATE OR DELETE ON surveys_question
FOR EACH ROW EXECUTE FUNCTION surveys_guard_part();

CREATE TRIGGER published_never_changes
BEFORE INSERT OR UPDATE OR DELETE ON surveys_option
FOR EACH ROW EXECUTE FUNCTION surveys_guard_option();
"""

THAW = """
DROP TRIGGER published_never_changes ON surveys_option;
DROP TRIGGER published_never_changes ON surveys_question;
DROP TRIGGER published_never_changes ON surveys_section;
DROP TRIGGER published_never_changes ON surveys_dimension;
DROP TRIGGER published_never_changes ON surveys_instrument;
DROP FUNCTION surveys_guard_option();
DROP FUNCTION surveys_guard_part();
DROP FUNCTION surveys_guard_instrument();
DROP FUNCTION surveys_refuse_if_published(bigint);
"""


class Migration(migrations.Migration):
    dependencies = (("surveys", "0001_initial"),)

    operations = (migrations.RunSQL(FREEZE, THAW),)
