"""Triggers by which the database keeps a signing hold until its end: no SQL of the application skips one.

``editions/triggers.py`` refuses an edition with a signature that was given during a hold.
"""

import pgtrigger

from monographs.editions.triggers import FirmTrigger

HOLD_STAYS = FirmTrigger(
    name="only_confirmed",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func="""
        IF (OLD.id, OLD.user_id, OLD.reason, OLD.since, OLD.until, OLD.actor_id, OLD.actor_name)
            IS DISTINCT FROM
            (NEW.id, NEW.user_id, NEW.reason, NEW.since, NEW.until, NEW.actor_id, NEW.actor_name) THEN
            RAISE EXCEPTION 'hold % of account %: it can be confirmed, and not changed', OLD.id, OLD.user_id
                USING ERRCODE = 'restrict_violation';
        END IF;
        IF OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL THEN
            IF NEW.confirmer_id IS NULL OR NEW.confirmer_id IN (NEW.user_id, NEW.actor_id) THEN
                RAISE EXCEPTION 'hold % of account %: somebody else must confirm it', OLD.id, OLD.user_id
                    USING ERRCODE = 'restrict_violation';
            END IF;
            NEW.confirmed_at := clock_timestamp();
        ELSIF (OLD.confirmed_at, OLD.confirmer_id, OLD.confirmer_name)
            IS DISTINCT FROM (NEW.confirmed_at, NEW.confirmer_id, NEW.confirmer_name) THEN
            RAISE EXCEPTION 'hold % of account %: its confirmation stays', OLD.id, OLD.user_id
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    """,
)

HOLD_CONFIRMED = FirmTrigger(
    name="confirmation_recorded",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    timing=pgtrigger.Deferred,
    func="""
        IF OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM editions_ledgerentry l
                WHERE l.event = 'signing_hold' AND l.subject = 'account:' || NEW.user_id
                    AND l.at >= NEW.confirmed_at AND l.body::jsonb->'data'->>'confirmed' = 'true'
                    AND l.body::jsonb->'actor'->>'id' = NEW.confirmer_id::text) THEN
            RAISE EXCEPTION 'hold % of account %: the ledger does not record who confirmed it', NEW.id,
                NEW.user_id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,
)

HOLD_REMAINS = FirmTrigger(
    name="not_deleted",
    when=pgtrigger.After,
    operation=pgtrigger.Delete,
    timing=pgtrigger.Deferred,
    func="""
        IF EXISTS (SELECT 1 FROM auth_user WHERE id = OLD.user_id) THEN
            RAISE EXCEPTION 'hold % of account %: it stays as long as the account', OLD.id, OLD.user_id
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NULL;
    """,
)
