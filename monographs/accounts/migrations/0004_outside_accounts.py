"""Triggers of Django's tables of accounts: nobody signs in by the account of an outside expert.

These tables belong to no model of ours, so the triggers are SQL. Like our own (``editions/triggers.py``) they read
the real tables, whatever a session's search path says. Such accounts have sign-in names that no form accepts.
"""

from django.db import migrations

REFUSAL = """RAISE EXCEPTION 'account %: an outside expert has no password, no rights, and keeps the sign-in name',
            {} USING ERRCODE = 'restrict_violation';"""

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION accounts_outside_account() RETURNS TRIGGER AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.username LIKE 'outside:%') IS DISTINCT FROM (NEW.username LIKE 'outside:%') THEN
        {REFUSAL.format("OLD.id")}
    END IF;
    IF NEW.username LIKE 'outside:%' AND (NEW.password NOT LIKE '!%' OR NEW.is_superuser OR NEW.is_staff) THEN
        {REFUSAL.format("NEW.id")}
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp;

CREATE OR REPLACE FUNCTION accounts_outside_rights() RETURNS TRIGGER AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM auth_user u WHERE u.id = NEW.user_id AND u.username LIKE 'outside:%') THEN
        {REFUSAL.format("NEW.user_id")}
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp;
"""

TRIGGERS = """
CREATE TRIGGER accounts_outside_account BEFORE INSERT OR UPDATE OF username, password, is_superuser, is_staff
    ON auth_user FOR EACH ROW EXECUTE PROCEDURE accounts_outside_account();
CREATE TRIGGER accounts_outside_groups BEFORE INSERT OR UPDATE ON auth_user_groups
    FOR EACH ROW EXECUTE PROCEDURE accounts_outside_rights();
CREATE TRIGGER accounts_outside_permissions BEFORE INSERT OR UPDATE ON auth_user_user_permissions
    FOR EACH ROW EXECUTE PROCEDURE accounts_outside_rights();
"""

REMOVAL = """
DROP TRIGGER accounts_outside_account ON auth_user;
DROP TRIGGER accounts_outside_groups ON auth_user_groups;
DROP TRIGGER accounts_outside_permissions ON auth_user_user_permissions;
DROP FUNCTION accounts_outside_account();
DROP FUNCTION accounts_outside_rights();
"""


class Migration(migrations.Migration):
    accepted = {
        "TRIGGER": "The triggers refuse only rows of outside experts, whom the release before cannot record."
    }

    dependencies = [
        ("accounts", "0003_admin_language"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, REMOVAL)]
