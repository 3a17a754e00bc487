"""Triggers of signatures by outside experts: invited in the ledger, and by people who did not write the text.

They sign no words of somebody whom nobody can name. Times are the database's. An invitation ends at its own
time, or by a later entry that says so.
"""

import pgtrigger

from monographs.editions.person import SYSTEM
from monographs.editions.record.expert_rules import BY_CODE, OUTSIDE
from monographs.editions.triggers import FirmTrigger

#: Condition on a signature ``s``: it says that an outside expert gave it, or the account is one's.
_OF_EXPERT = f"""(s.username LIKE '{OUTSIDE}%' OR s.method = '{BY_CODE}' OR EXISTS (
                SELECT 1 FROM auth_user u WHERE u.id = s.user_id AND u.username LIKE '{OUTSIDE}%'))"""  # noqa: S608  # constants

#: Condition on a ledger entry ``l``: it invites the signer of ``s`` to sign this text at this step.
_INVITATION = """l.subject = s.key::text AND l.event = 'outside_link_made'
                AND l.body::jsonb->'data'->>'submission' = s.submission::text
                AND l.body::jsonb->'data'->'signer'->>'id' = s.user_id::text
                AND l.body::jsonb->'data'->'signer'->>'username' = s.username
                AND l.body::jsonb->'data'->>'step' = s.step
                AND jsonb_array_length(l.body::jsonb->'data'->'vouchers') > 0
                AND (l.body::jsonb->'data'->>'expires_at')::timestamptz > s.signed_at
                AND NOT EXISTS (
                    SELECT 1 FROM editions_ledgerentry r
                    WHERE r.subject = l.subject AND r.event = 'outside_link_revoked'
                        AND r.body::jsonb->'data'->>'link' = l.body::jsonb->'data'->>'link'
                        AND r.at <= s.signed_at)"""

SIGNATURE_INVITED = FirmTrigger(
    name="expert_was_invited",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func=f"""
        IF EXISTS (
                SELECT 1 FROM editions_signature s WHERE s.id = NEW.id AND {_OF_EXPERT}
                AND (s.username NOT LIKE '{OUTSIDE}%' OR s.method <> '{BY_CODE}' OR NOT EXISTS (
                    SELECT 1 FROM editions_ledgerentry l WHERE {_INVITATION}))) THEN
            RAISE EXCEPTION 'signature of %: its signer, an outside expert, was not invited to sign this',
                NEW.submission USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,  # noqa: S608  # constants of this file
)

#: Also for somebody who vouched, and contributed between the signature and the edition.
EDITION_VOUCHED = FirmTrigger(
    name="experts_vouched_for",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func=f"""
        IF EXISTS (
                SELECT 1 FROM editions_signature s
                WHERE s.key = NEW.key AND s.submission = NEW.submission AND s.sha256 = NEW.sha256
                AND {_OF_EXPERT}
                AND NOT EXISTS (
                    SELECT 1 FROM editions_ledgerentry l WHERE {_INVITATION}
                    AND NOT EXISTS (
                        SELECT 1 FROM editions_contribution c,
                            jsonb_to_recordset(l.body::jsonb->'data'->'vouchers')
                                AS v(id BIGINT, username TEXT, sign_in_keys TEXT[])
                        WHERE c.key = NEW.key AND c.after_edition = NEW.number - 1
                            AND (c.user_id = v.id
                                OR (c.username <> '' AND lower(c.username) = lower(v.username))
                                OR c.sign_in_keys && v.sign_in_keys)
                            AND NOT EXISTS (
                                SELECT 1 FROM editions_retraction r WHERE r.contribution_id = c.id)))) THEN
            RAISE EXCEPTION 'edition % of %: somebody who wrote it vouches for its outside expert',
                NEW.number, NEW.key USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,  # noqa: S608  # constants of this file
)

#: Nobody can tell whose words are that somebody left without an account, so no outside expert signs them.
EDITION_BY_NAMED_WRITERS = FirmTrigger(
    name="experts_sign_named_words",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func=f"""
        IF EXISTS (
                SELECT 1 FROM editions_signature s
                WHERE s.key = NEW.key AND s.submission = NEW.submission AND s.sha256 = NEW.sha256
                AND {_OF_EXPERT})
            AND EXISTS (
                SELECT 1 FROM editions_contribution c
                WHERE c.key = NEW.key AND c.after_edition = NEW.number - 1
                AND c.user_id IS NULL AND c.username = '' AND c.name <> '{SYSTEM.name}'
                AND NOT EXISTS (
                    SELECT 1 FROM editions_retraction r WHERE r.contribution_id = c.id)) THEN
            RAISE EXCEPTION 'edition % of %: an outside expert signed words of somebody without an account',
                NEW.number, NEW.key USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,  # noqa: S608  # constants of this file
)
