"""Triggers of signatures by outside experts: invited in the ledger, by people who neither wrote nor signed.

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

#: The people whom the invitation ``l`` names as vouchers.
_VOUCHERS = """jsonb_to_recordset(l.body::jsonb->'data'->'vouchers')
                                AS v(id BIGINT, username TEXT, sign_in_keys TEXT[])"""

#: Condition on an invitation ``l``: one of its vouchers gave another signature of the same text than ``s``.
_VOUCHER_SIGNED = f"""EXISTS (
                        SELECT 1 FROM editions_signature o,
                            {_VOUCHERS}
                        WHERE o.key = s.key AND o.submission = s.submission AND o.sha256 = s.sha256
                            AND o.id <> s.id
                            AND (o.user_id = v.id
                                OR (o.username <> '' AND lower(o.username) = lower(v.username))
                                OR o.sign_in_keys && v.sign_in_keys))"""  # noqa: S608  # constants of this file

#: Condition on an invitation ``l`` to sign the text of the edition ``NEW``: one of its vouchers wrote in it.
_VOUCHER_WROTE = f"""EXISTS (
                        SELECT 1 FROM editions_contribution c,
                            {_VOUCHERS}
                        WHERE c.key = NEW.key AND c.after_edition = NEW.number - 1
                            AND (c.user_id = v.id
                                OR (c.username <> '' AND lower(c.username) = lower(v.username))
                                OR c.sign_in_keys && v.sign_in_keys)
                            AND NOT EXISTS (
                                SELECT 1 FROM editions_retraction r WHERE r.contribution_id = c.id))"""  # noqa: S608  # constants of this file

#: An outside expert's signature of the text that the new row is about.
_SIGNED_BY_EXPERT = f"""SELECT 1 FROM editions_signature s
                WHERE s.key = NEW.key AND s.submission = NEW.submission AND s.sha256 = NEW.sha256
                AND {_OF_EXPERT}"""  # noqa: S608  # constants of this file

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
                {_SIGNED_BY_EXPERT}
                AND NOT EXISTS (
                    SELECT 1 FROM editions_ledgerentry l WHERE {_INVITATION}
                    AND NOT {_VOUCHER_WROTE})) THEN
            RAISE EXCEPTION 'edition % of %: somebody who wrote it vouches for its outside expert',
                NEW.number, NEW.key USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,  # noqa: S608  # constants of this file
)

#: Whichever of them signed first: two signatures could be one person's.
SIGNATURE_BY_NO_VOUCHER = FirmTrigger(
    name="vouchers_sign_apart",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func=f"""
        IF EXISTS (
                {_SIGNED_BY_EXPERT}
                AND EXISTS (SELECT 1 FROM editions_ledgerentry l WHERE {_INVITATION})
                AND NOT EXISTS (
                    SELECT 1 FROM editions_ledgerentry l WHERE {_INVITATION}
                    AND NOT {_VOUCHER_SIGNED})) THEN
            RAISE EXCEPTION 'signature of %: somebody who signs it vouches for its outside expert',
                NEW.submission USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,  # noqa: S608  # constants of this file
)

#: Also of signatures given at the same moment, and by an invitation whose vouchers did not write either.
EDITION_BY_NO_VOUCHER = FirmTrigger(
    name="vouchers_signed_apart",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func=f"""
        IF EXISTS (
                {_SIGNED_BY_EXPERT}
                AND EXISTS (
                    SELECT 1 FROM editions_ledgerentry l WHERE {_INVITATION} AND NOT {_VOUCHER_WROTE})
                AND NOT EXISTS (
                    SELECT 1 FROM editions_ledgerentry l WHERE {_INVITATION}
                    AND NOT {_VOUCHER_WROTE}
                    AND NOT {_VOUCHER_SIGNED})) THEN
            RAISE EXCEPTION 'edition % of %: somebody who signed it vouches for its outside expert',
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
                {_SIGNED_BY_EXPERT})
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
