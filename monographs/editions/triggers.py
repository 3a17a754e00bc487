"""Triggers that only the owner of the tables can turn off or bypass.

django-pgtrigger lets any session skip its triggers by setting ``pgtrigger.ignore``, which would be enough
for anybody who can run SQL as the application. The triggers here are compiled without it.

A session also chooses its ``search_path``, and its temporary tables come first whatever it chooses: a
temporary ``editions_signature`` would be read instead of the real one. The triggers here read ``public``.
"""

import pgtrigger
from django.db import models
from pgtrigger import compiler

from monographs.core.visible_text import sql_pattern


class FirmTriggerSql(compiler.UpsertTriggerSql):
    """pgtrigger's installation template without the ``pgtrigger.ignore`` escape, with a fixed search path.

    Migrations refer to it: a change of the template needs a migration that reinstalls the triggers.
    """

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class FirmTrigger(pgtrigger.Trigger):
    """A trigger that neither ``pgtrigger.ignore`` nor a session's search path can bypass."""

    def compile(self, model: models.Model) -> compiler.Trigger:
        stock = super().compile(model)
        kwargs = {k: v for k, v in stock.sql.kwargs.items() if k != "ignore_func_name"}
        return compiler.Trigger(name=stock.name or "", sql=FirmTriggerSql(**kwargs))


def refuse(name: str, operation: pgtrigger.Operation, *, statement: bool = False) -> FirmTrigger:
    """A trigger that refuses ``operation`` on its table with a message saying so."""
    return FirmTrigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        level=pgtrigger.Statement if statement else pgtrigger.Row,
        func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME "
        "USING ERRCODE = 'restrict_violation';",
    )


def append_only() -> list[FirmTrigger]:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE."""
    return [
        refuse("no_update_or_delete", pgtrigger.Update | pgtrigger.Delete),
        refuse("no_truncate", pgtrigger.Truncate, statement=True),
    ]


#: Number of the advisory lock of every writer of the ledger; arbitrary.
LEDGER_LOCK = 4207260115

LEDGER_CHAIN = FirmTrigger(
    name="chain",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("last", "RECORD")],
    func=f"""
        PERFORM pg_advisory_xact_lock({LEDGER_LOCK});
        SELECT seq, hash INTO last FROM editions_ledgerentry ORDER BY seq DESC LIMIT 1;
        NEW.seq := coalesce(last.seq, 0) + 1;
        NEW.at := clock_timestamp();
        NEW.prev_hash := coalesce(last.hash, repeat('0', 64));
        NEW.hash := encode(sha256(convert_to(concat_ws(E'\\n',
            NEW.seq::text,
            to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            NEW.prev_hash, NEW.event, NEW.subject, NEW.body), 'UTF8')), 'hex');
        RETURN NEW;
    """,  # noqa: S608  # a constant of this file
)

SIGNATURE_TIME = FirmTrigger(
    name="server_time",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF NEW.statement = '' THEN
            RAISE EXCEPTION 'signature of %: it does not state who signs what', NEW.submission
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        NEW.signed_at := clock_timestamp();
        RETURN NEW;
    """,
)

