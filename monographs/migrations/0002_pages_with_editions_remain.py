"""Refuse to delete the row of a page that ever had an edition, or to take its key from it.

The table is Wagtail's, so the trigger belongs to no model of ours. Like our own triggers
(``editions/triggers.py``) it reads the real tables, whatever a session's search path says.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION monographs_page_remains() RETURNS TRIGGER AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        IF EXISTS (SELECT 1 FROM editions_edition) THEN
            RAISE EXCEPTION 'pages that had an edition cannot be deleted'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NULL;
    END IF;
    IF OLD.alias_of_id IS NULL
        AND EXISTS (SELECT 1 FROM editions_edition e WHERE e.key = OLD.translation_key) THEN
        RAISE EXCEPTION 'page % had an edition: it can be retired, but neither deleted nor given another key',
            OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp;
"""

TRIGGERS = """
CREATE TRIGGER monographs_page_not_deleted BEFORE DELETE ON wagtailcore_page
    FOR EACH ROW EXECUTE PROCEDURE monographs_page_remains();
CREATE TRIGGER monographs_page_keeps_key BEFORE UPDATE ON wagtailcore_page
    FOR EACH ROW WHEN (
        OLD.translation_key IS DISTINCT FROM NEW.translation_key
        OR (OLD.alias_of_id IS NULL AND NEW.alias_of_id IS NOT NULL))
    EXECUTE PROCEDURE monographs_page_remains();
CREATE TRIGGER monographs_page_not_truncated BEFORE TRUNCATE ON wagtailcore_page
    FOR EACH STATEMENT EXECUTE PROCEDURE monographs_page_remains();
"""

REMOVAL = """
DROP TRIGGER monographs_page_not_deleted ON wagtailcore_page;
DROP TRIGGER monographs_page_keeps_key ON wagtailcore_page;
DROP TRIGGER monographs_page_not_truncated ON wagtailcore_page;
DROP FUNCTION monographs_page_remains();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("monographs", "0001_initial"),
        ("editions", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunSQL(FUNCTION + TRIGGERS, REMOVAL)]
