"""SQL of search and suggestions."""

from monographs.public.queries_sql import ENTRY, FINDABLE, LEDGER_STATE, PAGES_BY_KEY

#: Names of the pages whose publication was set after a known ledger entry, or of all pages if the ledger does
#: not contain that entry.
CHANGES = f"""
WITH head AS (SELECT seq, hash FROM editions_ledgerentry ORDER BY seq DESC LIMIT 1),
position AS (SELECT EXISTS (
    SELECT 1 FROM editions_ledgerentry WHERE seq = %(seq)s AND hash = %(hash)s) AS known),
changed AS (SELECT array_agg(DISTINCT subject::uuid) AS keys FROM editions_ledgerentry, position
    WHERE known AND event = 'publication' AND seq > %(seq)s)
SELECT (SELECT seq FROM head) AS seq, (SELECT hash FROM head) AS hash, known, keys AS changed_keys,
    (SELECT jsonb_agg(jsonb_build_object('key', m.key, 'kind', m.kind, 'title', m.title,
        'brand_names', m.brand_names, 'class_key', m.class_key, 'condition_keys', m.condition_keys,
        'path', q.path, 'withdrawn', q.state = 'withdrawn', 'codes', m.canonical::jsonb->'identifiers'))
        {FINDABLE} m.kind = ANY(%(kinds)s) AND (NOT known OR m.key = ANY(keys))) AS pages
FROM position, changed
"""  # noqa: S608  # built from constants

#: Readings of a query as tsqueries, in order of preference: as typed, as corrected, any of the other words.
TSQUERIES = """
    SELECT 1 AS tier, websearch_to_tsquery('english', %(query)s) AS tsquery
    UNION ALL SELECT 2, websearch_to_tsquery('english', %(corrected_query)s)
    UNION ALL SELECT 3, replace(plainto_tsquery('english', %(other_words)s)::text, ' & ', ' | ')::tsquery
"""
_HIT = "SELECT m.tier, p.edition_id, p.section, ts_rank(p.words, m.tsquery, 1) AS rank"

#: Passages that match the query, the best one of each page, ranked. Weights: see ``text_index_sync``.
PASSAGES = f"""
(WITH tsqueries AS ({TSQUERIES}), hits AS (
    {_HIT} FROM tsqueries m, LATERAL (
        SELECT * FROM reading_passage p WHERE p.words @@ m.tsquery LIMIT %(ranked)s) p WHERE m.tier < 3
    UNION ALL {_HIT} FROM tsqueries m, reading_passage p
        WHERE m.tier = 3 AND p.key = ANY(%(named_keys)s::uuid[]) AND p.words @@ m.tsquery
), best AS (
    SELECT DISTINCT ON (edition_id) * FROM hits WHERE tier = (SELECT min(tier) FROM hits)
    ORDER BY edition_id, rank DESC, section
), shown AS (
    SELECT best.*, q.path FROM best
        JOIN editions_publication q ON q.edition_id = best.edition_id AND q.state = 'current'
    ORDER BY best.rank DESC, q.path LIMIT %(passages)s
)
SELECT jsonb_agg({ENTRY} || jsonb_build_object('key', m.key, 'slug', m.slug, 'section', q.section,
    'tier', q.tier, 'canonical', m.canonical) ORDER BY q.rank DESC, q.path)
FROM shown q JOIN editions_edition m ON m.id = q.edition_id)
"""  # noqa: S608  # built from constants

SEARCH = f"jsonb_build_object('pages', {PAGES_BY_KEY}, 'passages', {PASSAGES})"

#: Texts with the words of the query highlighted.
HIGHLIGHTS = f"""
SELECT ts_headline('english', input.text, query.tsquery, %(options)s) AS highlighted
FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS input(text, place),
    (SELECT tsquery FROM ({TSQUERIES}) m WHERE m.tier = %(tier)s) query
ORDER BY input.place
"""  # noqa: S608  # built from constants

SUGGEST = f"SELECT {PAGES_BY_KEY} AS pages, {LEDGER_STATE} AS ledger_state"  # built from constants