CONTRIBUTION_PLACE = FirmTrigger(
    name="server_place",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        NEW.at := clock_timestamp();
        NEW.after_edition := (
            SELECT coalesce(max(number), 0) FROM editions_edition WHERE key = NEW.key);
        RETURN NEW;
    """,
)

RETRACTION_PLACE = FirmTrigger(
    name="server_place",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("made", "RECORD"), ("newest", "INTEGER")],
    func="""
        SELECT key, after_edition, user_id, username INTO made
            FROM editions_contribution WHERE id = NEW.contribution_id;
        SELECT coalesce(max(number), 0) INTO newest FROM editions_edition WHERE key = made.key;
        IF made.after_edition IS DISTINCT FROM newest THEN
            RAISE EXCEPTION 'contribution % of % belongs to an edition, so it stays', NEW.contribution_id,
                made.key USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        NEW.at := clock_timestamp();
        NEW.key := made.key;
        NEW.after_edition := made.after_edition;
        NEW.user_id := made.user_id;
        NEW.username := made.username;
        RETURN NEW;
    """,
)


#: A signature ``s`` shows who gave it, and with which credentials.
NAMED_SIGNATURE = f"s.name ~ '{sql_pattern()}' AND s.credentials ~ '{sql_pattern()}'"

#: Condition on a contribution ``c``: it was not retracted, and is of the person who gave the signature ``s``.
CONTRIBUTED_BY_SIGNER = """(c.user_id = s.user_id
                            OR (c.username <> '' AND lower(c.username) = lower(s.username))
                            OR c.sign_in_keys && s.sign_in_keys)
                        AND NOT EXISTS (
                            SELECT 1 FROM editions_retraction r WHERE r.contribution_id = c.id)"""

#: Condition on a new row of a signed act: a named person signed it who contributed neither to its edition nor
#: to one before, from which most of its text may be. The names in an edition are those of its time; the keys
#: of sign-in names are in the contributions.
SIGNED_BY_ANOTHER = f"""EXISTS (
            SELECT 1 FROM editions_signature s JOIN editions_edition e ON e.id = NEW.edition_id
                WHERE s.submission = NEW.uuid AND s.key = NEW.key AND s.sha256 = NEW.sha256
                AND {NAMED_SIGNATURE}
                AND NOT EXISTS (
                    SELECT 1 FROM editions_edition w,
                        jsonb_to_recordset(w.contributors) AS c(id BIGINT, username TEXT)
                    WHERE w.key = e.key AND w.number <= e.number AND (c.id = s.user_id
                        OR (c.username <> '' AND lower(c.username) = lower(s.username))))
                AND NOT EXISTS (
                    SELECT 1 FROM editions_contribution c
                    WHERE c.key = e.key AND c.after_edition < e.number
                        AND {CONTRIBUTED_BY_SIGNER}))"""  # noqa: S608  # a constant of this file

WITHDRAWAL_SIGNED = FirmTrigger(
    name="must_be_signed",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    timing=pgtrigger.Deferred,
    declare=[("doc", "JSONB")],
    func=f"""
        doc := NEW.canonical::jsonb;
        IF (doc->>'withdrawal', doc->>'key', doc->>'cause', doc->>'reason', doc->>'advice', doc->>'note')
            IS DISTINCT FROM (NEW.uuid::text, NEW.key::text, NEW.cause::text, NEW.reason::text,
                NEW.advice::text, NEW.note::text)
            OR NOT EXISTS (
                SELECT 1 FROM editions_edition e WHERE e.id = NEW.edition_id AND e.key = NEW.key
                    AND e.number = (doc->>'edition')::integer AND e.sha256 = doc->>'sha256') THEN
            RAISE EXCEPTION 'withdrawal % of %: columns differ from its text', NEW.uuid, NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM editions_signature s WHERE s.submission = NEW.uuid AND s.key = NEW.key
                AND s.sha256 = NEW.sha256 AND {NAMED_SIGNATURE}) THEN
            RAISE EXCEPTION 'withdrawal % of %: nobody signed it', NEW.uuid, NEW.key
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,  # noqa: S608  # a constant of this file
)

PUBLICATION_OWN_EDITION = FirmTrigger(
    name="own_edition",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update,
    timing=pgtrigger.Deferred,
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM editions_edition e
            WHERE e.id = NEW.edition_id AND e.key = NEW.key
                AND (NEW.state = 'moved' OR e.path = NEW.path)) THEN
            RAISE EXCEPTION 'publication of % points to an edition of another page or path', NEW.path
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF EXISTS (
            SELECT 1 FROM editions_publication p JOIN editions_edition e ON e.id = p.edition_id
            JOIN editions_edition newer ON newer.key = e.key AND newer.number > e.number
            WHERE p.path = NEW.path AND p.state <> 'moved') THEN
            RAISE EXCEPTION 'publication of % is not of its newest edition', NEW.path
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.state = 'withdrawn' AND NOT EXISTS (
            SELECT 1 FROM editions_withdrawal w
            WHERE w.id = NEW.withdrawal_id AND w.edition_id = NEW.edition_id
                AND w.reason = NEW.reason) THEN
            RAISE EXCEPTION 'publication of % is withdrawn by a withdrawal of something else', NEW.path
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    """,
)
