"""Refuse to take its text or its type from a page that ever had an edition.

A page is a row of Wagtail's table and one of its own type's. Without the second, or with another type, it
cannot be opened, listed or retired, as if it were deleted.
"""

from django.db import migrations

FUNCTIONS = """
CREATE OR REPLACE FUNCTION monographs_text_remains() RETURNS TRIGGER AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        IF EXISTS (SELECT 1 FROM editions_edition) THEN
            RAISE EXCEPTION 'texts of pages that had an edition cannot be deleted'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT 1 FROM wagtailcore_page p JOIN editions_edition e ON e.key = p.translation_key
        WHERE p.id = OLD.page_ptr_id AND p.alias_of_id IS NULL
    ) THEN
        RAISE EXCEPTION 'page % had an edition: it can be retired, but its text is not deleted',
            OLD.page_ptr_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp;
"""

TABLES = ("monographs_monographpage", "monographs_drugclasspage")
TEXT_TRIGGERS = """
CREATE TRIGGER monographs_text_not_deleted BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE PROCEDURE monographs_text_remains();
CREATE TRIGGER monographs_text_keeps_page BEFORE UPDATE ON {table}
    FOR EACH ROW WHEN (OLD.page_ptr_id IS DISTINCT FROM NEW.page_ptr_id)
    EXECUTE PROCEDURE monographs_text_remains();
CREATE TRIGGER monographs_text_not_truncated BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE PROCEDURE monographs_text_remains();
"""
TEXT_REMOVAL = """
DROP TRIGGER monographs_text_not_deleted ON {table};
DROP TRIGGER monographs_text_keeps_page ON {table};
DROP TRIGGER monographs_text_not_truncated ON {table};
"""

PAGE_TRIGGERS = """
CREATE TRIGGER monographs_page_keeps_type BEFORE UPDATE ON wagtailcore_page
    FOR EACH ROW WHEN (OLD.content_type_id IS DISTINCT FROM NEW.content_type_id)
    EXECUTE PROCEDURE monographs_page_remains();
"""


class Migration(migrations.Migration):
    dependencies = [("monographs", "0006_sections")]

    operations = [
        migrations.RunSQL(
            FUNCTIONS + PAGE_TRIGGERS + "".join(TEXT_TRIGGERS.format(table=table) for table in TABLES),
            "DROP TRIGGER monographs_page_keeps_type ON wagtailcore_page;"
            + "".join(TEXT_REMOVAL.format(table=table) for table in TABLES)
            + "DROP FUNCTION monographs_text_remains();",
        )
    ]
