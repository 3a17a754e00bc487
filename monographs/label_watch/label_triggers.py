"""Triggers of the tables of labels: times by the database, and answers that somebody signed."""

import pgtrigger

from monographs.editions.transition_triggers import server_time
from monographs.editions.triggers import SIGNED_BY_ANOTHER, FirmTrigger

STORED_TIME = server_time("stored_at")
ANSWER_TIME = server_time("at")

#: An answer's columns are those of its text, and a named reviewer who did not contribute signed exactly that.
ANSWER_SIGNED = FirmTrigger(
    name="must_be_signed",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    declare=[("doc", "JSONB")],
    func=f"""
        doc := NEW.canonical::jsonb;
        IF (doc->>'label_answer', doc->>'key', doc->>'reason', (doc->>'from_version')::integer)
            IS DISTINCT FROM (NEW.uuid::text, NEW.key::text, NEW.reason::text, NEW.from_version)
            OR NOT EXISTS (
                SELECT 1 FROM editions_edition e WHERE e.id = NEW.edition_id AND e.key = NEW.key
                    AND e.number = (doc->>'edition')::integer AND e.sha256 = doc->>'sha256')
            OR NOT EXISTS (
                SELECT 1 FROM label_watch_labelversion v WHERE v.id = NEW.label_id
                    AND v.set_id = doc->>'set_id' AND v.version = (doc->>'version')::integer
                    AND v.sha256 = doc->>'label_sha256') THEN
            RAISE EXCEPTION 'answer % of %: columns differ from its text', NEW.uuid, NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NOT {SIGNED_BY_ANOTHER} THEN
            RAISE EXCEPTION 'answer % of %: nobody who did not write the page signed it', NEW.uuid, NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,  # noqa: S608  # constants
)
