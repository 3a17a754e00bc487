"""No public page reads more editions the more there are: what PostgreSQL visits for each, at 2,000 medicines.

The statements are those that the pages run, explained with the rows that each step visited, so that a new
statement, or one that lost its index, is found here and not at 50,000 medicines.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.public.published import drug_class, information, monograph, publish, reference

MEDICINES = 2_000
#: Rows that the statements of one page may visit in tables with a row per edition or page: a page of a list
#: shows 200 names, and the feed 100 changes.
MOST_VISITED = 900
LARGE = {"editions_edition", "editions_publication"}
#: Derived tables with a row, or some, per page.
ROWS = {"label_watch_watchededition", "label_watch_restedversion", "label_watch_labelversion"}

#: Medicines of two editions each. The text is as long as a short monograph's and has nothing to compress.
_EDITIONS = """
INSERT INTO editions_edition (key, number, kind, path, slug, title, brand_names, summary, class_key,
    condition_keys, linked_keys, canonical, sha256, submission, steps, review_kind, reason, change_note,
    contributors, reviewers, last_reviewed, next_due, effective_at, created_at)
SELECT md5('plan' || n)::uuid, number, 'monograph', '/medicines/plan' || n || '/', 'plan' || n, 'plan' || n,
    ARRAY['brand' || n], 'A summary.', CASE n %% 2 WHEN 0 THEN %(class)s::uuid END, '{}', '{}', text,
    encode(sha256(convert_to(text, 'UTF8')), 'hex'), gen_random_uuid(), '[]', 'full_review', 'A reason.',
    'A note.', '[]', '[]', now(), now(), now() - n * interval '1 minute', now()
FROM generate_series(1, %(count)s) n, generate_series(1, 2) number, LATERAL (
    SELECT jsonb_build_object('routes', ARRAY['Route ' || n %% 40],
        'words', string_agg(md5(n || ' ' || w), ' '))::text AS text FROM generate_series(1, 60) w) written
"""
_PUBLICATIONS = """
INSERT INTO editions_publication (path, key, edition_id, state, reason, flipped_at)
SELECT path, key, id, 'current', '', now() FROM editions_edition WHERE slug LIKE 'plan%%' AND number = 2
"""
#: A label of each medicine, which it names and cites, in two versions.
_WATCHED = """
INSERT INTO label_watch_watchededition (key, edition_id, set_id, version, statement_keys, statements, citing,
    cited)
SELECT key, edition_id, key::text, 1, '{}', 10, 3,
    jsonb_build_object(key, '{"statements": 3, "versions": {"1": 2, "2": 1}}'::jsonb)
FROM editions_publication WHERE path LIKE '%plan%'
"""
_LABELS = """
INSERT INTO label_watch_labelversion (set_id, version, sha256, data, source_format, title, maker, names,
    application_numbers, origin, stored_at)
SELECT key::text, version, encode(sha256(data), 'hex'), data, 'spl', 'A label', '', '{}', '{}', '', now()
FROM editions_publication, generate_series(1, 2) version, LATERAL (
    SELECT convert_to(key::text || version, 'UTF8') AS data) bytes WHERE path LIKE '%plan%'
"""
_NAMES = "INSERT INTO editions_publicname (key, name_key) SELECT DISTINCT key, title FROM editions_edition"


@pytest.fixture(scope="module")
def medicines(module_rows: None) -> str:
    """Publish many medicines, half of them of one class; return the path of the class."""
    from monographs.label_watch.rested_versions import store_missing_rested_versions  # noqa: PLC0415
    from monographs.public.listed_pages import store_missing_listed_pages  # noqa: PLC0415

    of = drug_class()
    with connection.cursor() as cursor:
        for table in sorted(LARGE):  # nobody signed these texts
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(_EDITIONS, {"class": of.key, "count": MEDICINES})
        cursor.execute(_PUBLICATIONS, {})
        cursor.execute(_NAMES)
        cursor.execute(_WATCHED)
        cursor.execute(_LABELS)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        for table in sorted(LARGE):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        store_missing_listed_pages()
        store_missing_rested_versions()
        # Real pages, with which the ledger begins: the index of names is read anew
        publish(of)
        publish(information())
        publish(monograph(drug_class=reference(of)))
        cursor.execute("ANALYZE")
    return of.path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/medicines/testumab/",
        "/medicines/testumab/editions/",
        "/medicines/testumab/editions/1/",
        "/medicines/testumab/changes/1/2/",
        "/medicines/nothing/",
        "/medicines/",
        "/medicines/?letter=B&page=3",
        "/classes/",
        "/classes/testing-antibodies/?page=5",
        "/whats-new/",
        "/updates.atom",
        "/search/?q=plan17",
        "/search/?q=plam1999",
        "/search/suggest?q=bran",
        "/api/v1/monographs",
        "/api/v1/monographs?cursor=plan1500",
        "/api/v1/monographs?class=testing-antibodies",
        "/api/v1/monographs?route=route%207",
        "/api/v1/monographs?route=none",
        "/api/v1/monographs?updated_since=2020-01-01&review_due_before=2020-01-01",
        "/api/v1/monographs/testumab",
        "/api/v1/monographs/testumab/editions",
        "/api/v1/search?q=testumab",
        "/api/v1/labels",
        "/api/v1/labels/versions",
        "/api/v1/labels/versions?cursor=80000000-0000-0000-0000-000000000000.999999999",
    ],
)
def test_a_page_visits_as_few_editions_as_it_shows(client: Client, medicines: str, path: str) -> None:
    client.get(path)  # reads the index of names
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    assert queries.captured_queries
    visited = [
        (rows, node["Node Type"], node["Relation Name"])
        for query in queries.captured_queries
        for node in _nodes(_plan(query["sql"]))
        if node.get("Relation Name") in LARGE | ROWS and (rows := _visited(node))
    ]
    assert sum(rows for rows, *_ in visited) <= MOST_VISITED, visited


def test_names_are_compared_with_the_pages_that_share_one(medicines: str) -> None:
    from monographs.editions.name_conflicts import name_conflicts  # noqa: PLC0415

    with CaptureQueriesContext(connection) as queries:
        (conflict,) = name_conflicts(monograph("plan-3", brand_names=("Unused",)))
    assert conflict.path == "/medicines/plan3/"
    (query,) = queries.captured_queries
    assert sum(_visited(node) for node in _nodes(_plan(query["sql"]))) <= 20


def _plan(statement: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        # As for large tables, of which the server would not read every row
        for way in ("seqscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}")
        (found,) = cursor.fetchone()
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


def _visited(node: dict[str, Any]) -> float:
    """Return the rows that a step of a plan visited: those that it returned and those that it left out."""
    removed = sum(node.get(f"Rows Removed by {what}", 0) for what in ("Filter", "Index Recheck"))
    return float((node["Actual Rows"] + removed) * node["Actual Loops"])


@pytest.mark.django_db
def test_the_indexes_of_lists_of_words_take_in_each_entry_at_once() -> None:
    """Entries that an index has yet to take in are scanned by each search, however many they are."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.relname, coalesce(c.reloptions, '{}') FROM pg_class c JOIN pg_am a ON a.oid = c.relam
            JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_class t ON t.oid = i.indrelid
            WHERE a.amname = 'gin' AND t.relname LIKE 'reading_%'""")
        indexes = dict(cursor.fetchall())
    assert len(indexes) == 3
    assert all("fastupdate=off" in options for options in indexes.values()), indexes
