"""The two database roles: the application can do its work, but cannot change the append-only tables."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from monographs.editions.roles import excess_privileges, grant_application, privileges, record_tables
from tests.deployment.conftest import (
    BASE_DIR,
    PRODUCTION,
    TwoRoles,
    database_url,
    environment,
    folders,
    psql,
    roles_names,
    run,
)

# One worker builds the database of both roles for all tests
pytestmark = pytest.mark.xdist_group("roles")

#: Statements that would change the append-only tables or their protection.
ATTACKS = [
    *(f"{verb} {{table}}" for verb in ("DELETE FROM", "TRUNCATE", "DROP TABLE")),
    "UPDATE {table} SET {column} = {column}",
    "SELECT 1 FROM {table} FOR UPDATE",
    "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER USER",
    "ALTER TABLE {table} RENAME TO gone",
    "ALTER TABLE {table} ADD COLUMN more text",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "DROP TRIGGER {trigger} ON {table}",
    "CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger AS 'BEGIN RETURN NEW; END' LANGUAGE plpgsql",
    "DROP FUNCTION {trigger}() CASCADE",
    "ALTER FUNCTION {trigger}() SET search_path = pg_temp",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "GRANT ALL ON {table} TO CURRENT_USER; DELETE FROM {table}",
    "COPY {table} TO '/tmp/mine'",
    "COPY {table} FROM PROGRAM 'echo 1'",
    "INSERT INTO {table} SELECT * FROM {table} LIMIT 0 ON CONFLICT DO NOTHING; "
    "MERGE INTO {table} t USING {table} s ON true WHEN MATCHED THEN DELETE",
    "SET session_replication_role = replica",
    "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION {owner}",
    "GRANT {owner} TO CURRENT_USER",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE {owner} PASSWORD 'mine'",
    "ALTER ROLE CURRENT_USER SET session_replication_role = replica",
    "ALTER DATABASE {database} SET session_replication_role = replica",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT ALL ON TABLES TO CURRENT_USER",
    "REASSIGN OWNED BY {owner} TO CURRENT_USER",
    "DROP OWNED BY {owner}",
    "CREATE TEMPORARY TABLE editions_signature (id integer)",
    "CREATE TABLE pg_temp.editions_signature (id integer)",
    "CREATE TABLE public.mine (id integer)",
    "CREATE SCHEMA mine",
    "DELETE FROM django_migrations",
    "UPDATE django_migrations SET name = 'mine'",
    "DELETE FROM editions_publication",
    "TRUNCATE editions_publication",
    "SELECT setval('editions_ledgerentry_seq_seq', 1)",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_read_file('/etc/passwd')",
]
#: Each append-only table, and a column that could be set to itself.
RECORD = {
    "editions_conflictend": "reason",
    "editions_conflictofinterest": "reason",
    "editions_contribution": "sha256",
    "editions_edition": "sha256",
    "editions_editionfigure": "sha256",
    "editions_ledgerentry": "body",
    "editions_preparedsentence": "sha256",
    "editions_retraction": "username",
    "editions_signature": "sha256",
    "editions_withdrawal": "sha256",
    "editions_checkpoint": "root",
    "editions_cosignature": "line",
    "editions_ledgerblock": "root",
    "editions_timestamp": "sha256",
}

_PROTECTED_STATE = """
    SELECT c.relname::text, c.relacl::text, pg_get_userbyid(c.relowner)::text FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL SELECT tgname::text, tgenabled::text, pg_get_triggerdef(oid) FROM pg_trigger
    UNION ALL SELECT proname::text, prosrc, proconfig::text FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT nspname::text, nspacl::text, '' FROM pg_namespace WHERE nspname NOT LIKE 'pg_t%%'
    UNION ALL SELECT rolname::text, rolsuper::text, rolconfig::text FROM pg_roles
        WHERE rolname LIKE current_database() || '%%'
    UNION ALL SELECT 'migration', name, app FROM django_migrations
