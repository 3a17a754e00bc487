"""Triggers of conflicts of interest: who declared them stays, and nobody signs a page they have one with.

A conflict counts from its first day to its last one, both included, in UTC, unless a row ended it before. A
withdrawal is signed all the same: it only ever takes unsafe text from patients.
"""

import pgtrigger

from monographs.editions.triggers import FirmTrigger

CONFLICT_TIME = FirmTrigger(
    name="server_time",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        NEW.at := clock_timestamp();
        RETURN NEW;
    """,
)

CONFLICT_END_PLACE = FirmTrigger(
    name="server_place",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("declared", "RECORD")],
    func="""
        SELECT key, user_id, username, sign_in_keys INTO declared FROM editions_conflictofinterest
            WHERE id = NEW.conflict_id;
        IF NEW.by_id = declared.user_id OR lower(NEW.by_username) = lower(declared.username)
            OR NEW.by_sign_in_keys && declared.sign_in_keys THEN
            RAISE EXCEPTION 'conflict % of %: somebody else must end it', NEW.conflict_id, declared.key
                USING ERRCODE = 'restrict_violation';
        END IF;
        NEW.at := clock_timestamp();
        NEW.key := declared.key;
        RETURN NEW;
    """,
)


def recorded(event: str, name: str) -> FirmTrigger:
    """A trigger that refuses a row without its ledger entry, whose field ``name`` is the row's number."""
    return FirmTrigger(
        name="in_the_ledger",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func=f"""
            IF NOT EXISTS (
                    SELECT 1 FROM editions_ledgerentry l
                    WHERE l.subject = NEW.key::text AND l.event = '{event}'
                        AND l.body::jsonb->'data'->>'{name}' = NEW.id::text) THEN
                RAISE EXCEPTION '% % of %: the ledger does not record it', TG_TABLE_NAME, NEW.id, NEW.key
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NULL;
        """,  # noqa: S608  # constants of the models
    )


#: Condition on a signature ``s``: its signer had a conflict of interest with the page when they signed.
_SIGNED_IN_CONFLICT = """EXISTS (
                SELECT 1 FROM editions_conflictofinterest c
                WHERE c.key = s.key AND (c.user_id = s.user_id
                        OR (c.username <> '' AND lower(c.username) = lower(s.username))
                        OR c.sign_in_keys && s.sign_in_keys)
                    AND (s.signed_at AT TIME ZONE 'UTC')::date
                        BETWEEN c.starts_on AND coalesce(c.ends_on, 'infinity')
                    AND NOT EXISTS (
                        SELECT 1 FROM editions_conflictend x
                        WHERE x.conflict_id = c.id AND x.at <= s.signed_at))"""

SIGNATURE_WITHOUT_CONFLICT = FirmTrigger(
    name="without_conflict",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func=f"""
        IF EXISTS (
                SELECT 1 FROM editions_signature s WHERE s.id = NEW.id AND {_SIGNED_IN_CONFLICT})
            AND NOT EXISTS (SELECT 1 FROM editions_withdrawal w WHERE w.uuid = NEW.submission) THEN
            RAISE EXCEPTION 'signature of %: its signer has a conflict of interest with %',
                NEW.submission, NEW.key USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,  # noqa: S608  # a constant of this file
)

#: Also for a conflict that was declared between the signature and the edition.
EDITION_WITHOUT_CONFLICT = FirmTrigger(
    name="signed_without_conflict",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    func=f"""
        IF EXISTS (
                SELECT 1 FROM editions_signature s
                WHERE s.key = NEW.key AND s.submission = NEW.submission AND s.sha256 = NEW.sha256
                    AND {_SIGNED_IN_CONFLICT}) THEN
            RAISE EXCEPTION 'edition % of %: signed by somebody with a conflict of interest',
                NEW.number, NEW.key USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,  # noqa: S608  # a constant of this file
)
