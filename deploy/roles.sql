-- Creates the two roles and their database, on a server of your own. Safe to repeat.
--
--   OWNER_PASSWORD=… APP_PASSWORD=… psql --no-psqlrc --file=deploy/roles.sql postgres
--
-- as a superuser, or as a role that may create roles and databases. To use other names:
-- --set=database=… --set=owner=… --set=app=…
--
-- The owner owns the tables and runs migrations; no server process has its password. The application owns
-- nothing, so it cannot switch off the triggers that make tables append-only. Its privileges on each table
-- are granted by every run of `manage.py migrate`.

\set ON_ERROR_STOP on
\if :{?database} \else \set database monographs \endif
\if :{?owner} \else \set owner monographs_owner \endif
\if :{?app} \else \set app monographs_app \endif

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY[:'owner', :'app']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE :"owner" LOGIN NOCREATEDB NOCREATEROLE;
ALTER ROLE :"app" LOGIN NOCREATEDB NOCREATEROLE;
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
\if :{?owner_password}
ALTER ROLE :"owner" PASSWORD :'owner_password';
\endif
\if :{?app_password}
ALTER ROLE :"app" PASSWORD :'app_password';
\endif

-- The application role must not be a member of any role, above all not of the owner.
SELECT format('REVOKE %I FROM %I', role.rolname, member.rolname)
FROM pg_auth_members
JOIN pg_roles AS role ON role.oid = roleid
JOIN pg_roles AS member ON member.oid = member
WHERE member.rolname = :'app' \gexec

-- Whatever the encoding of this server's other databases is: a minimal Debian makes them in SQL_ASCII, and in a
-- locale that knows capitals of English only.
SELECT format('CREATE DATABASE %I OWNER %I ENCODING ''UTF8'' %s TEMPLATE template0', :'database', :'owner',
    CASE WHEN datctype IN ('C', 'POSIX') THEN 'LC_CTYPE ''C.UTF-8''' ELSE '' END)
FROM pg_database
WHERE datname = 'template0' AND NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

ALTER DATABASE :"database" OWNER TO :"owner";
-- No temporary tables: PostgreSQL looks up table names among them before any schema.
REVOKE ALL ON DATABASE :"database" FROM PUBLIC, :"app";
GRANT CONNECT ON DATABASE :"database" TO :"app";

\connect :"database"
REVOKE ALL ON SCHEMA public FROM PUBLIC, :"app";
GRANT USAGE ON SCHEMA public TO :"app";