"""


def protected_state(roles: TwoRoles) -> list[Any]:
    """Return rows, definitions, triggers, functions and grants of the append-only tables."""
    with psycopg.connect(database_url(roles.name)) as superuser:
        found = sorted(map(str, superuser.execute(_PROTECTED_STATE)))
        for table in record_tables():
            rows = superuser.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
            found += sorted(map(str, rows))
    return found


def attacks(roles: TwoRoles) -> Iterator[str]:
    """Yield every statement for every append-only table that it applies to."""
    with roles.connect(roles.owner) as owner:
        triggers = dict(
            owner.execute(
                "SELECT tgrelid::regclass::text, min(tgname::text) FROM pg_trigger "
                "WHERE NOT tgisinternal GROUP BY 1"
            )
        )
    for attack in ATTACKS:
        for table, column in RECORD.items():
            made = attack.format(
                table=table, column=column, trigger=triggers[table], owner=roles.owner, database=roles.name
            )
            yield made
            if made == attack.format(owner=roles.owner, database=roles.name, table="", column="", trigger=""):
                break


def test_the_application_can_do_nothing_that_changes_the_record(two_roles: TwoRoles) -> None:
    before = protected_state(two_roles)
    done = []
    with two_roles.connect(two_roles.app) as application:
        for attack in attacks(two_roles):
            try:
                application.execute(attack)
                application.commit()
                done.append(attack)
            except psycopg.errors.InsufficientPrivilege:
                application.rollback()
            except psycopg.Error as error:
                application.rollback()
                done.append(f"{attack} was refused, but for another reason: {error}")
    assert not done, "\n".join(done)
    assert protected_state(two_roles) == before
    assert two_roles.manage("ledger", "verify").startswith("OK ")


def test_a_text_nobody_signed_is_refused_to_the_application(two_roles: TwoRoles) -> None:
    new = {"id": "id + 1000", "number": "number + 1", "submission": "gen_random_uuid()"}
    columns = [sql.SQL(new.get(column, column)) for column in edition_columns(two_roles)]
    unsigned = sql.SQL("INSERT INTO editions_edition SELECT {} FROM editions_edition WHERE number = 2")
    with two_roles.connect(two_roles.app) as application:
        application.execute(unsigned.format(sql.SQL(", ").join(columns)))
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="has 0 valid signature"):
            application.commit()


def edition_columns(roles: TwoRoles) -> list[str]:
    with roles.connect(roles.owner) as owner:
        return [column.name for column in owner.execute("SELECT * FROM editions_edition LIMIT 0").description]


def test_the_application_exports_the_record(two_roles: TwoRoles, tmp_path: Path) -> None:
    assert "3 editions" in two_roles.manage("ledger", "export", str(tmp_path / "bundle"))
    checked = run(sys.executable, "-I", "-S", str(tmp_path / "bundle" / "verify_export.py"))
    assert (checked.returncode, checked.stdout[:3]) == (0, "OK ")


def test_the_application_backs_up_and_the_owner_restores(two_roles: TwoRoles, tmp_path: Path) -> None:
    """By the targets of the Makefile, into a database that the script has created."""
    server, file = database_url("postgres"), tmp_path / "monographs.backup"
    other = TwoRoles(f"{two_roles.name}_restored", tmp_path)
    names = roles_names(two_roles) | {"database": other.name}
    script = f"--file={BASE_DIR / 'deploy' / 'roles.sql'}"
    try:
        made = psql(*(f"--set={name}={value}" for name, value in names.items()), script, server)
        assert made.returncode == 0, made.stderr
        urls = {"DATABASE_URL": database_url(two_roles.name, two_roles.app), "EMAIL_URL": "dummy://"}
        saved = make("backup", file, PRODUCTION | folders(two_roles.folder) | urls)
        assert saved.returncode == 0, saved.stderr
        urls["DATABASE_URL"] = database_url(other.name, two_roles.app)
        urls["DATABASE_OWNER_URL"] = database_url(other.name, two_roles.owner)
        restored = make("restore", file, PRODUCTION | folders(tmp_path) | urls)
        assert restored.returncode == 0, restored.stderr
        assert "3 editions" in restored.stdout
        with psycopg.connect(urls["DATABASE_URL"]) as application:
            assert application.execute("SELECT count(*) FROM editions_edition").fetchone() == (3,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute("DELETE FROM editions_edition")
    finally:
        with psycopg.connect(server, autocommit=True) as superuser:
            superuser.execute(f'DROP DATABASE IF EXISTS "{other.name}" WITH (FORCE)')


def make(target: str, file: Path, variables: dict[str, str]) -> Any:
    """Run a target of the Makefile; the environment that runs the tests will do as its set-up."""
    return run("make", "-o", "setup", target, f"FILE={file}", env=environment(**variables))


def test_a_grant_too_many_is_taken_back_by_the_next_migrate(two_roles: TwoRoles) -> None:
    before = protected_state(two_roles)
    with two_roles.connect(two_roles.owner) as owner:
        owner.execute(sql.SQL("GRANT ALL ON editions_edition TO {}").format(sql.Identifier(two_roles.app)))
    assert protected_state(two_roles) != before
    two_roles.manage("migrate", "--verbosity=0", owner=True)
    assert protected_state(two_roles) == before


#: Processes that run beside the service until they are stopped.
WATCHERS = ("publish_scheduled --watch", "check_links --watch", "scheduler")


@pytest.mark.parametrize("command", WATCHERS)
def test_a_process_beside_the_service_is_not_given_the_owners_address(
    two_roles: TwoRoles, command: str
) -> None:
    result = two_roles.python("manage.py", *command.split(), owner=True)
    assert result.returncode != 0
    assert "DATABASE_OWNER_URL, which is for `manage.py migrate` only" in result.stderr


def test_whoever_serves_people_is_not_given_the_owners_address(two_roles: TwoRoles) -> None:
    result = two_roles.python("-c", "import cms.wsgi", owner=True)
    assert result.returncode != 0
    assert "DATABASE_OWNER_URL, which is for `manage.py migrate` only" in result.stderr
    assert two_roles.python("-c", "import cms.wsgi").returncode == 0


@pytest.fixture
def owner_of_a_table(application_role: str) -> Iterator[str]:
    """The application's role, to which somebody gave a table of the record."""
    table = sql.SQL("ALTER TABLE editions_edition OWNER TO {}")
    with psycopg.connect(database_url(connection.settings_dict["NAME"]), autocommit=True) as server:
        server.execute(table.format(sql.Identifier(application_role)))
        yield application_role
        server.execute(table.format(sql.Identifier(connection.settings_dict["USER"])))


