"""Triggers on times and transitions: the database's clock sets every time, and a withdrawn text stays away.

``record/publication_rules.py`` states the same rules of transitions for both verifiers.
"""

import pgtrigger

from monographs.editions.triggers import FirmTrigger


def server_time(*columns: str, update: bool = False) -> FirmTrigger:
    """A trigger that sets ``columns`` to the database's time, and refuses a row that claims a later one."""
    refusals = "".join(
        f"""
        IF NEW.{column} > clock_timestamp() THEN
            RAISE EXCEPTION '%: {column} % is in the future (the database has %)',
                TG_TABLE_NAME, NEW.{column}, clock_timestamp() USING ERRCODE = 'check_violation';
        END IF;"""
        for column in columns
    )
    first, *others = columns
    copies = "".join(f"NEW.{column} := NEW.{first}; " for column in others)
    return FirmTrigger(
        name="server_time",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update if update else pgtrigger.Insert,
        func=f"{refusals}\n        NEW.{first} := clock_timestamp(); {copies}RETURN NEW;",
    )


EDITION_TIME = server_time("created_at", "effective_at")
WITHDRAWAL_TIME = server_time("at")
PUBLICATION_TIME = server_time("flipped_at", update=True)

EDITION_DATES = FirmTrigger(
    name="review_dates",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    declare=[("reviewed", "DATE"), ("due", "DATE")],
    func="""
        IF NEW.review_kind = 'correction' AND NEW.number > 1 THEN
            SELECT last_reviewed, next_due INTO reviewed, due FROM editions_edition
                WHERE key = NEW.key AND number = NEW.number - 1;
        ELSE
            SELECT (max(signed_at) AT TIME ZONE 'UTC')::date INTO reviewed FROM editions_signature
                WHERE key = NEW.key AND submission = NEW.submission AND sha256 = NEW.sha256;
            due := reviewed + make_interval(
                months => (NEW.canonical::jsonb->>'review_interval_months')::integer);
        END IF;
        IF (NEW.last_reviewed, NEW.next_due) IS DISTINCT FROM (reviewed, due) THEN
            RAISE EXCEPTION 'edition % of %: last_reviewed or next_due does not follow from its review',
                NEW.number, NEW.key USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,
)

WITHDRAWAL_EFFECT = FirmTrigger(
    name="takes_effect",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM editions_ledgerentry WHERE subject = NEW.key::text AND event = 'publication'
                AND body::jsonb->'data'->>'withdrawal' = NEW.id::text) THEN
            RAISE EXCEPTION 'withdrawal % of %: nothing was withdrawn by it', NEW.uuid, NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,
)

PUBLICATION_TRANSITION = FirmTrigger(
    name="transition",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update,
    timing=pgtrigger.Deferred,
    declare=[
        ("number_before", "INTEGER"),
        ("number_now", "INTEGER"),
        ("signed", "TIMESTAMPTZ"),
        ("shown", "RECORD"),
        ("said", "JSONB"),
        ("said_at", "TIMESTAMPTZ"),
    ],
    func="""
        IF TG_OP = 'INSERT' AND NEW.state <> 'current' THEN
            RAISE EXCEPTION 'publication of %: a path begins with a current edition', NEW.path
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        SELECT e.number, max(s.signed_at) INTO number_now, signed
            FROM editions_edition e LEFT JOIN editions_signature s
                ON s.submission = e.submission AND s.sha256 = e.sha256 AND s.key = e.key
            WHERE e.id = NEW.edition_id GROUP BY e.number;
        IF TG_OP = 'UPDATE' THEN
            IF (OLD.path, OLD.key) IS DISTINCT FROM (NEW.path, NEW.key) THEN
                RAISE EXCEPTION 'publication of %: a path leads to one page for ever', OLD.path
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            SELECT number INTO number_before FROM editions_edition WHERE id = OLD.edition_id;
            IF (CASE NEW.state
                    WHEN 'current' THEN number_now > number_before
                    WHEN 'withdrawn' THEN OLD.edition_id = NEW.edition_id AND (OLD.state = 'current'
                        OR (OLD.state = 'withdrawn' AND NEW.withdrawal_id > OLD.withdrawal_id))
                    WHEN 'moved' THEN number_now > number_before
                        OR (OLD.state = 'moved' AND number_now = number_before)
                END) IS NOT TRUE THEN
                RAISE EXCEPTION 'publication of %: % with edition % cannot become % with edition %',
                    NEW.path, OLD.state, number_before, NEW.state, number_now
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END IF;
        IF NEW.state = 'current' AND EXISTS (
                SELECT 1 FROM editions_withdrawal w JOIN editions_edition e ON e.id = w.edition_id
                WHERE w.key = NEW.key AND w.at < NEW.flipped_at
                    AND (e.number >= number_now OR w.at >= signed)) THEN
            RAISE EXCEPTION 'publication of %: its page was withdrawn, and only an edition signed later '
                'can be current', NEW.path USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF (SELECT count(*) FROM editions_publication WHERE key = NEW.key AND state <> 'moved') <> 1 THEN
            RAISE EXCEPTION 'publication of %: exactly one path of its page must show it', NEW.path
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        SELECT * INTO shown FROM editions_publication WHERE path = NEW.path;
        SELECT body::jsonb->'data', at INTO said, said_at FROM editions_ledgerentry
            WHERE subject = NEW.key::text AND event = 'publication'
                AND body::jsonb->'data'->>'path' = NEW.path
            ORDER BY seq DESC LIMIT 1;
        IF said_at IS NULL OR said_at < shown.flipped_at
            OR (said->>'edition', said->>'key', said->>'state', said->>'reason', said->>'withdrawal')
            IS DISTINCT FROM (shown.edition_id::text, shown.key::text, shown.state::text,
                shown.reason::text, shown.withdrawal_id::text) THEN
            RAISE EXCEPTION 'publication of %: the ledger does not record this change', NEW.path
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,
)

LEDGER_BODY = FirmTrigger(
    name="readable",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF jsonb_typeof(NEW.body::jsonb) <> 'object' THEN
            RAISE EXCEPTION 'ledger entry: its body is no JSON object' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)

LEDGER_PUBLICATION = FirmTrigger(
    name="says_what_was_set",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    declare=[("said", "JSONB")],
    func="""
        IF NEW.event <> 'publication' THEN
            RETURN NULL;
        END IF;
        said := NEW.body::jsonb->'data';
        IF NOT EXISTS (
            SELECT 1 FROM editions_publication p JOIN editions_edition e ON e.id = p.edition_id
            WHERE p.path = said->>'path' AND p.key::text = NEW.subject
                AND (said->>'edition', said->>'key', said->>'state', said->>'reason', said->>'withdrawal',
                    said->>'number', said->>'sha256')
                IS NOT DISTINCT FROM (p.edition_id::text, p.key::text, p.state::text, p.reason::text,
                    p.withdrawal_id::text, e.number::text, e.sha256::text)
                AND NOT EXISTS (
                    SELECT 1 FROM editions_ledgerentry l
                    WHERE l.subject = NEW.subject AND l.event = 'publication' AND l.seq < NEW.seq
                        AND l.at >= p.flipped_at AND l.body::jsonb->'data'->>'path' = p.path)) THEN
            RAISE EXCEPTION 'ledger entry %: no publication was set like this', NEW.seq
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,
)
