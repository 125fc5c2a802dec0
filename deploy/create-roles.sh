#!/bin/sh
# Run once by the postgres image on an empty volume: the two roles and the database.
set -eu
for database in template1 postgres; do
    psql --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname="$database" --file=/roles.sql
done
psql --quiet --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres \
    --set=owner="$OWNER_PASSWORD" --set=app="$APP_PASSWORD" <<'SQL'
ALTER ROLE berakhlak_owner PASSWORD :'owner';
ALTER ROLE berakhlak_app PASSWORD :'app';
CREATE DATABASE berakhlak OWNER berakhlak_owner;
SQL