@pytest.mark.django_db(transaction=True)
def test_a_service_started_as_the_owner_of_a_table_does_not_start(
    owner_of_a_table: str, tmp_path: Path
) -> None:
    url = database_url(connection.settings_dict["NAME"], owner_of_a_table)
    env = PRODUCTION | folders(tmp_path) | {"DATABASE_URL": url, "EMAIL_URL": "dummy://"}
    result = run(sys.executable, "-c", "import cms.wsgi", env=environment(**env))
    assert result.returncode != 0
    assert f"{owner_of_a_table} may own editions_edition" in result.stderr
    for remedy in ("deploy/roles.sql", "DATABASE_OWNER_URL", "ONE_DATABASE_ROLE=true"):
        assert remedy in result.stderr
    accepted = run(sys.executable, "-c", "import cms.wsgi", env=environment(**env, ONE_DATABASE_ROLE="true"))
    assert accepted.returncode == 0, accepted.stderr


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", WATCHERS)
def test_a_process_beside_the_service_does_not_run_as_the_owner_of_a_table(
    owner_of_a_table: str, command: str
) -> None:
    url = database_url(connection.settings_dict["NAME"], owner_of_a_table)
    env = PRODUCTION | {"DATABASE_URL": url, "EMAIL_URL": "dummy://"}
    result = run(sys.executable, "manage.py", *command.split(), env=environment(**env))
    assert result.returncode != 0
    assert f"{owner_of_a_table} may own editions_edition" in result.stderr
    assert "ONE_DATABASE_ROLE=true" in result.stderr


