import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import monographs.accounts.person_names
import monographs.core.db_clock
import monographs.editions.triggers
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


SYSTEM = {"id": None, "username": "", "name": "system"}
#: The list that a new site starts with. It comes with the release, so it needs no second person.
CREDENTIALS = {
    "APRN": "Advanced Practice Registered Nurse",
    "BCOP": "Board Certified Oncology Pharmacist",
    "BCPS": "Board Certified Pharmacotherapy Specialist",
    "BSN": "Bachelor of Science in Nursing",
    "DO": "Doctor of Osteopathic Medicine",
    "MBBS": "Bachelor of Medicine, Bachelor of Surgery",
    "MD": "Doctor of Medicine",
    "MSN": "Master of Science in Nursing",
    "NP": "Nurse Practitioner",
    "OCN": "Oncology Certified Nurse",
    "PA-C": "Physician Assistant, Certified",
    "PharmD": "Doctor of Pharmacy",
    "PhD": "Doctor of Philosophy",
    "RN": "Registered Nurse",
    "RPh": "Registered Pharmacist",
}



def list_credentials(apps, schema_editor):
    """Fill the list of credentials, each as if a second person had confirmed it."""
    table = apps.get_model("review", "Credential")
    table.objects.bulk_create(  # without the model's ``save``, which asks for a second person
        table(
            abbreviation=abbreviation,
            meaning=meaning,
            confirmations={
                "abbreviation": {"value": abbreviation, "proposer": SYSTEM, "confirmer": SYSTEM},
            },
        )
        for abbreviation, meaning in CREDENTIALS.items()
    )


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("review", "0001_initial"),
        ("review", "0002_scheduling_and_restoring"),
        ("review", "0003_the_desk"),
        ("review", "0004_submission_view"),
        ("review", "0005_signers_confirmed_by_second_person"),
        ("review", "0006_confirm_existing_signers"),
        ("review", "0007_workflow_change"),
        ("review", "0008_retirement_proposals"),
        ("review", "0009_draft_authorship"),
        ("review", "0010_database_clock"),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChecklistStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, unique=True)),
                ('sort_order', models.PositiveSmallIntegerField(default=0, verbose_name='place')),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['sort_order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('confirmations', models.JSONField(default=dict, editable=False)),
                ('abbreviation', models.CharField(help_text='As patients read it after a name, e.g. PharmD. A second person must confirm it.', max_length=16, unique=True, validators=[monographs.accounts.person_names.validate_abbreviation])),
                ('meaning', models.CharField(blank=True, help_text='For editors, e.g. Doctor of Pharmacy. Patients do not see it.', max_length=200)),
                ('active', models.BooleanField(default=True, help_text='Clear it to retire the credential.')),
            ],
            options={
                'ordering': ['abbreviation'],
            },
        ),
        migrations.CreateModel(
            name='MedicalReviewTask',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
                ('signatures', models.PositiveSmallIntegerField(default=1, help_text='How many different people must sign at this step.')),
            ],
            options={
                'verbose_name': 'medical review task',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(db_index=True)),
                ('section', models.CharField(max_length=60)),
                ('quote', models.TextField(blank=True)),
                ('prefix', models.CharField(blank=True, max_length=64)),
                ('suffix', models.CharField(blank=True, max_length=64)),
                ('body', models.TextField()),
                ('author_record', models.JSONField(help_text='The author by value.')),
                ('at', models.DateTimeField(default=monographs.core.db_clock.database_now)),
                ('status', models.CharField(choices=[('open', 'Open'), ('resolved', 'Resolved'), ('withdrawn', 'Withdrawn')], default='open', max_length=20)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closer', models.JSONField(null=True)),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='NoteReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.TextField()),
                ('author_record', models.JSONField(help_text='The author by value.')),
                ('at', models.DateTimeField(default=monographs.core.db_clock.database_now)),
            ],
            options={
                'verbose_name_plural': 'note replies',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(max_length=40)),
                ('about', models.CharField(help_text='Identifies the event among others of its kind.', max_length=120)),
                ('subject', models.CharField(max_length=300)),
                ('text', models.TextField()),
                ('html', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=monographs.core.db_clock.database_now)),
                ('sent_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='NoticePreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BooleanField(default=False, help_text='Collect notices into one email a day. Urgent ones are sent at once all the same.', verbose_name='one email a day')),
            ],
        ),
        migrations.CreateModel(
            name='RetirementProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(db_index=True)),
                ('cause', models.CharField(choices=[('retired', 'We do not keep the page up to date any more'), ('retired_no_longer_available', 'The medicine is not available any more and will not come back'), ('retired_on_another_page', 'Another page says it now')], max_length=40)),
                ('note', models.TextField()),
                ('proposer', models.JSONField()),
                ('proposed_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('open', "Waits for a reviewer's signature"), ('signed', 'Signed'), ('declined', 'Declined')], default='open', max_length=20)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closer', models.JSONField(null=True)),
                ('outcome', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReviewerProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('confirmations', models.JSONField(default=dict, editable=False)),
                ('credentials', models.CharField(help_text='As patients read it, e.g. PharmD, BCOP.', max_length=200)),
                ('field', models.CharField(blank=True, help_text='E.g. haematology pharmacy: at most 60 letters. It is public, in the API.', max_length=200, validators=[monographs.accounts.person_names.validate_field])),
                ('expires_on', models.DateField(blank=True, help_text='The last day on which this person may sign, e.g. when the registration must be renewed.', null=True, verbose_name='valid until')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SectionRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('section', models.CharField(max_length=60)),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=monographs.core.db_clock.database_now)),
            ],
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('key', models.UUIDField(db_index=True)),
                ('title', models.CharField(max_length=255)),
                ('canonical', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('steps', models.JSONField()),
                ('review_kind', models.CharField(choices=[('full_review', 'Full review'), ('correction', 'Correction')], max_length=20)),
                ('reason', models.CharField(max_length=1000, verbose_name='why the change was made')),
                ('publish_at', models.DateTimeField(help_text='Not public before this moment, however early it is signed.', null=True)),
                ('restores', models.PositiveIntegerField(help_text='Number of the earlier edition that is brought back.', null=True)),
                ('submitter', models.JSONField()),
                ('submitted_at', models.DateTimeField()),
                ('due_on', models.DateField(blank=True, help_text='The day by which it should be reviewed.', null=True)),
                ('checklist', models.JSONField(default=list, help_text='Statements a signer ticks, as they were when it was submitted.')),
                ('status', models.CharField(choices=[('in_review', 'In review'), ('scheduled', 'Signed, waiting for its day'), ('signed', 'Signed'), ('returned', 'Returned'), ('recalled', 'Recalled')], default='in_review', max_length=20)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closer', models.JSONField(null=True)),
                ('outcome', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['submitted_at'],
            },
        ),
        migrations.CreateModel(
            name='SubmissionView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_at', models.DateTimeField(default=monographs.core.db_clock.database_now)),
                ('last_at', models.DateTimeField(default=monographs.core.db_clock.database_now)),
            ],
            options={
                'db_table': 'review_look',
            },
        ),
        migrations.CreateModel(
            name='Tick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('statement', models.CharField(max_length=300)),
                ('at', models.DateTimeField(default=monographs.core.db_clock.database_now)),
            ],
        ),
        migrations.CreateModel(
            name='WorkflowChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
                ('reasons', models.JSONField(default=list)),
                ('status', models.CharField(choices=[('proposed', 'Waiting for a second person'), ('confirmed', 'Confirmed'), ('declined', 'Declined')], default='proposed', max_length=20)),
                ('proposed_at', models.DateTimeField(default=monographs.core.db_clock.database_now)),
                ('proposer', models.JSONField(help_text='The account by value.')),
                ('decided_at', models.DateTimeField(null=True)),
                ('decider', models.JSONField(help_text='The account by value.', null=True)),
            ],
            options={
                'ordering': ['-proposed_at'],
            },
        ),
        migrations.CreateModel(
            name='DraftAuthorship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('after_edition', models.PositiveIntegerField()),
                ('savers', models.JSONField(default=list)),
                ('people', models.JSONField(default=dict)),
                ('state', models.JSONField()),
                ('passages', models.JSONField()),
                ('contributions', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('runs', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('at', models.DateTimeField(default=monographs.core.db_clock.database_now)),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['key'], name='draft_authorship_key'), django.contrib.postgres.indexes.GinIndex(fields=['runs'], name='draft_authorship_runs')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draftauthorship',
            trigger=pgtrigger.compiler.Trigger(name='no_update_or_delete', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='35a33426deaca182a332535b7ecbd0559f8a5116', operation='UPDATE OR DELETE', pgid='pgtrigger_no_update_or_delete_c873e', table='review_draftauthorship', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='draftauthorship',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=monographs.editions.triggers.FirmTriggerSql(func="RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';", hash='89cbc779315204f85d657f83a957b0b707dcb363', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_247c1', table='review_draftauthorship', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='medicalreviewtask',
            name='groups',
            field=models.ManyToManyField(help_text='Who signs at this step. Only groups with admin access are listed: if one is missing, first tick “Can access Wagtail admin” for it.', limit_choices_to={'permissions__codename': 'access_admin', 'permissions__content_type__app_label': 'wagtailadmin'}, to='auth.group'),
        ),
        migrations.AddField(
            model_name='note',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='notereply',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='notereply',
            name='note',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='review.note'),
        ),
        migrations.AddField(
            model_name='notice',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='noticepreference',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notice_preference', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='retirementproposal',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewerprofile',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reviewer_profile', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sectionread',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='submission',
            name='page',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='submissions', to='wagtailcore.page'),
        ),
        migrations.AddField(
            model_name='submission',
            name='reviewers',
            field=models.ManyToManyField(blank=True, help_text='Reviewers who are asked to review it. Others who may sign still can.', related_name='asked_to_review', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='submission',
            name='submitted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='submissions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='submission',
            name='workflow_state',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='submission', to='wagtailcore.workflowstate'),
        ),
        migrations.AddField(
            model_name='note',
            name='submission',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notes', to='review.submission'),
        ),
        migrations.AddField(
            model_name='submissionview',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='views', to='review.submission'),
        ),
        migrations.AddField(
            model_name='submissionview',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tick',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ticks', to='review.submission'),
        ),
        migrations.AddField(
            model_name='tick',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='workflowchange',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['user'], name='notice_waiting'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('event', 'about', 'user'), name='one_notice_per_event_and_person'),
        ),
        migrations.AddConstraint(
            model_name='retirementproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('key',), name='one_open_retirement_proposal_per_page'),
        ),
        migrations.AddConstraint(
            model_name='sectionread',
            constraint=models.UniqueConstraint(fields=('key', 'user', 'section', 'digest'), name='section_read_once'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['status', 'submitted_at'], name='submission_queue'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['in_review', 'scheduled'])), fields=('key',), name='one_submission_at_a_time_per_page'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(fields=['key', 'status'], name='note_key_status'),
        ),
        migrations.AddConstraint(
            model_name='submissionview',
            constraint=models.UniqueConstraint(fields=('submission', 'user'), name='one_look_per_person'),
        ),
        migrations.AddConstraint(
            model_name='tick',
            constraint=models.UniqueConstraint(fields=('submission', 'user', 'statement'), name='ticked_once'),
        ),
        migrations.RunPython(list_credentials, migrations.RunPython.noop),
    ]
