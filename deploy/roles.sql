-- Two roles and their database, on a server of your own. Safe to repeat.
--
--   OWNER_PASSWORD=… APP_PASSWORD=… psql --no-psqlrc --file=deploy/roles.sql postgres
--
-- as a superuser, or as an administrator who may create roles and databases. Other names than these:
-- --set=database=… --set=owner=… --set=app=…
--
-- The owner owns the tables and runs migrations; no process that serves anybody has its password. The
-- application owns nothing: it cannot switch off the triggers that keep the record. What it may do with
-- each table is granted by `manage.py migrate`, every time it runs.

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

-- The application is a member of nobody, least of all of the owner.
SELECT format('REVOKE %I FROM %I', role.rolname, member.rolname)
FROM pg_auth_members
JOIN pg_roles AS role ON role.oid = roleid
JOIN pg_roles AS member ON member.oid = member
WHERE member.rolname = :'app' \gexec

SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

ALTER DATABASE :"database" OWNER TO :"owner";
-- Nobody makes temporary tables: PostgreSQL looks for a table among them before it looks anywhere else.
REVOKE ALL ON DATABASE :"database" FROM PUBLIC, :"app";
GRANT CONNECT ON DATABASE :"database" TO :"app";

\connect :"database"
REVOKE ALL ON SCHEMA public FROM PUBLIC, :"app";
GRANT USAGE ON SCHEMA public TO :"app";