# --- The check of a process's own role ----------------------------------------------------------------


@pytest.fixture
def as_application(db: None) -> Iterator[Any]:
    """A cursor, and a role with exactly the application's privileges, in the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE tested")
        cursor.execute(f'REVOKE ALL ON DATABASE "{connection.settings_dict["NAME"]}" FROM PUBLIC')
        grant_application("tested")
        yield cursor
        cursor.execute("RESET ROLE")


def test_a_role_with_what_the_application_needs_is_fit(as_application: Any) -> None:
    as_application.execute("SET ROLE tested")
    assert excess_privileges() == []


@pytest.mark.parametrize(
    ("grant", "named"),
    [
        ("GRANT UPDATE ON editions_edition TO tested", "tested may UPDATE editions_edition"),
        ("GRANT UPDATE (body) ON editions_ledgerentry TO tested", "tested may UPDATE editions_ledgerentry"),
        ("GRANT DELETE ON editions_publication TO tested", "tested may DELETE editions_publication"),
        ("GRANT TRUNCATE ON editions_signature TO PUBLIC", "tested may TRUNCATE editions_signature"),
        ("GRANT INSERT ON django_migrations TO tested", None),
        ("GRANT UPDATE ON django_migrations TO tested", "tested may UPDATE django_migrations"),
        ("GRANT pg_write_all_data TO tested", "tested may DELETE editions_contribution"),
        ("ALTER TABLE editions_edition OWNER TO tested", "tested may own editions_edition"),
        ("GRANT CREATE ON SCHEMA public TO tested", "tested may create tables in schema public"),
        ("GRANT TEMPORARY ON DATABASE {database} TO tested", "tested may create temporary tables"),
        ("GRANT CREATE ON DATABASE {database} TO tested", "tested may create schemas"),
        ("GRANT SET ON PARAMETER session_replication_role TO tested", "may set session_replication_role"),
        ("ALTER ROLE tested CREATEROLE", "tested may create roles"),
        ("ALTER ROLE tested SUPERUSER", "tested is a superuser"),
    ],
)
def test_a_role_that_could_change_the_record_is_named(
    as_application: Any, grant: str, named: str | None
) -> None:
    as_application.execute(grant.format(database=f'"{connection.settings_dict["NAME"]}"'))
    as_application.execute("SET ROLE tested")
    assert any(named in what for what in excess_privileges()) if named else excess_privileges() == []


def test_every_table_of_the_record_is_known_as_such(db: None) -> None:
    others = {"editions_publication", "editions_publicname", "editions_includedtext"}
    assert {t for t in privileges() if t.startswith("editions_")} == {*RECORD, *others}
    assert record_tables() == {
        **dict.fromkeys(RECORD, ("SELECT", "INSERT")),
        "editions_publication": ("SELECT", "INSERT", "UPDATE"),
        "django_migrations": ("SELECT",),
        "review_draftauthorship": ("SELECT", "INSERT"),
        "label_watch_labelanswer": ("SELECT", "INSERT"),
        "label_watch_labelversion": ("SELECT", "INSERT"),
        "review_setasidedraft": ("SELECT", "INSERT", "UPDATE"),
        "source_library_sourcechange": ("SELECT", "INSERT"),
        "review_suggestion": ("SELECT", "INSERT", "UPDATE"),
        "review_suggestionexemption": ("SELECT", "INSERT"),
    }


def test_a_process_that_could_change_the_record_is_not_ready(site: Any, client: Any, settings: Any) -> None:
    assert client.get("/readyz").status_code == 200
    settings.REQUIRE_RESTRICTED_ROLE = True
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "the database role could change the record")
