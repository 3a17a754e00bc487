import django.contrib.postgres.fields
import django.db.models.deletion
import monographs.editions.functions
import monographs.editions.triggers
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("editions", "0001_initial"),
        ("editions", "0002_withdrawing_and_restoring"),
        ("editions", "0003_triggers_look_in_public"),
        ("editions", "0004_columns_follow_from_the_text"),
        ("editions", "0005_an_edition_is_what_was_submitted"),
        ("editions", "0006_statements_and_sign_in_names"),
        ("editions", "0007_retractions"),
        ("editions", "0008_an_edition_is_submitted_after_a_withdrawal"),
        ("editions", "0009_clock_and_transitions"),
        ("editions", "0010_signers_without_standing_contributions"),
        ("editions", "0011_reviewers_are_signers_without_holds"),
        ("editions", "0012_indexes_by_person_and_page"),
        ("editions", "0013_newest_changes_and_public_names"),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('path', models.CharField(max_length=300)),
                ('slug', models.CharField(max_length=255)),
                ('title', models.CharField(max_length=255)),
                ('brand_names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), default=list, size=None)),
                ('summary', models.TextField(blank=True)),
                ('class_key', models.UUIDField(null=True)),
                ('condition_keys', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('linked_keys', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('canonical', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('submission', models.UUIDField()),
                ('steps', models.JSONField()),
                ('review_kind', models.CharField(choices=[('full_review', 'Full review'), ('correction', 'Correction')], max_length=20)),
                ('reason', models.TextField()),
                ('change_note', models.TextField(blank=True)),
                ('restores', models.PositiveIntegerField(help_text='Number of the earlier edition whose text this one brings back.', null=True)),
                ('contributors', models.JSONField(default=list)),
                ('reviewers', models.JSONField(default=list)),
                ('last_reviewed', models.DateField()),
                ('next_due', models.DateField()),
                ('effective_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='EditionFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('file_name', models.CharField(db_index=True, max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('seq', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('event', models.CharField(max_length=40)),
                ('subject', models.CharField(blank=True, db_index=True, max_length=64)),
                ('body', models.TextField()),
                ('prev_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64, unique=True)),
            ],
            options={
                'verbose_name_plural': 'ledger entries',
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('path', models.CharField(max_length=300, primary_key=True, serialize=False)),
                ('key', models.UUIDField()),
                ('state', models.CharField(choices=[('current', 'Current edition'), ('moved', 'Moved to another path'), ('withdrawn', 'Withdrawn')], max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('flipped_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='PublicName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('name_key', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Retraction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('after_edition', models.PositiveIntegerField(default=0)),
                ('user_id', models.BigIntegerField(null=True)),
                ('username', models.CharField(blank=True, max_length=254)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('username', models.CharField(blank=True, max_length=254)),
                ('sign_in_keys', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), editable=False, null=True, size=None)),
                ('submission', models.UUIDField()),
                ('key', models.UUIDField()),
                ('sha256', models.CharField(max_length=64)),
                ('step', models.CharField(max_length=255)),
                ('meaning', models.TextField()),
                ('user_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=300)),
                ('credentials', models.CharField(blank=True, max_length=200)),
                ('field', models.CharField(blank=True, max_length=200)),
                ('method', models.CharField(default='password', max_length=40)),
                ('signed_at', models.DateTimeField(auto_now_add=True)),
                ('statement', models.TextField(blank=True, db_default='', default='', editable=False)),
                ('statement_sha256', models.CharField(blank=True, db_default='', default='', editable=False, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(unique=True)),
                ('key', models.UUIDField(db_index=True)),
                ('cause', models.CharField(max_length=40)),
                ('reason', models.TextField()),
                ('advice', models.TextField(blank=True)),
                ('note', models.TextField()),
                ('canonical', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('username', models.CharField(blank=True, max_length=254)),
                ('sign_in_keys', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), editable=False, null=True, size=None)),
                ('key', models.UUIDField()),
                ('after_edition', models.PositiveIntegerField(default=0)),
                ('user_id', models.BigIntegerField(null=True)),
                ('name', models.CharField(blank=True, max_length=300)),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'indexes': [models.Index(fields=['key', 'after_edition'], name='contribution_key'), models.Index(fields=['user_id', 'key'], name='contribution_user')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contribution',
            trigger=pgtrigger.compiler.Trigger(name='no_update_or_delete', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='cf48ae9d3020aec4854a2e515cd28d9caa5c4732', operation='UPDATE OR DELETE', pgid='pgtrigger_no_update_or_delete_0841b', table='editions_contribution', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contribution',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='9c0eb0a3dc848563c496c32095788b7acd88133f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_66c92', table='editions_contribution', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contribution',
            trigger=pgtrigger.compiler.Trigger(name='server_place', sql=monographs.editions.triggers.FirmTriggerSql(func='\n        NEW.at := clock_timestamp();\n        NEW.after_edition := (\n            SELECT coalesce(max(number), 0) FROM editions_edition WHERE key = NEW.key);\n        RETURN NEW;\n    ', hash='aa68e377c54d97252735698e0ad9c4910fc8f5c9', operation='INSERT', pgid='pgtrigger_server_place_b0737', table='editions_contribution', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(fields=['-effective_at', 'key', '-number'], name='edition_newest'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(condition=models.Q(('kind', 'information')), fields=['id'], name='edition_information'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(fields=('key', 'number'), name='edition_number'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(fields=('submission',), name='one_edition_per_submission'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='edition_from_1'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('sha256', monographs.editions.functions.TextSha256(models.F('canonical')))), name='edition_hash_is_of_its_text'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='no_update_or_delete', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='449fc9ca9ef54019a468b186d8acb28b9470bf87', operation='UPDATE OR DELETE', pgid='pgtrigger_no_update_or_delete_dc0c1', table='editions_edition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='d8159427883c11931cf794b5652272c78971f496', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_93a04', table='editions_edition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='must_be_signed', sql=monographs.editions.triggers.FirmTriggerSql(constraint='CONSTRAINT', declare='DECLARE step RECORD; found INTEGER; wanted INTEGER; doc JSONB; asked JSONB;', func='\n        doc := NEW.canonical::jsonb;\n        IF NEW.restores IS NOT NULL AND NOT EXISTS (\n                SELECT 1 FROM editions_edition e WHERE e.key = NEW.key\n                    AND e.number = NEW.restores AND e.number < NEW.number AND e.sha256 = NEW.sha256) THEN\n            RAISE EXCEPTION \'edition % of %: its text is not that of edition %\',\n                NEW.number, NEW.key, NEW.restores USING ERRCODE = \'integrity_constraint_violation\';\n        END IF;\n        IF (doc->>\'key\', doc->>\'kind\', doc->>\'slug\', doc->>\'title\', doc->>\'summary\', doc->>\'change_note\',\n                coalesce(doc->\'brand_names\', \'[]\'::jsonb))\n            IS DISTINCT FROM (NEW.key::text, NEW.kind::text, NEW.slug::text, NEW.title::text,\n                NEW.summary::text, NEW.change_note::text, to_jsonb(NEW.brand_names)) THEN\n            RAISE EXCEPTION \'edition % of %: columns differ from its text\', NEW.number, NEW.key\n                USING ERRCODE = \'integrity_constraint_violation\';\n        END IF;\n        IF NEW.path IS DISTINCT FROM (CASE doc->>\'kind\'\n                WHEN \'monograph\' THEN \'/medicines/\' || (doc->>\'slug\') || \'/\'\n                WHEN \'drug_class\' THEN \'/classes/\' || (doc->>\'slug\') || \'/\'\n                WHEN \'condition\' THEN \'/conditions/\' || (doc->>\'slug\') || \'/\'\n                WHEN \'information\' THEN \'/about/\' || (doc->>\'slug\') || \'/\'\n                WHEN \'index\' THEN \'/\' || (doc->>\'collection\') || \'/\'\n                WHEN \'home\' THEN \'/\' END)\n            OR NEW.class_key::text IS DISTINCT FROM doc->\'drug_class\'->>\'key\'\n            OR to_jsonb(NEW.condition_keys) IS DISTINCT FROM coalesce(\n                jsonb_path_query_array(doc, \'$.conditions[*].key\'), \'[]\'::jsonb) THEN\n            RAISE EXCEPTION \'edition % of %: columns differ from its text\', NEW.number, NEW.key\n                USING ERRCODE = \'integrity_constraint_violation\';\n        END IF;\n        SELECT count(*) INTO found FROM editions_edition\n            WHERE key = NEW.key AND number BETWEEN 1 AND NEW.number;\n        IF found <> NEW.number THEN\n            RAISE EXCEPTION \'edition % of %: an earlier number is missing\', NEW.number, NEW.key\n                USING ERRCODE = \'integrity_constraint_violation\';\n        END IF;\n        wanted := 0;\n        FOR step IN SELECT * FROM jsonb_to_recordset(NEW.steps) AS s(step TEXT, signatures INTEGER)\n        LOOP\n            wanted := wanted + greatest(step.signatures, 1);\n            SELECT count(DISTINCT s.user_id) INTO found FROM editions_signature s\n            WHERE s.key = NEW.key AND s.submission = NEW.submission AND s.sha256 = NEW.sha256\n                AND s.step = step.step AND s.name ~ \'[^\\U00000001-\\U00000020\\U0000007f-\\U000000a0\\U000000ad-\\U000000ad\\U0000034f-\\U0000034f\\U0000061c-\\U0000061c\\U0000115f-\\U00001160\\U00001680-\\U00001680\\U000017b4-\\U000017b5\\U0000180b-\\U0000180f\\U00002000-\\U0000200f\\U00002028-\\U0000202f\\U0000205f-\\U0000206f\\U00002800-\\U00002800\\U00003000-\\U00003000\\U00003164-\\U00003164\\U0000fe00-\\U0000fe0f\\U0000feff-\\U0000feff\\U0000ffa0-\\U0000ffa0\\U0000fff0-\\U0000fffc\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff]\' AND s.credentials ~ \'[^\\U00000001-\\U00000020\\U0000007f-\\U000000a0\\U000000ad-\\U000000ad\\U0000034f-\\U0000034f\\U0000061c-\\U0000061c\\U0000115f-\\U00001160\\U00001680-\\U00001680\\U000017b4-\\U000017b5\\U0000180b-\\U0000180f\\U00002000-\\U0000200f\\U00002028-\\U0000202f\\U0000205f-\\U0000206f\\U00002800-\\U00002800\\U00003000-\\U00003000\\U00003164-\\U00003164\\U0000fe00-\\U0000fe0f\\U0000feff-\\U0000feff\\U0000ffa0-\\U0000ffa0\\U0000fff0-\\U0000fffc\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff]\'\n                AND NOT EXISTS (\n                    SELECT 1 FROM editions_contribution c\n                    WHERE c.key = NEW.key AND c.after_edition = NEW.number - 1\n                        AND (c.user_id = s.user_id\n                            OR (c.username <> \'\' AND lower(c.username) = lower(s.username))\n                            OR c.sign_in_keys && s.sign_in_keys)\n                        AND NOT EXISTS (\n                            SELECT 1 FROM editions_retraction r WHERE r.contribution_id = c.id));\n            IF found < greatest(step.signatures, 1) THEN\n                RAISE EXCEPTION \'edition % of %: step "%" has % valid signature(s), needs %\',\n                    NEW.number, NEW.key, step.step, found, greatest(step.signatures, 1)\n                    USING ERRCODE = \'integrity_constraint_violation\';\n            END IF;\n        END LOOP;\n        SELECT count(DISTINCT s.user_id) INTO found FROM editions_signature s\n        WHERE s.key = NEW.key AND s.submission = NEW.submission AND s.sha256 = NEW.sha256;\n        IF wanted = 0 OR found < wanted THEN\n            RAISE EXCEPTION \'edition % of %: signed by % distinct people, needs %\',\n                NEW.number, NEW.key, found, greatest(wanted, 1)\n                USING ERRCODE = \'integrity_constraint_violation\';\n        END IF;\n        SELECT body::jsonb->\'data\' INTO asked FROM editions_ledgerentry\n            WHERE subject = NEW.key::text AND event = \'submitted\'\n                AND body::jsonb->\'data\'->>\'submission\' = NEW.submission::text\n            ORDER BY seq LIMIT 1;\n        IF (asked->>\'sha256\', asked->\'steps\') IS DISTINCT FROM (NEW.sha256::text, NEW.steps) THEN\n            RAISE EXCEPTION \'edition % of %: this text was not submitted, or for other steps of review\',\n                NEW.number, NEW.key USING ERRCODE = \'integrity_constraint_violation\';\n        END IF;\n        RETURN NULL;\n    ', hash='f9e247d114eb2e5b623deae36f3219faca6549c5', operation='INSERT', pgid='pgtrigger_must_be_signed_f161f', table='editions_edition', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='reviewers_are_signers', sql=monographs.editions.triggers.FirmTriggerSql(constraint='CONSTRAINT', func="\n        IF NEW.reviewers IS DISTINCT FROM (\n                SELECT coalesce(jsonb_agg(jsonb_build_object(\n                    'name', s.name, 'credentials', s.credentials, 'step', s.step)\n                    ORDER BY s.signed_at, s.id), '[]'::jsonb)\n                FROM editions_signature s\n                WHERE s.key = NEW.key AND s.submission = NEW.submission AND s.sha256 = NEW.sha256) THEN\n            RAISE EXCEPTION 'edition % of %: its reviewers are not those who signed', NEW.number, NEW.key\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='5bee5228501398c75d40467dbcda02d251cfef3b', operation='INSERT', pgid='pgtrigger_reviewers_are_signers_19cdb', table='editions_edition', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='signed_without_hold', sql=monographs.editions.triggers.FirmTriggerSql(constraint='CONSTRAINT', func="\n        IF EXISTS (\n                SELECT 1 FROM editions_signature s JOIN accounts_signinghold h ON h.user_id = s.user_id\n                WHERE s.key = NEW.key AND s.submission = NEW.submission AND s.sha256 = NEW.sha256\n                    AND h.since <= s.signed_at AND coalesce(h.until, 'infinity') > s.signed_at\n                    AND coalesce(h.confirmed_at, 'infinity') > s.signed_at) THEN\n            RAISE EXCEPTION 'edition % of %: signed by an account whose sign-in facts had changed',\n                NEW.number, NEW.key USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='56f8b40084b0572a30852f2394341ef94e8142e7', operation='INSERT', pgid='pgtrigger_signed_without_hold_6e23d', table='editions_edition', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='submitted_after_withdrawal', sql=monographs.editions.triggers.FirmTriggerSql(constraint='CONSTRAINT', func="\n        IF EXISTS (\n            SELECT 1 FROM editions_ledgerentry gone\n            WHERE gone.subject = NEW.key::text AND gone.event = 'withdrawn' AND gone.seq > (\n                SELECT min(asked.seq) FROM editions_ledgerentry asked\n                WHERE asked.subject = NEW.key::text AND asked.event = 'submitted'\n                    AND asked.body::jsonb->'data'->>'submission' = NEW.submission::text)\n                AND gone.seq < coalesce((\n                    SELECT min(made.seq) FROM editions_ledgerentry made\n                    WHERE made.subject = NEW.key::text AND made.event = 'edition'\n                        AND made.body::jsonb->'data'->>'submission' = NEW.submission::text), gone.seq + 1)\n        ) THEN\n            RAISE EXCEPTION 'edition % of %: the page was withdrawn after this text was submitted',\n                NEW.number, NEW.key USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='7c3cb686caea73a5a48bd3f27894fb6e79adad26', operation='INSERT', pgid='pgtrigger_submitted_after_withdrawal_2708e', table='editions_edition', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='server_time', sql=monographs.editions.triggers.FirmTriggerSql(func="\n        IF NEW.created_at > clock_timestamp() THEN\n            RAISE EXCEPTION '%: created_at % is in the future (the database has %)',\n                TG_TABLE_NAME, NEW.created_at, clock_timestamp() USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.effective_at > clock_timestamp() THEN\n            RAISE EXCEPTION '%: effective_at % is in the future (the database has %)',\n                TG_TABLE_NAME, NEW.effective_at, clock_timestamp() USING ERRCODE = 'check_violation';\n        END IF;\n        NEW.created_at := clock_timestamp(); NEW.effective_at := NEW.created_at; RETURN NEW;", hash='0151ca69a4d56022b9d2d6c42e180667e93c014c', operation='INSERT', pgid='pgtrigger_server_time_0ec2e', table='editions_edition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='edition',
            trigger=pgtrigger.compiler.Trigger(name='review_dates', sql=monographs.editions.triggers.FirmTriggerSql(constraint='CONSTRAINT', declare='DECLARE reviewed DATE; due DATE;', func="\n        IF NEW.review_kind = 'correction' AND NEW.number > 1 THEN\n            SELECT last_reviewed, next_due INTO reviewed, due FROM editions_edition\n                WHERE key = NEW.key AND number = NEW.number - 1;\n        ELSE\n            SELECT (max(signed_at) AT TIME ZONE 'UTC')::date INTO reviewed FROM editions_signature\n                WHERE key = NEW.key AND submission = NEW.submission AND sha256 = NEW.sha256;\n            due := reviewed + make_interval(\n                months => (NEW.canonical::jsonb->>'review_interval_months')::integer);\n        END IF;\n        IF (NEW.last_reviewed, NEW.next_due) IS DISTINCT FROM (reviewed, due) THEN\n            RAISE EXCEPTION 'edition % of %: last_reviewed or next_due does not follow from its review',\n                NEW.number, NEW.key USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='10caac8d52cb64ffb96e37adfe1e1bb8a773d0e8', operation='INSERT', pgid='pgtrigger_review_dates_f0ba7', table='editions_edition', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddField(
            model_name='editionfigure',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='editions.edition'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ledgerentry',
            trigger=pgtrigger.compiler.Trigger(name='no_update_or_delete', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='8309fd0f2197b34a7fe2e4e9d49e2803d3145718', operation='UPDATE OR DELETE', pgid='pgtrigger_no_update_or_delete_cc5ca', table='editions_ledgerentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ledgerentry',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='76868382e2107f03b5c37d9bfd91cdb715e23b6a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_a128f', table='editions_ledgerentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ledgerentry',
            trigger=pgtrigger.compiler.Trigger(name='chain', sql=monographs.editions.triggers.FirmTriggerSql(declare='DECLARE last RECORD;', func='\n        PERFORM pg_advisory_xact_lock(4207260115);\n        SELECT seq, hash INTO last FROM editions_ledgerentry ORDER BY seq DESC LIMIT 1;\n        NEW.seq := coalesce(last.seq, 0) + 1;\n        NEW.at := clock_timestamp();\n        NEW.prev_hash := coalesce(last.hash, repeat(\'0\', 64));\n        NEW.hash := encode(sha256(convert_to(concat_ws(E\'\\n\',\n            NEW.seq::text,\n            to_char(NEW.at AT TIME ZONE \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\'),\n            NEW.prev_hash, NEW.event, NEW.subject, NEW.body), \'UTF8\')), \'hex\');\n        RETURN NEW;\n    ', hash='cfccb1239e2768bcbbed02aacd37f81ae26e456b', operation='INSERT', pgid='pgtrigger_chain_9db75', table='editions_ledgerentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ledgerentry',
            trigger=pgtrigger.compiler.Trigger(name='readable', sql=monographs.editions.triggers.FirmTriggerSql(func="\n        IF jsonb_typeof(NEW.body::jsonb) <> 'object' THEN\n            RAISE EXCEPTION 'ledger entry: its body is no JSON object' USING ERRCODE = 'check_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='2cbaa899346e0ff776b27e0de2c88c2e7fd5c560', operation='INSERT', pgid='pgtrigger_readable_4ba3d', table='editions_ledgerentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ledgerentry',
            trigger=pgtrigger.compiler.Trigger(name='says_what_was_set', sql=monographs.editions.triggers.FirmTriggerSql(declare='DECLARE said JSONB;', func="\n        IF NEW.event <> 'publication' THEN\n            RETURN NULL;\n        END IF;\n        said := NEW.body::jsonb->'data';\n        IF NOT EXISTS (\n            SELECT 1 FROM editions_publication p JOIN editions_edition e ON e.id = p.edition_id\n            WHERE p.path = said->>'path' AND p.key::text = NEW.subject\n                AND (said->>'edition', said->>'key', said->>'state', said->>'reason', said->>'withdrawal',\n                    said->>'number', said->>'sha256')\n                IS NOT DISTINCT FROM (p.edition_id::text, p.key::text, p.state::text, p.reason::text,\n                    p.withdrawal_id::text, e.number::text, e.sha256::text)\n                AND NOT EXISTS (\n                    SELECT 1 FROM editions_ledgerentry l\n                    WHERE l.subject = NEW.subject AND l.event = 'publication' AND l.seq < NEW.seq\n                        AND l.at >= p.flipped_at AND l.body::jsonb->'data'->>'path' = p.path)) THEN\n            RAISE EXCEPTION 'ledger entry %: no publication was set like this', NEW.seq\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='06df0106577387b076cae0d9486b3ef0109355df', operation='INSERT', pgid='pgtrigger_says_what_was_set_b1b60', table='editions_ledgerentry', when='AFTER')),
        ),
        migrations.AddField(
            model_name='publication',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='editions.edition'),
        ),
        migrations.AddIndex(
            model_name='publicname',
            index=models.Index(fields=['key'], name='public_name_of'),
        ),
        migrations.AddConstraint(
            model_name='publicname',
            constraint=models.UniqueConstraint(fields=('name_key', 'key'), name='public_name_once'),
        ),
        migrations.AddField(
            model_name='retraction',
            name='contribution',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='retraction', to='editions.contribution'),
        ),
        migrations.AddIndex(
            model_name='signature',
            index=models.Index(fields=['submission', 'sha256'], name='signature_submission'),
        ),
        migrations.AddIndex(
            model_name='signature',
            index=models.Index(fields=['user_id', 'key'], name='signature_user'),
        ),
        migrations.AddIndex(
            model_name='signature',
            index=models.Index(fields=['key'], name='signature_key'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(fields=('submission', 'sha256', 'user_id'), name='one_signature_per_person'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('statement', ''), ('statement_sha256', '')), ('statement_sha256', monographs.editions.functions.TextSha256(models.F('statement'))), _connector='OR'), name='statement_hash_is_of_its_text'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signature',
            trigger=pgtrigger.compiler.Trigger(name='no_update_or_delete', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='4b370fb5b63afd087eca39a92e9f774b158d7c4d', operation='UPDATE OR DELETE', pgid='pgtrigger_no_update_or_delete_42b02', table='editions_signature', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signature',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='54f36aee86f0fab1752b9c426279ae577fb185be', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_55982', table='editions_signature', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signature',
            trigger=pgtrigger.compiler.Trigger(name='server_time', sql=monographs.editions.triggers.FirmTriggerSql(func="\n        IF NEW.statement = '' THEN\n            RAISE EXCEPTION 'signature of %: it does not state who signs what', NEW.submission\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        NEW.signed_at := clock_timestamp();\n        RETURN NEW;\n    ", hash='07201bf2881bf2a0350eeb306fce6835e1c0a6c7', operation='INSERT', pgid='pgtrigger_server_time_b3a89', table='editions_signature', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to='editions.edition'),
        ),
        migrations.AddField(
            model_name='publication',
            name='withdrawal',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='editions.withdrawal'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='editionfigure',
            trigger=pgtrigger.compiler.Trigger(name='no_update_or_delete', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='001deeea052544f634fb35a17366d4bf06dee446', operation='UPDATE OR DELETE', pgid='pgtrigger_no_update_or_delete_ecba3', table='editions_editionfigure', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='editionfigure',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='7c2f9d0046420cad71db4e626014e7c94648171a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_65257', table='editions_editionfigure', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='retraction',
            index=models.Index(fields=['key'], name='retraction_key'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retraction',
            trigger=pgtrigger.compiler.Trigger(name='no_update_or_delete', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='3e61c3e5bd7b3e8e73ea44e2c96790dbc3585b1e', operation='UPDATE OR DELETE', pgid='pgtrigger_no_update_or_delete_c7d64', table='editions_retraction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retraction',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='4b8225830fb6530483fd80eec2e21ef95333c366', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_149bf', table='editions_retraction', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retraction',
            trigger=pgtrigger.compiler.Trigger(name='server_place', sql=monographs.editions.triggers.FirmTriggerSql(declare='DECLARE made RECORD; newest INTEGER;', func="\n        SELECT key, after_edition, user_id, username INTO made\n            FROM editions_contribution WHERE id = NEW.contribution_id;\n        SELECT coalesce(max(number), 0) INTO newest FROM editions_edition WHERE key = made.key;\n        IF made.after_edition IS DISTINCT FROM newest THEN\n            RAISE EXCEPTION 'contribution % of % belongs to an edition, so it stays', NEW.contribution_id,\n                made.key USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        NEW.at := clock_timestamp();\n        NEW.key := made.key;\n        NEW.after_edition := made.after_edition;\n        NEW.user_id := made.user_id;\n        NEW.username := made.username;\n        RETURN NEW;\n    ", hash='6a4654a89672726e7de0e77244de451c699bf21c', operation='INSERT', pgid='pgtrigger_server_place_27f3b', table='editions_retraction', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='withdrawal',
            index=models.Index(fields=['-at'], name='withdrawal_newest'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.CheckConstraint(condition=models.Q(('sha256', monographs.editions.functions.TextSha256(models.F('canonical')))), name='withdrawal_hash_is_of_its_text'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='withdrawal',
            trigger=pgtrigger.compiler.Trigger(name='no_update_or_delete', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='81a2a1d5e90c62d42220b2313070135deaf30b59', operation='UPDATE OR DELETE', pgid='pgtrigger_no_update_or_delete_1f46f', table='editions_withdrawal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='withdrawal',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='b7e85897ccc5ff0d2e64f7e5da7bf92afcf85e03', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_d507c', table='editions_withdrawal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='withdrawal',
            trigger=pgtrigger.compiler.Trigger(name='must_be_signed', sql=monographs.editions.triggers.FirmTriggerSql(constraint='CONSTRAINT', declare='DECLARE doc JSONB;', func="\n        doc := NEW.canonical::jsonb;\n        IF (doc->>'withdrawal', doc->>'key', doc->>'cause', doc->>'reason', doc->>'advice', doc->>'note')\n            IS DISTINCT FROM (NEW.uuid::text, NEW.key::text, NEW.cause::text, NEW.reason::text,\n                NEW.advice::text, NEW.note::text)\n            OR NOT EXISTS (\n                SELECT 1 FROM editions_edition e WHERE e.id = NEW.edition_id AND e.key = NEW.key\n                    AND e.number = (doc->>'edition')::integer AND e.sha256 = doc->>'sha256') THEN\n            RAISE EXCEPTION 'withdrawal % of %: columns differ from its text', NEW.uuid, NEW.key\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        IF NOT EXISTS (\n            SELECT 1 FROM editions_signature s WHERE s.submission = NEW.uuid AND s.key = NEW.key\n                AND s.sha256 = NEW.sha256 AND s.name ~ '[^\\U00000001-\\U00000020\\U0000007f-\\U000000a0\\U000000ad-\\U000000ad\\U0000034f-\\U0000034f\\U0000061c-\\U0000061c\\U0000115f-\\U00001160\\U00001680-\\U00001680\\U000017b4-\\U000017b5\\U0000180b-\\U0000180f\\U00002000-\\U0000200f\\U00002028-\\U0000202f\\U0000205f-\\U0000206f\\U00002800-\\U00002800\\U00003000-\\U00003000\\U00003164-\\U00003164\\U0000fe00-\\U0000fe0f\\U0000feff-\\U0000feff\\U0000ffa0-\\U0000ffa0\\U0000fff0-\\U0000fffc\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff]' AND s.credentials ~ '[^\\U00000001-\\U00000020\\U0000007f-\\U000000a0\\U000000ad-\\U000000ad\\U0000034f-\\U0000034f\\U0000061c-\\U0000061c\\U0000115f-\\U00001160\\U00001680-\\U00001680\\U000017b4-\\U000017b5\\U0000180b-\\U0000180f\\U00002000-\\U0000200f\\U00002028-\\U0000202f\\U0000205f-\\U0000206f\\U00002800-\\U00002800\\U00003000-\\U00003000\\U00003164-\\U00003164\\U0000fe00-\\U0000fe0f\\U0000feff-\\U0000feff\\U0000ffa0-\\U0000ffa0\\U0000fff0-\\U0000fffc\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff]') THEN\n            RAISE EXCEPTION 'withdrawal % of %: nobody signed it', NEW.uuid, NEW.key\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='dca1661743c27b6af783945c466b0c52871bc81e', operation='INSERT', pgid='pgtrigger_must_be_signed_e26db', table='editions_withdrawal', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='withdrawal',
            trigger=pgtrigger.compiler.Trigger(name='server_time', sql=monographs.editions.triggers.FirmTriggerSql(func="\n        IF NEW.at > clock_timestamp() THEN\n            RAISE EXCEPTION '%: at % is in the future (the database has %)',\n                TG_TABLE_NAME, NEW.at, clock_timestamp() USING ERRCODE = 'check_violation';\n        END IF;\n        NEW.at := clock_timestamp(); RETURN NEW;", hash='8d2ddd29d2d34f72f954f221c8c572eb9f9a8947', operation='INSERT', pgid='pgtrigger_server_time_6bb9b', table='editions_withdrawal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='withdrawal',
            trigger=pgtrigger.compiler.Trigger(name='takes_effect', sql=monographs.editions.triggers.FirmTriggerSql(constraint='CONSTRAINT', func="\n        IF NOT EXISTS (\n            SELECT 1 FROM editions_ledgerentry WHERE subject = NEW.key::text AND event = 'publication'\n                AND body::jsonb->'data'->>'withdrawal' = NEW.id::text) THEN\n            RAISE EXCEPTION 'withdrawal % of %: nothing was withdrawn by it', NEW.uuid, NEW.key\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='e58ff3e5570483946f123900c363e58d9bc82aea', operation='INSERT', pgid='pgtrigger_takes_effect_73cd9', table='editions_withdrawal', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['key'], name='publication_key'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['state', 'edition'], name='publication_state'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'current')), fields=('key',), name='one_current_path_per_page'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawal__isnull', False)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawal__isnull', True)), _connector='OR'), name='withdrawn_by_a_withdrawal'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publication',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='b0a98760e9d0ba344d55eb0fc78ac31fe4ad0e53', operation='DELETE', pgid='pgtrigger_no_delete_e081c', table='editions_publication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publication',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='07374ab70cd289ff490d5675441e50f15e24ccea', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_4e48d', table='editions_publication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publication',
            trigger=pgtrigger.compiler.Trigger(name='own_edition', sql=monographs.editions.triggers.FirmTriggerSql(constraint='CONSTRAINT', func="\n        IF NOT EXISTS (\n            SELECT 1 FROM editions_edition e\n            WHERE e.id = NEW.edition_id AND e.key = NEW.key\n                AND (NEW.state = 'moved' OR e.path = NEW.path)) THEN\n            RAISE EXCEPTION 'publication of % points to an edition of another page or path', NEW.path\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        IF EXISTS (\n            SELECT 1 FROM editions_publication p JOIN editions_edition e ON e.id = p.edition_id\n            JOIN editions_edition newer ON newer.key = e.key AND newer.number > e.number\n            WHERE p.path = NEW.path AND p.state <> 'moved') THEN\n            RAISE EXCEPTION 'publication of % is not of its newest edition', NEW.path\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        IF NEW.state = 'withdrawn' AND NOT EXISTS (\n            SELECT 1 FROM editions_withdrawal w\n            WHERE w.id = NEW.withdrawal_id AND w.edition_id = NEW.edition_id\n                AND w.reason = NEW.reason) THEN\n            RAISE EXCEPTION 'publication of % is withdrawn by a withdrawal of something else', NEW.path\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='29c228b72529a2e63b8c546e7a742a6e9948df80', operation='INSERT OR UPDATE', pgid='pgtrigger_own_edition_b1157', table='editions_publication', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publication',
            trigger=pgtrigger.compiler.Trigger(name='server_time', sql=monographs.editions.triggers.FirmTriggerSql(func="\n        IF NEW.flipped_at > clock_timestamp() THEN\n            RAISE EXCEPTION '%: flipped_at % is in the future (the database has %)',\n                TG_TABLE_NAME, NEW.flipped_at, clock_timestamp() USING ERRCODE = 'check_violation';\n        END IF;\n        NEW.flipped_at := clock_timestamp(); RETURN NEW;", hash='0d7776f24810e7595943d0f14a9451cdd2f38af6', operation='INSERT OR UPDATE', pgid='pgtrigger_server_time_be756', table='editions_publication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publication',
            trigger=pgtrigger.compiler.Trigger(name='transition', sql=monographs.editions.triggers.FirmTriggerSql(constraint='CONSTRAINT', declare='DECLARE number_before INTEGER; number_now INTEGER; signed TIMESTAMPTZ; shown RECORD; said JSONB; said_at TIMESTAMPTZ;', func="\n        IF TG_OP = 'INSERT' AND NEW.state <> 'current' THEN\n            RAISE EXCEPTION 'publication of %: a path begins with a current edition', NEW.path\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        SELECT e.number, max(s.signed_at) INTO number_now, signed\n            FROM editions_edition e LEFT JOIN editions_signature s\n                ON s.submission = e.submission AND s.sha256 = e.sha256 AND s.key = e.key\n            WHERE e.id = NEW.edition_id GROUP BY e.number;\n        IF TG_OP = 'UPDATE' THEN\n            IF (OLD.path, OLD.key) IS DISTINCT FROM (NEW.path, NEW.key) THEN\n                RAISE EXCEPTION 'publication of %: a path leads to one page for ever', OLD.path\n                    USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n            SELECT number INTO number_before FROM editions_edition WHERE id = OLD.edition_id;\n            IF (CASE NEW.state\n                    WHEN 'current' THEN number_now > number_before\n                    WHEN 'withdrawn' THEN OLD.edition_id = NEW.edition_id AND (OLD.state = 'current'\n                        OR (OLD.state = 'withdrawn' AND NEW.withdrawal_id > OLD.withdrawal_id))\n                    WHEN 'moved' THEN number_now > number_before\n                        OR (OLD.state = 'moved' AND number_now = number_before)\n                END) IS NOT TRUE THEN\n                RAISE EXCEPTION 'publication of %: % with edition % cannot become % with edition %',\n                    NEW.path, OLD.state, number_before, NEW.state, number_now\n                    USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n        END IF;\n        IF NEW.state = 'current' AND EXISTS (\n                SELECT 1 FROM editions_withdrawal w JOIN editions_edition e ON e.id = w.edition_id\n                WHERE w.key = NEW.key AND w.at < NEW.flipped_at\n                    AND (e.number >= number_now OR w.at >= signed)) THEN\n            RAISE EXCEPTION 'publication of %: its page was withdrawn, and only an edition signed later '\n                'can be current', NEW.path USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        IF (SELECT count(*) FROM editions_publication WHERE key = NEW.key AND state <> 'moved') <> 1 THEN\n            RAISE EXCEPTION 'publication of %: exactly one path of its page must show it', NEW.path\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        SELECT * INTO shown FROM editions_publication WHERE path = NEW.path;\n        SELECT body::jsonb->'data', at INTO said, said_at FROM editions_ledgerentry\n            WHERE subject = NEW.key::text AND event = 'publication'\n                AND body::jsonb->'data'->>'path' = NEW.path\n            ORDER BY seq DESC LIMIT 1;\n        IF said_at IS NULL OR said_at < shown.flipped_at\n            OR (said->>'edition', said->>'key', said->>'state', said->>'reason', said->>'withdrawal')\n            IS DISTINCT FROM (shown.edition_id::text, shown.key::text, shown.state::text,\n                shown.reason::text, shown.withdrawal_id::text) THEN\n            RAISE EXCEPTION 'publication of %: the ledger does not record this change', NEW.path\n                USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='e4e316a763255e5aafd07c8603c0c5a0266418bf', operation='INSERT OR UPDATE', pgid='pgtrigger_transition_4bf6d', table='editions_publication', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
