#!/bin/sh
# Once, on an empty volume: the role that owns the database, and the one that can't change the log (docs/configuration.md).
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" -v ON_ERROR_STOP=1 -v database="$POSTGRES_DB" \
  -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" <<'SQL'
CREATE ROLE fil_rouge_app NOLOGIN;
CREATE ROLE pdp_owner LOGIN PASSWORD :'owner';
CREATE ROLE pdp_app LOGIN PASSWORD :'app' IN ROLE fil_rouge_app;
ALTER DATABASE :"database" OWNER TO pdp_owner;
SQL
