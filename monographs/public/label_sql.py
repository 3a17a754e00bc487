"""SQL expressions of the label that a page rests on, for the current edition ``e`` of publication ``p``.

They read facts about versions of labels: set ids, numbers and dates. None of them reads the text of a label.
"""

#: The edition's own version of the label that ``s`` is about; null if it names none.
_NAMED_VERSION = """CASE WHEN lower(named.facts ->> 'label_set_id') = s.set_id
            AND named.facts ->> 'label_version' ~ '^[0-9]{1,8}$'
        THEN (named.facts ->> 'label_version')::integer END"""

#: The prepared sentence that patients read beside the edition: the last one signed, while the task of its
#: change is open and the edition does not name the version that it is about. ``OFFSET 0``: parsed once.
SENTENCE = f"""(SELECT jsonb_build_object('wording', s.wording, 'agency', s.agency,
        'effective', s.effective, 'set_id', s.set_id, 'version', s.version)
    FROM editions_preparedsentence s
        CROSS JOIN LATERAL (SELECT e.canonical::jsonb -> 'identifiers' AS facts OFFSET 0) named
    WHERE p.state = 'current' AND s.key = p.key AND e.number = c.number
        AND EXISTS (SELECT 1 FROM label_watch_updatetask t WHERE t.key = s.key AND t.set_id = s.set_id
            AND t.closed_at IS NULL AND t.opened_at <= s.at)
        AND ({_NAMED_VERSION} >= s.version) IS NOT TRUE
    ORDER BY s.id DESC LIMIT 1)"""  # noqa: S608  # built from constants

#: What is known of the label that the edition names: when its version took effect, the newest version at the
#: last complete answer of the source, and the version for which a reviewer signed that nothing has to change.
#: The set id is looked up in a row without texts; ``label_state`` compares it with the edition's.
LABEL = """(SELECT jsonb_build_object('set_id', k.set_id, 'newest', k.newest_version,
        'checked_on', (k.checked_at AT TIME ZONE 'UTC')::date, 'gone', k.gone_since IS NOT NULL,
        'effective', (SELECT v.effective FROM label_watch_labelversion v WHERE v.set_id = k.set_id
            AND v.version::text = l.identifiers ->> 'label_version' ORDER BY v.id LIMIT 1),
        'answered', (SELECT max(v.version) FROM label_watch_labelanswer a
            JOIN label_watch_labelversion v ON v.id = a.label_id
            WHERE a.key = p.key AND v.set_id = k.set_id))
    FROM reading_listedpage l
    JOIN label_watch_labelcheck k ON k.set_id = lower(l.identifiers ->> 'label_set_id')
    WHERE p.state = 'current' AND l.key = p.key AND l.edition_id = e.id AND e.number = c.number)"""
