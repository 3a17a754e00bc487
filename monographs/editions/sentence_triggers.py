"""Triggers of prepared sentences: the database's time, and who signed."""

import pgtrigger

from monographs.editions.transition_triggers import server_time
from monographs.editions.triggers import SIGNED_BY_ANOTHER, FirmTrigger

SENTENCE_TIME = server_time("at")

SENTENCE_SIGNED = FirmTrigger(
    name="must_be_signed",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    declare=[("doc", "JSONB")],
    func=f"""
        doc := NEW.canonical::jsonb;
        IF (doc->>'sentence', doc->>'key', doc->>'set_id', (doc->>'version')::integer, doc->>'label_sha256',
                doc->>'agency', (doc->>'effective')::date, doc->>'wording')
            IS DISTINCT FROM (NEW.uuid::text, NEW.key::text, NEW.set_id::text, NEW.version,
                NEW.label_sha256::text, NEW.agency::text, NEW.effective, NEW.wording)
            OR NOT EXISTS (
                SELECT 1 FROM editions_edition e WHERE e.id = NEW.edition_id AND e.key = NEW.key
                    AND e.number = (doc->>'edition')::integer AND e.sha256 = doc->>'sha256') THEN
            RAISE EXCEPTION 'sentence % of %: columns differ from its text', NEW.uuid, NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NOT {SIGNED_BY_ANOTHER} THEN
            RAISE EXCEPTION 'sentence % of %: nobody who did not write the page signed it', NEW.uuid, NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,  # noqa: S608  # constants
)
