-- Makes Nightsafe's database, its two roles and its three schemas on a PostgreSQL server, 15 or newer. For psql 14 or newer,
-- run by someone who may make roles and databases. It can be run again: it makes what is missing and sets the passwords.
--
--     NIGHTSAFE_CONSOLE_PASSWORD=… NIGHTSAFE_KEEPER_PASSWORD=… psql -X -h HOST -U postgres -d postgres -f setup.sql
--
-- Variables: console_password and keeper_password (by default from those two environment variables: what stands in a
-- command's arguments, every user of the machine can see), database (nightsafe).
\set ON_ERROR_STOP on
SET client_min_messages = warning;
\if :{?database} \else \set database nightsafe \endif
\if :{?console_password} \else \getenv console_password NIGHTSAFE_CONSOLE_PASSWORD \endif
\if :{?keeper_password} \else \getenv keeper_password NIGHTSAFE_KEEPER_PASSWORD \endif
SELECT NOT (:{?console_password} AND :{?keeper_password}) AS no_passwords \gset
\if :no_passwords
DO $$ BEGIN RAISE 'set NIGHTSAFE_CONSOLE_PASSWORD and NIGHTSAFE_KEEPER_PASSWORD'; END $$;
\endif

-- The server's log must not have the passwords; only a superuser may see to that here.
SELECT rolsuper AS is_superuser FROM pg_roles WHERE rolname = current_user \gset
\if :is_superuser
SET log_statement = none;
SET log_min_error_statement = panic;
SET log_min_duration_statement = -1;
SET log_min_duration_sample = -1;
\endif

SELECT format('CREATE ROLE %I', missing)
FROM unnest(ARRAY['nightsafe_console', 'nightsafe_keeper']) AS missing
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = missing) \gexec
ALTER ROLE nightsafe_console LOGIN PASSWORD :'console_password';
ALTER ROLE nightsafe_keeper LOGIN PASSWORD :'keeper_password';

-- C: names sort as on SQLite, and a new version of the operating system's locales can't damage an index.
SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING ''UTF8'' LOCALE_PROVIDER libc LOCALE ''C''', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
\connect :"database"
SET client_min_messages = warning;

-- To make a schema for a role one must be in it, unless one is a superuser.
\if :is_superuser
\else
GRANT nightsafe_console, nightsafe_keeper TO CURRENT_USER;
\endif

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO nightsafe_console, nightsafe_keeper;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- Each part makes and migrates its own tables. The keeper reads some of the console's: the console grants it those, table
-- by table, when it starts. The console reads nothing of the keeper's, and nobody but the keeper the keys.
CREATE SCHEMA IF NOT EXISTS console AUTHORIZATION nightsafe_console;
CREATE SCHEMA IF NOT EXISTS keeper AUTHORIZATION nightsafe_keeper;
CREATE SCHEMA IF NOT EXISTS keys AUTHORIZATION nightsafe_keeper;
GRANT USAGE ON SCHEMA console TO nightsafe_keeper;

\if :is_superuser
\else
REVOKE nightsafe_console, nightsafe_keeper FROM CURRENT_USER;
\endif
