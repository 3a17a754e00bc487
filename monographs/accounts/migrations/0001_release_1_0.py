import django.db.models.deletion
import django.db.models.functions.datetime
import monographs.editions.triggers
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_signing_holds_and_limits"),
        ("accounts", "0003_holds_stay"),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GroupSecondFactor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('required', models.BooleanField(default=False)),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='second_factor', to='auth.group')),
            ],
            options={
                'verbose_name': 'second factor of a group',
                'verbose_name_plural': 'second factors of groups',
            },
        ),
        migrations.CreateModel(
            name='PasswordLinkRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['key', 'at'], name='link_request_key')],
            },
        ),
        migrations.CreateModel(
            name='DeviceFailure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('device', models.UUIDField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['device', 'at'], name='device_failure')],
            },
        ),
        migrations.CreateModel(
            name='SigningHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('email', 'The email address was changed.'), ('password', 'The password was set by somebody else.'), ('link', 'The password was chosen by a link that was sent by email.'), ('second_factor', 'The second factor was removed by somebody else.')], max_length=20)),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('until', models.DateTimeField(null=True)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('actor_name', models.CharField(max_length=300)),
                ('replaced_at', models.DateTimeField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('confirmer_id', models.BigIntegerField(null=True)),
                ('confirmer_name', models.CharField(blank=True, max_length=300)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signing_holds', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('confirmed_at', None)), fields=['user'], name='unconfirmed_hold')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signinghold',
            trigger=pgtrigger.compiler.Trigger(name='only_confirmed', sql=monographs.editions.triggers.FirmTriggerSql(func="\n        IF (OLD.id, OLD.user_id, OLD.reason, OLD.since, OLD.until, OLD.actor_id, OLD.actor_name)\n            IS DISTINCT FROM\n            (NEW.id, NEW.user_id, NEW.reason, NEW.since, NEW.until, NEW.actor_id, NEW.actor_name) THEN\n            RAISE EXCEPTION 'hold % of account %: it can be confirmed, and not changed', OLD.id, OLD.user_id\n                USING ERRCODE = 'restrict_violation';\n        END IF;\n        IF OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL THEN\n            IF NEW.confirmer_id IS NULL OR NEW.confirmer_id IN (NEW.user_id, NEW.actor_id) THEN\n                RAISE EXCEPTION 'hold % of account %: somebody else must confirm it', OLD.id, OLD.user_id\n                    USING ERRCODE = 'restrict_violation';\n            END IF;\n            NEW.confirmed_at := clock_timestamp();\n        ELSIF (OLD.confirmed_at, OLD.confirmer_id, OLD.confirmer_name)\n            IS DISTINCT FROM (NEW.confirmed_at, NEW.confirmer_id, NEW.confirmer_name) THEN\n            RAISE EXCEPTION 'hold % of account %: its confirmation stays', OLD.id, OLD.user_id\n                USING ERRCODE = 'restrict_violation';\n        END IF;\n        RETURN NEW;\n    ", hash='b45d84b01f0e206927a0cc7109c307fdf44995ea', operation='UPDATE', pgid='pgtrigger_only_confirmed_90c95', table='accounts_signinghold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signinghold',
            trigger=pgtrigger.compiler.Trigger(name='confirmation_recorded', sql=monographs.editions.triggers.FirmTriggerSql(constraint='CONSTRAINT', func="\n        IF OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL AND NOT EXISTS (\n                SELECT 1 FROM editions_ledgerentry l\n                WHERE l.event = 'signing_hold' AND l.subject = 'account:' || NEW.user_id\n                    AND l.at >= NEW.confirmed_at AND l.body::jsonb->'data'->>'confirmed' = 'true'\n                    AND l.body::jsonb->'actor'->>'id' = NEW.confirmer_id::text) THEN\n            RAISE EXCEPTION 'hold % of account %: the ledger does not record who confirmed it', NEW.id,\n                NEW.user_id USING ERRCODE = 'integrity_constraint_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='7cfa8b73dadd07ea81cfe4377b30336a0bfb4256', operation='UPDATE', pgid='pgtrigger_confirmation_recorded_74022', table='accounts_signinghold', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signinghold',
            trigger=pgtrigger.compiler.Trigger(name='not_deleted', sql=monographs.editions.triggers.FirmTriggerSql(constraint='CONSTRAINT', func="\n        IF EXISTS (SELECT 1 FROM auth_user WHERE id = OLD.user_id) THEN\n            RAISE EXCEPTION 'hold % of account %: it stays as long as the account', OLD.id, OLD.user_id\n                USING ERRCODE = 'restrict_violation';\n        END IF;\n        RETURN NULL;\n    ", hash='7bdbcb0b827b8ba95a123cacae06e3799480e988', operation='DELETE', pgid='pgtrigger_not_deleted_a2b12', table='accounts_signinghold', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
