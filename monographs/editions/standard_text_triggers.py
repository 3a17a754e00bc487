"""Triggers of standard texts: no edition has words of a version that was withdrawn before it.

``record/edition_rules.py`` states the same rule for both verifiers.
"""

import pgtrigger

from monographs.editions.triggers import FirmTrigger

#: By the order of the ledger, which every transaction locks from its first entry to its commit. A withdrawal
#: is of the newest version there was, and of all before it.
EDITION_TEXTS_IN_USE = FirmTrigger(
    name="standard_texts_in_use",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func="""
        IF EXISTS (
                SELECT 1 FROM jsonb_to_recordset(
                    coalesce(NEW.canonical::jsonb->'standard_texts', '[]'::jsonb)
                ) AS t(key TEXT, number NUMERIC)
                JOIN editions_ledgerentry gone ON gone.subject = t.key AND gone.event = 'withdrawn'
                JOIN editions_edition e ON e.key = t.key::uuid AND e.number >= t.number
                    AND e.id::text = gone.body::jsonb->'data'->>'edition'
                WHERE gone.seq < coalesce((
                    SELECT min(made.seq) FROM editions_ledgerentry made
                    WHERE made.subject = NEW.key::text AND made.event = 'edition'
                        AND made.body::jsonb->'data'->>'edition' = NEW.id::text), gone.seq + 1)) THEN
            RAISE EXCEPTION 'edition % of %: a standard text in it was withdrawn before', NEW.number, NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,
)
