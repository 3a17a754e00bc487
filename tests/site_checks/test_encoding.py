"""A database that cannot store every letter is named, with a remedy."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from tests.database import connected_to
from tests.deployment.conftest import database_url
from tests.site_checks.findings import found


@pytest.fixture
def database_of_bytes(transactional_db: None) -> Iterator[str]:
    """The name of a database on the tests' server in the encoding of a server without a locale."""
    name = f"{connection.settings_dict['NAME']}_bytes"
    with psycopg.connect(database_url("postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(
            f"CREATE DATABASE \"{name}\" ENCODING 'SQL_ASCII' TEMPLATE template0 "
            "LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        yield name
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_database_that_cannot_store_every_letter_is_named(database_of_bytes: str) -> None:
    assert found("database_encoding") == ""
    with connected_to(database_of_bytes):
        said = found("database_encoding")
    assert f"The database {database_of_bytes} has the encoding SQL_ASCII" in said
    assert "ENCODING 'UTF8' TEMPLATE template0. Then back up, and restore into it." in said


def test_a_database_that_knows_capitals_of_english_only_is_named(database_of_bytes: str) -> None:
    assert found("database_letters") == ""
    with connected_to(database_of_bytes):
        assert "LC_CTYPE 'C.UTF-8' TEMPLATE template0" in found("database_letters")
