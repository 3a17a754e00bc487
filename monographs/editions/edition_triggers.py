"""Triggers of editions: each was submitted, signed as its steps require, and says what its columns repeat."""

import pgtrigger

from monographs.document.models import PATH_PATTERNS
from monographs.document.public_path import pattern_pieces
from monographs.editions.triggers import CONTRIBUTED_BY_SIGNER, NAMED_SIGNATURE, FirmTrigger


def _path_sql(pattern: str) -> str:
    """SQL for the path that ``pattern`` gives with the fields of the document ``doc``."""
    terms = []
    for text, name in pattern_pieces(pattern):
        terms += [f"'{text}'"] if text else []
        terms += [f"(doc->>'{name}')"] if name else []
    return " || ".join(terms)


_PATH_OF_EACH_KIND = "\n                ".join(
    f"WHEN '{kind}' THEN {_path_sql(pattern)}" for kind, pattern in PATH_PATTERNS.items()
)

#: A signature ``s`` of the new edition's text counts: it shows who gave it, and they wrote nothing of it.
_COUNTS = f"""s.key = NEW.key AND s.submission = NEW.submission AND s.sha256 = NEW.sha256
                AND {NAMED_SIGNATURE}
                AND NOT EXISTS (
                    SELECT 1 FROM editions_contribution c
                    WHERE c.key = NEW.key AND c.after_edition = NEW.number - 1
                        AND {CONTRIBUTED_BY_SIGNER})"""  # noqa: S608  # a constant of this file

EDITION_SIGNED = FirmTrigger(
    name="must_be_signed",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    declare=[
        ("step", "RECORD"),
        ("found", "INTEGER"),
        ("wanted", "INTEGER"),
        ("doc", "JSONB"),
        ("asked", "JSONB"),
    ],
    func=f"""
        doc := NEW.canonical::jsonb;
        IF NEW.restores IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM editions_edition e WHERE e.key = NEW.key
                    AND e.number = NEW.restores AND e.number < NEW.number AND e.sha256 = NEW.sha256) THEN
            RAISE EXCEPTION 'edition % of %: its text is not that of edition %',
                NEW.number, NEW.key, NEW.restores USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF (doc->>'key', doc->>'kind', doc->>'slug', doc->>'title', doc->>'summary', doc->>'change_note',
                coalesce(doc->'brand_names', '[]'::jsonb))
            IS DISTINCT FROM (NEW.key::text, NEW.kind::text, NEW.slug::text, NEW.title::text,
                NEW.summary::text, NEW.change_note::text, to_jsonb(NEW.brand_names)) THEN
            RAISE EXCEPTION 'edition % of %: columns differ from its text', NEW.number, NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.path IS DISTINCT FROM (CASE doc->>'kind'
                {_PATH_OF_EACH_KIND} END)
            OR NEW.class_key::text IS DISTINCT FROM doc->'drug_class'->>'key'
            OR to_jsonb(NEW.condition_keys) IS DISTINCT FROM coalesce(
                jsonb_path_query_array(doc, '$.conditions[*].key'), '[]'::jsonb) THEN
            RAISE EXCEPTION 'edition % of %: columns differ from its text', NEW.number, NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF EXISTS (
                SELECT 1 FROM jsonb_to_recordset(coalesce(doc->'standard_texts', '[]'::jsonb))
                    AS t(key TEXT, number NUMERIC, sha256 TEXT)
                WHERE NOT EXISTS (
                    SELECT 1 FROM editions_edition e WHERE e.key::text = t.key AND e.number = t.number
                        AND e.sha256 = t.sha256 AND e.kind = 'standard_text')) THEN
            RAISE EXCEPTION 'edition % of %: a standard text in it is not signed', NEW.number, NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        SELECT count(*) INTO found FROM editions_edition
            WHERE key = NEW.key AND number BETWEEN 1 AND NEW.number;
        IF found <> NEW.number THEN
            RAISE EXCEPTION 'edition % of %: an earlier number is missing', NEW.number, NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF EXISTS (
                SELECT 1 FROM editions_signature s JOIN editions_ledgerentry v
                    ON v.subject = NEW.key::text AND v.event = 'voided'
                        AND v.body::jsonb->'data'->>'signature' = s.id::text
                WHERE s.key = NEW.key AND s.submission = NEW.submission AND s.sha256 = NEW.sha256) THEN
            RAISE EXCEPTION 'edition % of %: a signature of it was voided', NEW.number, NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        wanted := 0;
        FOR step IN SELECT * FROM jsonb_to_recordset(NEW.steps) AS s(step TEXT, signatures INTEGER)
        LOOP
            wanted := wanted + greatest(step.signatures, 1);
            SELECT count(DISTINCT s.user_id) INTO found FROM editions_signature s
            WHERE s.step = step.step AND {_COUNTS};
            IF found < greatest(step.signatures, 1) THEN
                RAISE EXCEPTION 'edition % of %: step "%" has % valid signature(s), needs %',
                    NEW.number, NEW.key, step.step, found, greatest(step.signatures, 1)
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END LOOP;
        SELECT count(DISTINCT s.user_id) INTO found FROM editions_signature s WHERE {_COUNTS};
        IF wanted = 0 OR found < wanted THEN
            RAISE EXCEPTION 'edition % of %: signed by % distinct people, needs %',
                NEW.number, NEW.key, found, greatest(wanted, 1)
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        SELECT body::jsonb->'data' INTO asked FROM editions_ledgerentry
            WHERE subject = NEW.key::text AND event = 'submitted'
                AND body::jsonb->'data'->>'submission' = NEW.submission::text
            ORDER BY seq LIMIT 1;
        IF (asked->>'sha256', asked->'steps') IS DISTINCT FROM (NEW.sha256::text, NEW.steps) THEN
            RAISE EXCEPTION 'edition % of %: this text was not submitted, or for other steps of review',
                NEW.number, NEW.key USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,  # noqa: S608  # made of the path patterns in the code
)

EDITION_REVIEWERS = FirmTrigger(
    name="reviewers_are_signers",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func="""
        IF NEW.reviewers IS DISTINCT FROM (
                SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'name', s.name, 'credentials', s.credentials, 'step', s.step)
                    ORDER BY s.signed_at, s.id), '[]'::jsonb)
                FROM editions_signature s
                WHERE s.key = NEW.key AND s.submission = NEW.submission AND s.sha256 = NEW.sha256) THEN
            RAISE EXCEPTION 'edition % of %: its reviewers are not those who signed', NEW.number, NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,
)

