-- The two database roles, for the embedded PostgreSQL and for Compose alike; safe to
-- run twice. The owner migrates and seals; the app reads and writes rows, nothing more.
-- Sealing ends with a checkpoint and a switch of the write-ahead log.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'berakhlak_app') THEN
        CREATE ROLE berakhlak_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'berakhlak_owner') THEN
        CREATE ROLE berakhlak_owner LOGIN NOSUPERUSER CREATEDB NOCREATEROLE;
    END IF;
END $$;
GRANT berakhlak_app TO berakhlak_owner;
-- Nobody reads in the server's activity what the app sent last.
ALTER ROLE berakhlak_app SET track_activities = off;
GRANT pg_checkpoint TO berakhlak_owner;
-- Sealing waits until nobody reads the database as it was before.
GRANT pg_read_all_stats TO berakhlak_owner;
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO berakhlak_owner;
