"""Rename the model ``Look`` to ``SubmissionView``, and reword help texts. No SQL is run.

The table keeps the name ``review_look``. Django renames the content type with the model. Permissions for
``look`` stay as they are: nobody is asked for them, and renaming them would make the database differ from the
permissions recorded in the ledger.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('review', '0003_the_desk'),
    ]

    operations = [
        migrations.AlterModelTable(name='look', table='review_look'),
        migrations.RenameModel(old_name='Look', new_name='SubmissionView'),
        migrations.AlterField(
            model_name='submissionview',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='views', to='review.submission'),
        ),
        migrations.AlterField(
            model_name='medicalreviewtask',
            name='groups',
            field=models.ManyToManyField(help_text='Who signs at this step. Only groups with admin access are listed: if one is missing, first tick “Can access Wagtail admin” for it.', limit_choices_to={'permissions__codename': 'access_admin', 'permissions__content_type__app_label': 'wagtailadmin'}, to='auth.group'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='about',
            field=models.CharField(help_text='Identifies the event among others of its kind.', max_length=120),
        ),
        migrations.AlterField(
            model_name='noticepreference',
            name='digest',
            field=models.BooleanField(default=False, help_text='Collect notices into one email a day. Urgent ones are sent at once all the same.', verbose_name='one email a day'),
        ),
        migrations.AlterField(
            model_name='submission',
            name='reviewers',
            field=models.ManyToManyField(blank=True, help_text='Reviewers who are asked to review it. Others who may sign still can.', related_name='asked_to_review', to=settings.AUTH_USER_MODEL),
        ),
    ]
