"""Rename the model ``Look`` to ``SubmissionView``; its table keeps the name ``review_look``. No SQL is run.

Django renames the content type with the model. Permissions for ``look`` stay as they are: nobody is asked for
them, and renaming them would make the accounts' ledger differ from the database.
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
    ]
