"""SQL of search and suggestions."""

from monographs.public.queries_sql import CURRENT, ENTRY, LEDGER_STATE, PAGES_BY_KEY

#: Names of the pages whose publication was set after a known ledger entry, or of all pages if the ledger does
#: not contain that entry.
CHANGES = """
WITH head AS (SELECT seq, hash FROM editions_ledgerentry ORDER BY seq DESC LIMIT 1),
position AS (SELECT EXISTS (
    SELECT 1 FROM editions_ledgerentry WHERE seq = %(seq)s AND hash = %(hash)s) AS known),
changed AS (SELECT array_agg(DISTINCT subject::uuid) AS keys FROM editions_ledgerentry, position
    WHERE known AND event = 'publication' AND seq > %(seq)s),
pages AS (SELECT * FROM reading_listedpage WHERE key = ANY((SELECT keys FROM changed)::uuid[])
    UNION ALL SELECT * FROM reading_listedpage WHERE NOT (SELECT known FROM position))
SELECT (SELECT seq FROM head) AS seq, (SELECT hash FROM head) AS hash, known, keys AS changed_keys,
    (SELECT jsonb_agg(jsonb_build_object('key', key, 'kind', kind, 'title', title,
        'brand_names', brand_names, 'class_key', class_key, 'condition_keys', condition_keys,
        'path', path, 'withdrawn', withdrawn, 'codes', identifiers))
        FROM pages WHERE kind = ANY(%(kinds)s) AND (kind = 'monograph' OR NOT withdrawn)) AS pages
FROM position, changed
"""

#: A text that has a term of each group; ``groups`` is a JSON array of arrays of words and phrases.
OF_EACH_GROUP = """coalesce((SELECT string_agg('(' || terms || ')', ' & ')::tsquery FROM (
        SELECT string_agg('(' || term.tsquery::text || ')', ' | ') AS terms
        FROM jsonb_array_elements(%(groups)s::jsonb) WITH ORDINALITY g(terms, place),
            LATERAL (SELECT phraseto_tsquery('english', t) AS tsquery
                FROM jsonb_array_elements_text(g.terms) t) term
        WHERE numnode(term.tsquery) > 0 GROUP BY g.place) one), ''::tsquery)"""

#: Readings of a query as tsqueries, in order of preference: in the words that texts have for what is typed,
#: which keep a phrase together (*heart burn*); as typed; as corrected; all words besides names of medicines.
TSQUERIES = f"""
    SELECT 0 AS tier, {OF_EACH_GROUP} AS tsquery
    UNION ALL SELECT 1, websearch_to_tsquery('english', %(query)s)
    UNION ALL SELECT 2, websearch_to_tsquery('english', %(corrected_query)s)
    UNION ALL SELECT 3, plainto_tsquery('english', %(other_words)s)
"""  # built from constants
_HIT = "SELECT m.tier, p.edition_id, p.section, ts_rank(p.words, m.tsquery, 1) AS rank"


def _hits(tier: int, matching: str = "p.words @@ m.tsquery") -> str:
    """SQL of the passages of one reading of the query, if no reading before it has any."""
    none_before = "".join(f" AND NOT EXISTS (TABLE tier_{before})" for before in range(tier))
    return f"""{_HIT} FROM tsqueries m, LATERAL (
        SELECT * FROM reading_passage p WHERE {matching} LIMIT %(ranked)s) p
        WHERE m.tier = {tier}{none_before}"""  # noqa: S608  # built from constants


#: Passages that match the query, the best one of each page, ranked. Weights: see ``text_index_sync``.
PASSAGES = f"""
(WITH tsqueries AS ({TSQUERIES}),
tier_0 AS MATERIALIZED ({_hits(0)}),
tier_1 AS MATERIALIZED ({_hits(1)}),
tier_2 AS MATERIALIZED ({_hits(2)}),
tier_3 AS MATERIALIZED ({_hits(3, "p.key = ANY(%(named_keys)s::uuid[]) AND p.words @@ m.tsquery")}),
hits AS (SELECT * FROM tier_0 UNION ALL SELECT * FROM tier_1
    UNION ALL SELECT * FROM tier_2 UNION ALL SELECT * FROM tier_3),
best AS (
    SELECT DISTINCT ON (edition_id) * FROM hits ORDER BY edition_id, rank DESC, section
), shown AS (
    SELECT best.*, q.path FROM best
        JOIN editions_publication q ON q.edition_id = best.edition_id AND q.state = 'current'
    ORDER BY best.rank DESC, q.path LIMIT %(passages)s
)
SELECT jsonb_agg({ENTRY} || jsonb_build_object('key', m.key, 'slug', m.slug, 'section', q.section,
    'tier', q.tier, 'canonical', m.canonical) ORDER BY q.rank DESC, q.path)
FROM shown q JOIN editions_edition m ON m.id = q.edition_id)
"""  # noqa: S608  # built from constants

#: The signed texts of the medicines that a question names.
ASKED = f"""(SELECT jsonb_agg({ENTRY} || jsonb_build_object('key', m.key, 'slug', m.slug,
    'canonical', m.canonical) ORDER BY q.path)
    {CURRENT} q.key = ANY(%(asked_keys)s::uuid[]))"""  # built from constants

SEARCH = f"jsonb_build_object('pages', {PAGES_BY_KEY}, 'passages', {PASSAGES}, 'asked', {ASKED})"

#: Of each hit the lines of the passage that ranks best, the first of equals, with the words of the query
#: highlighted. Highlighting a line takes longer than ranking a passage.
HIGHLIGHTS = f"""
WITH query AS (SELECT tsquery, replace(tsquery::text, ' & ', ' | ')::tsquery AS any_of
    FROM ({TSQUERIES}) m WHERE m.tier = %(tier)s),
lines AS (SELECT * FROM unnest(%(texts)s::text[], %(passages_of_texts)s::int[]) WITH ORDINALITY
    AS line(text, passage, place)),
ranks AS (SELECT passage, ts_rank(vector, any_of, 1) + (vector @@ tsquery)::int AS rank
    FROM query, (SELECT passage, to_tsvector('english', string_agg(text, ' ')) AS vector
        FROM lines GROUP BY passage) one),
best AS (SELECT DISTINCT ON (hit) hit, passage
    FROM unnest(%(hits)s::int[], %(passages_of_hits)s::int[]) AS candidate(hit, passage)
        LEFT JOIN ranks USING (passage)
    ORDER BY hit, coalesce(rank, 0) DESC, passage)
SELECT passage, ts_headline('english', lines.text, query.tsquery, %(options)s) AS highlighted
FROM best LEFT JOIN lines USING (passage), query ORDER BY hit, lines.place
"""  # noqa: S608  # built from constants

SUGGEST = f"SELECT {PAGES_BY_KEY} AS pages, {LEDGER_STATE} AS ledger_state"  # built from constants
