import django.core.validators
import django.db.models.deletion
import monographs.core.db_clock
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("home", "0001_initial"),
        ("home", "0002_set_up_items"),
        ("home", "0003_call_now"),
        ("home", "0004_table_block"),
        ("home", "0005_paste_feature"),
        ("home", "0006_if_nobody_answers"),
    ]

    dependencies = [
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('summary', models.CharField(blank=True, help_text='One sentence for lists and search results: what it is and what it is for.', max_length=300)),
                ('change_note', models.CharField(blank=True, help_text='For patients, in a sentence: what is different from the edition before.', max_length=500, verbose_name='what changed')),
                ('review_interval_months', models.PositiveSmallIntegerField(default=12, help_text='After a full review the next one is due this many months later.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='review every (months)')),
                ('demonstration', models.BooleanField(default=False, editable=False)),
                ('body', wagtail.fields.StreamField([('text', 0), ('advice', 3), ('do_dont', 8), ('table', 14), ('figure', 18)], blank=True, block_lookup={0: ('monographs.blocks.parts.TextBlock', (), {}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('call_911', 'Call 911 now'), ('call_now', 'Call now, day or night'), ('call_today', 'Call your care team today'), ('next_visit', 'Tell your care team at your next visit')], 'help_text': 'How soon the reader must act.'}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['paste', 'bold', 'italic', 'ol', 'ul', 'link', 'superscript', 'subscript'], 'help_text': 'When this applies, and what to do.'}), 3: ('wagtail.blocks.StructBlock', [[('urgency', 1), ('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Do', 'max_length': 300}), 5: ('wagtail.blocks.ListBlock', (4,), {'default': [], 'label': 'Do'}), 6: ('wagtail.blocks.CharBlock', (), {'label': 'Do not', 'max_length': 300}), 7: ('wagtail.blocks.ListBlock', (6,), {'default': [], 'label': 'Do not'}), 8: ('wagtail.blocks.StructBlock', [[('do', 5), ('dont', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the table shows, e.g. How much to take each day. Screen readers say it first.', 'max_length': 200}), 10: ('wagtail.blocks.BooleanBlock', (), {'default': True, 'label': 'The first row names the columns', 'required': False}), 11: ('wagtail.blocks.BooleanBlock', (), {'default': False, 'label': 'The first column names the rows', 'required': False}), 12: ('wagtail.blocks.RichTextBlock', (), {'features': ['paste', 'bold', 'italic', 'superscript', 'subscript', 'link'], 'label': 'Cell', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('cell', 12)]], {'label': 'Cells'}), 14: ('wagtail.blocks.StructBlock', [[('caption', 9), ('header_row', 10), ('row_headers', 11), ('cells', 13)]], {}), 15: ('wagtail.images.blocks.ImageChooserBlock', (), {}), 16: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the picture says, for people who cannot see it.', 'label': 'Alternative text', 'max_length': 300}), 17: ('wagtail.blocks.CharBlock', (), {'max_length': 300, 'required': False}), 18: ('wagtail.blocks.StructBlock', [[('image', 15), ('alt', 16), ('caption', 17)]], {})})),
                ('organisation', models.CharField(blank=True, help_text='Named at the top of every page.', max_length=200)),
                ('account_label', models.CharField(blank=True, max_length=100)),
                ('account_address', models.URLField(blank=True)),
                ('app_heading', models.CharField(blank=True, max_length=200)),
                ('app_text', models.CharField(blank=True, max_length=500)),
                ('app_links', wagtail.fields.StreamField([('link', 2)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'max_length': 100}), 1: ('wagtail.blocks.URLBlock', (), {}), 2: ('wagtail.blocks.StructBlock', [[('label', 0), ('address', 1)]], {})})),
                ('notice', models.CharField(blank=True, help_text='A notice at the top of every page, e.g. that this is a trial.', max_length=500)),
                ('if_nobody_answers', models.CharField(blank=True, help_text='Ends every box that says to call now or today, on every page and leaflet, e.g. “If nobody answers, go to an emergency room.”', max_length=200, verbose_name='if nobody answers a call')),
            ],
            options={
                'verbose_name': 'home page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='InformationPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('summary', models.CharField(blank=True, help_text='One sentence for lists and search results: what it is and what it is for.', max_length=300)),
                ('change_note', models.CharField(blank=True, help_text='For patients, in a sentence: what is different from the edition before.', max_length=500, verbose_name='what changed')),
                ('review_interval_months', models.PositiveSmallIntegerField(default=12, help_text='After a full review the next one is due this many months later.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='review every (months)')),
                ('demonstration', models.BooleanField(default=False, editable=False)),
                ('body', wagtail.fields.StreamField([('text', 0), ('advice', 3), ('do_dont', 8), ('table', 14), ('figure', 18)], blank=True, block_lookup={0: ('monographs.blocks.parts.TextBlock', (), {}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('call_911', 'Call 911 now'), ('call_now', 'Call now, day or night'), ('call_today', 'Call your care team today'), ('next_visit', 'Tell your care team at your next visit')], 'help_text': 'How soon the reader must act.'}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['paste', 'bold', 'italic', 'ol', 'ul', 'link', 'superscript', 'subscript'], 'help_text': 'When this applies, and what to do.'}), 3: ('wagtail.blocks.StructBlock', [[('urgency', 1), ('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Do', 'max_length': 300}), 5: ('wagtail.blocks.ListBlock', (4,), {'default': [], 'label': 'Do'}), 6: ('wagtail.blocks.CharBlock', (), {'label': 'Do not', 'max_length': 300}), 7: ('wagtail.blocks.ListBlock', (6,), {'default': [], 'label': 'Do not'}), 8: ('wagtail.blocks.StructBlock', [[('do', 5), ('dont', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the table shows, e.g. How much to take each day. Screen readers say it first.', 'max_length': 200}), 10: ('wagtail.blocks.BooleanBlock', (), {'default': True, 'label': 'The first row names the columns', 'required': False}), 11: ('wagtail.blocks.BooleanBlock', (), {'default': False, 'label': 'The first column names the rows', 'required': False}), 12: ('wagtail.blocks.RichTextBlock', (), {'features': ['paste', 'bold', 'italic', 'superscript', 'subscript', 'link'], 'label': 'Cell', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('cell', 12)]], {'label': 'Cells'}), 14: ('wagtail.blocks.StructBlock', [[('caption', 9), ('header_row', 10), ('row_headers', 11), ('cells', 13)]], {}), 15: ('wagtail.images.blocks.ImageChooserBlock', (), {}), 16: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the picture says, for people who cannot see it.', 'label': 'Alternative text', 'max_length': 300}), 17: ('wagtail.blocks.CharBlock', (), {'max_length': 300, 'required': False}), 18: ('wagtail.blocks.StructBlock', [[('image', 15), ('alt', 16), ('caption', 17)]], {})})),
            ],
            options={
                'verbose_name': 'information page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='SetUpItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
                ('object_id', models.PositiveBigIntegerField(help_text='The primary key of its row, if any.', null=True)),
                ('made_at', models.DateTimeField(default=monographs.core.db_clock.database_now)),
            ],
        ),
    ]