#: The table is that of ``accounts.models.SigningHold``, which keeps its rows by triggers of its own.
EDITION_WITHOUT_HOLD = FirmTrigger(
    name="signed_without_hold",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func="""
        IF EXISTS (
                SELECT 1 FROM editions_signature s JOIN accounts_signinghold h ON h.user_id = s.user_id
                WHERE s.key = NEW.key AND s.submission = NEW.submission AND s.sha256 = NEW.sha256
                    AND h.since <= s.signed_at AND coalesce(h.until, 'infinity') > s.signed_at
                    AND coalesce(h.confirmed_at, 'infinity') > s.signed_at) THEN
            RAISE EXCEPTION 'edition % of %: signed by an account whose sign-in facts had changed',
                NEW.number, NEW.key USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,
)

EDITION_AFTER_WITHDRAWAL = FirmTrigger(
    name="submitted_after_withdrawal",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func="""
        IF EXISTS (
            SELECT 1 FROM editions_ledgerentry gone
            WHERE gone.subject = NEW.key::text AND gone.event = 'withdrawn' AND gone.seq > (
                SELECT min(asked.seq) FROM editions_ledgerentry asked
                WHERE asked.subject = NEW.key::text AND asked.event = 'submitted'
                    AND asked.body::jsonb->'data'->>'submission' = NEW.submission::text)
                AND gone.seq < coalesce((
                    SELECT min(made.seq) FROM editions_ledgerentry made
                    WHERE made.subject = NEW.key::text AND made.event = 'edition'
                        AND made.body::jsonb->'data'->>'submission' = NEW.submission::text), gone.seq + 1)
        ) THEN
            RAISE EXCEPTION 'edition % of %: the page was withdrawn after this text was submitted',
                NEW.number, NEW.key USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,
)
