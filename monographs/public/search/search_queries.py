"""What is asked of the database when a name or a word is looked for."""

from monographs.public.queries_sql import CURRENT, ENTRY, OF_KEYS, STANDING

#: Names of what was flipped since a known place; of everything when the place is not in this ledger.
CHANGES = f"""
WITH head AS (SELECT seq, hash FROM editions_ledgerentry ORDER BY seq DESC LIMIT 1),
known AS (SELECT EXISTS (
    SELECT 1 FROM editions_ledgerentry WHERE seq = %(seq)s AND hash = %(hash)s) AS still),
flipped AS (SELECT array_agg(DISTINCT subject::uuid) AS keys FROM editions_ledgerentry, known
    WHERE still AND event = 'publication' AND seq > %(seq)s)
SELECT (SELECT seq FROM head) AS seq, (SELECT hash FROM head) AS hash, still, keys AS flipped,
    (SELECT jsonb_agg(jsonb_build_object('key', m.key, 'kind', m.kind, 'title', m.title,
        'brand_names', m.brand_names, 'class_key', m.class_key, 'condition_keys', m.condition_keys,
        'path', q.path, 'codes', m.canonical::jsonb->'identifiers'))
        {CURRENT} m.kind = ANY(%(kinds)s) AND (NOT still OR m.key = ANY(keys))) AS pages
FROM known, flipped
"""  # noqa: S608  # constants of this file

#: What a query of words may mean, in PostgreSQL's own form: as typed, as probably meant, any of its words.
MEANINGS = """
    SELECT 1 AS tier, websearch_to_tsquery('english', %(typed)s) AS words
    UNION ALL SELECT 2, websearch_to_tsquery('english', %(meant)s)
    UNION ALL SELECT 3, replace(plainto_tsquery('english', %(any)s)::text, ' & ', ' | ')::tsquery
"""
_HIT = "SELECT m.tier, p.edition_id, p.section, ts_rank(p.words, m.words, 1) AS rank"

#: Passages that hold the words of a query, one for each page, the best first. Weights: see ``indexing``.
PASSAGES = f"""
(WITH meanings AS ({MEANINGS}), hits AS (
    {_HIT} FROM meanings m, LATERAL (
        SELECT * FROM reading_passage p WHERE p.words @@ m.words LIMIT %(ranked)s) p WHERE m.tier < 3
    UNION ALL {_HIT} FROM meanings m, reading_passage p
        WHERE m.tier = 3 AND p.key = ANY(%(about)s::uuid[]) AND p.words @@ m.words
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
"""  # noqa: S608  # constants of this file

SEARCH = f"jsonb_build_object('pages', {OF_KEYS}, 'passages', {PASSAGES})"

#: Where the words of a query stand in texts, marked.
MARKS = f"""
SELECT ts_headline('english', asked.text, meaning.words, %(options)s) AS marked
FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS asked(text, place),
    (SELECT words FROM ({MEANINGS}) m WHERE m.tier = %(tier)s) meaning
ORDER BY asked.place
"""  # noqa: S608  # constants of this file

SUGGEST = f"SELECT {OF_KEYS} AS pages, {STANDING} AS standing"  # constants of this file
