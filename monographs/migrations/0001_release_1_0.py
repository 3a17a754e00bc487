"""The page types, and triggers that keep pages which ever had an edition.

The row of such a page is not deleted and keeps its key, its type and its text: a page is a row of Wagtail's table and
one of its own type's, and without the second, or with another type, it cannot be opened, listed or retired. Wagtail's
table belongs to no model of ours, so its triggers are SQL. Like our own triggers (``editions/triggers.py``) they read
the real tables, whatever a session's search path says.
"""

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import monographs.pages.fields
import monographs.pages.monograph
import wagtail.fields
from django.db import migrations, models


PAGE_FUNCTION = """
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

PAGE_TRIGGERS = """
CREATE TRIGGER monographs_page_not_deleted BEFORE DELETE ON wagtailcore_page
    FOR EACH ROW EXECUTE PROCEDURE monographs_page_remains();
CREATE TRIGGER monographs_page_keeps_key BEFORE UPDATE ON wagtailcore_page
    FOR EACH ROW WHEN (
        OLD.translation_key IS DISTINCT FROM NEW.translation_key
        OR (OLD.alias_of_id IS NULL AND NEW.alias_of_id IS NOT NULL))
    EXECUTE PROCEDURE monographs_page_remains();
CREATE TRIGGER monographs_page_not_truncated BEFORE TRUNCATE ON wagtailcore_page
    FOR EACH STATEMENT EXECUTE PROCEDURE monographs_page_remains();
CREATE TRIGGER monographs_page_keeps_type BEFORE UPDATE ON wagtailcore_page
    FOR EACH ROW WHEN (OLD.content_type_id IS DISTINCT FROM NEW.content_type_id)
    EXECUTE PROCEDURE monographs_page_remains();
"""

PAGE_REMOVAL = """
DROP TRIGGER monographs_page_not_deleted ON wagtailcore_page;
DROP TRIGGER monographs_page_keeps_type ON wagtailcore_page;
DROP TRIGGER monographs_page_keeps_key ON wagtailcore_page;
DROP TRIGGER monographs_page_not_truncated ON wagtailcore_page;
DROP FUNCTION monographs_page_remains();
"""

TEXT_FUNCTION = """
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

TEXT_TABLES = ("monographs_monographpage", "monographs_drugclasspage")
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


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("monographs", "0001_initial"),
        ("monographs", "0002_pages_with_editions_remain"),
        ("monographs", "0003_call_now"),
        ("monographs", "0004_table_block"),
        ("monographs", "0005_paste_feature"),
        ("monographs", "0006_sections"),
        ("monographs", "0007_pages_keep_their_texts"),
    ]

    dependencies = [
        ("editions", "0001_release_1_0"),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConditionPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('summary', models.CharField(blank=True, help_text='One sentence for lists and search results: what it is and what it is for.', max_length=300)),
                ('change_note', models.CharField(blank=True, help_text='For patients, in a sentence: what is different from the edition before.', max_length=500, verbose_name='what changed')),
                ('review_interval_months', models.PositiveSmallIntegerField(default=12, help_text='After a full review the next one is due this many months later.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='review every (months)')),
                ('demonstration', models.BooleanField(default=False, editable=False)),
                ('body', wagtail.fields.StreamField([('text', 0), ('advice', 3), ('do_dont', 8), ('table', 14), ('figure', 18)], blank=True, block_lookup={0: ('monographs.blocks.parts.TextBlock', (), {}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('call_911', 'Call 911 now'), ('call_now', 'Call now, day or night'), ('call_today', 'Call your care team today'), ('next_visit', 'Tell your care team at your next visit')], 'help_text': 'How soon the reader must act.'}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['paste', 'bold', 'italic', 'ol', 'ul', 'link', 'superscript', 'subscript'], 'help_text': 'When this applies, and what to do.'}), 3: ('wagtail.blocks.StructBlock', [[('urgency', 1), ('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Do', 'max_length': 300}), 5: ('wagtail.blocks.ListBlock', (4,), {'default': [], 'label': 'Do'}), 6: ('wagtail.blocks.CharBlock', (), {'label': 'Do not', 'max_length': 300}), 7: ('wagtail.blocks.ListBlock', (6,), {'default': [], 'label': 'Do not'}), 8: ('wagtail.blocks.StructBlock', [[('do', 5), ('dont', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the table shows, e.g. How much to take each day. Screen readers say it first.', 'max_length': 200}), 10: ('wagtail.blocks.BooleanBlock', (), {'default': True, 'label': 'The first row names the columns', 'required': False}), 11: ('wagtail.blocks.BooleanBlock', (), {'default': False, 'label': 'The first column names the rows', 'required': False}), 12: ('wagtail.blocks.RichTextBlock', (), {'features': ['paste', 'bold', 'italic', 'superscript', 'subscript', 'link'], 'label': 'Cell', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('cell', 12)]], {'label': 'Cells'}), 14: ('wagtail.blocks.StructBlock', [[('caption', 9), ('header_row', 10), ('row_headers', 11), ('cells', 13)]], {}), 15: ('wagtail.images.blocks.ImageChooserBlock', (), {}), 16: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the picture says, for people who cannot see it.', 'label': 'Alternative text', 'max_length': 300}), 17: ('wagtail.blocks.CharBlock', (), {'max_length': 300, 'required': False}), 18: ('wagtail.blocks.StructBlock', [[('image', 15), ('alt', 16), ('caption', 17)]], {})})),
            ],
            options={
                'verbose_name': 'condition',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='DrugClassPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('summary', models.CharField(blank=True, help_text='One sentence for lists and search results: what it is and what it is for.', max_length=300)),
                ('change_note', models.CharField(blank=True, help_text='For patients, in a sentence: what is different from the edition before.', max_length=500, verbose_name='what changed')),
                ('review_interval_months', models.PositiveSmallIntegerField(default=12, help_text='After a full review the next one is due this many months later.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='review every (months)')),
                ('demonstration', models.BooleanField(default=False, editable=False)),
                ('body', wagtail.fields.StreamField([('text', 0), ('advice', 3), ('do_dont', 8), ('table', 14), ('figure', 18)], blank=True, block_lookup={0: ('monographs.blocks.parts.TextBlock', (), {}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('call_911', 'Call 911 now'), ('call_now', 'Call now, day or night'), ('call_today', 'Call your care team today'), ('next_visit', 'Tell your care team at your next visit')], 'help_text': 'How soon the reader must act.'}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['paste', 'bold', 'italic', 'ol', 'ul', 'link', 'superscript', 'subscript'], 'help_text': 'When this applies, and what to do.'}), 3: ('wagtail.blocks.StructBlock', [[('urgency', 1), ('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Do', 'max_length': 300}), 5: ('wagtail.blocks.ListBlock', (4,), {'default': [], 'label': 'Do'}), 6: ('wagtail.blocks.CharBlock', (), {'label': 'Do not', 'max_length': 300}), 7: ('wagtail.blocks.ListBlock', (6,), {'default': [], 'label': 'Do not'}), 8: ('wagtail.blocks.StructBlock', [[('do', 5), ('dont', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the table shows, e.g. How much to take each day. Screen readers say it first.', 'max_length': 200}), 10: ('wagtail.blocks.BooleanBlock', (), {'default': True, 'label': 'The first row names the columns', 'required': False}), 11: ('wagtail.blocks.BooleanBlock', (), {'default': False, 'label': 'The first column names the rows', 'required': False}), 12: ('wagtail.blocks.RichTextBlock', (), {'features': ['paste', 'bold', 'italic', 'superscript', 'subscript', 'link'], 'label': 'Cell', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('cell', 12)]], {'label': 'Cells'}), 14: ('wagtail.blocks.StructBlock', [[('caption', 9), ('header_row', 10), ('row_headers', 11), ('cells', 13)]], {}), 15: ('wagtail.images.blocks.ImageChooserBlock', (), {}), 16: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the picture says, for people who cannot see it.', 'label': 'Alternative text', 'max_length': 300}), 17: ('wagtail.blocks.CharBlock', (), {'max_length': 300, 'required': False}), 18: ('wagtail.blocks.StructBlock', [[('image', 15), ('alt', 16), ('caption', 17)]], {})})),
            ],
            options={
                'verbose_name': 'drug class',
                'verbose_name_plural': 'drug classes',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='MonographIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('summary', models.CharField(blank=True, help_text='One sentence for lists and search results: what it is and what it is for.', max_length=300)),
                ('change_note', models.CharField(blank=True, help_text='For patients, in a sentence: what is different from the edition before.', max_length=500, verbose_name='what changed')),
                ('review_interval_months', models.PositiveSmallIntegerField(default=12, help_text='After a full review the next one is due this many months later.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='review every (months)')),
                ('demonstration', models.BooleanField(default=False, editable=False)),
                ('body', wagtail.fields.StreamField([('text', 0), ('advice', 3), ('do_dont', 8), ('table', 14), ('figure', 18)], blank=True, block_lookup={0: ('monographs.blocks.parts.TextBlock', (), {}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('call_911', 'Call 911 now'), ('call_now', 'Call now, day or night'), ('call_today', 'Call your care team today'), ('next_visit', 'Tell your care team at your next visit')], 'help_text': 'How soon the reader must act.'}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['paste', 'bold', 'italic', 'ol', 'ul', 'link', 'superscript', 'subscript'], 'help_text': 'When this applies, and what to do.'}), 3: ('wagtail.blocks.StructBlock', [[('urgency', 1), ('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Do', 'max_length': 300}), 5: ('wagtail.blocks.ListBlock', (4,), {'default': [], 'label': 'Do'}), 6: ('wagtail.blocks.CharBlock', (), {'label': 'Do not', 'max_length': 300}), 7: ('wagtail.blocks.ListBlock', (6,), {'default': [], 'label': 'Do not'}), 8: ('wagtail.blocks.StructBlock', [[('do', 5), ('dont', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the table shows, e.g. How much to take each day. Screen readers say it first.', 'max_length': 200}), 10: ('wagtail.blocks.BooleanBlock', (), {'default': True, 'label': 'The first row names the columns', 'required': False}), 11: ('wagtail.blocks.BooleanBlock', (), {'default': False, 'label': 'The first column names the rows', 'required': False}), 12: ('wagtail.blocks.RichTextBlock', (), {'features': ['paste', 'bold', 'italic', 'superscript', 'subscript', 'link'], 'label': 'Cell', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('cell', 12)]], {'label': 'Cells'}), 14: ('wagtail.blocks.StructBlock', [[('caption', 9), ('header_row', 10), ('row_headers', 11), ('cells', 13)]], {}), 15: ('wagtail.images.blocks.ImageChooserBlock', (), {}), 16: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the picture says, for people who cannot see it.', 'label': 'Alternative text', 'max_length': 300}), 17: ('wagtail.blocks.CharBlock', (), {'max_length': 300, 'required': False}), 18: ('wagtail.blocks.StructBlock', [[('image', 15), ('alt', 16), ('caption', 17)]], {})})),
                ('collection', models.CharField(choices=[('medicines', 'Medicines'), ('classes', 'Classes'), ('conditions', 'Conditions')], default='medicines', help_text='What is kept and listed here.', max_length=20)),
            ],
            options={
                'verbose_name': 'list',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='MonographPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('summary', models.CharField(blank=True, help_text='One sentence for lists and search results: what it is and what it is for.', max_length=300)),
                ('change_note', models.CharField(blank=True, help_text='For patients, in a sentence: what is different from the edition before.', max_length=500, verbose_name='what changed')),
                ('review_interval_months', models.PositiveSmallIntegerField(default=12, help_text='After a full review the next one is due this many months later.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='review every (months)')),
                ('demonstration', models.BooleanField(default=False, editable=False)),
                ('brand_names', monographs.pages.fields.LinesField(base_field=models.CharField(max_length=200), blank=True, default=list, help_text='One per line.', size=None)),
                ('pronunciation', models.CharField(blank=True, help_text='As a reader would say it, e.g. blin-uh-TOOM-oh-mab.', max_length=200)),
                ('routes', monographs.pages.fields.ChoicesField(base_field=models.CharField(choices=[('oral', 'By mouth'), ('intravenous_infusion', 'Infusion into a vein (IV)'), ('intravenous_injection', 'Injection into a vein (IV)'), ('subcutaneous_injection', 'Injection under the skin'), ('intramuscular_injection', 'Injection into a muscle'), ('eye', 'In the eye'), ('skin', 'On the skin')], max_length=40), blank=True, default=list, size=None, verbose_name='how it is given')),
                ('rxcui', monographs.pages.fields.LinesField(base_field=models.CharField(max_length=20), blank=True, default=list, help_text='RxNorm concept numbers, one per line.', size=None, verbose_name='RxCUI')),
                ('atc', models.CharField(blank=True, max_length=10, verbose_name='ATC code')),
                ('unii', models.CharField(blank=True, max_length=20, verbose_name='UNII')),
                ('label_set_id', models.CharField(blank=True, max_length=60, verbose_name='label set id')),
                ('label_version', models.CharField(blank=True, max_length=20)),
                ('sections', wagtail.fields.StreamField([('boxed_warning', 24), ('how_it_is_administered', 25), ('if_something_goes_wrong', 26), ('how_it_works', 27), ('how_well_it_works', 28), ('common_side_effects', 33), ('checks_while_you_take_it', 34), ('who_should_take_it', 35), ('who_should_not_take_it', 36), ('pregnancy_and_breastfeeding', 37), ('commonly_used_with', 39), ('commonly_tested_with', 40), ('other_medicines', 41), ('living_with_it', 42), ('for_caregivers', 43), ('cost_and_help', 44), ('when_to_get_help', 45), ('common_questions', 46)], blank=True, block_lookup={0: ('monographs.blocks.parts.TextBlock', (), {}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('call_911', 'Call 911 now'), ('call_now', 'Call now, day or night'), ('call_today', 'Call your care team today'), ('next_visit', 'Tell your care team at your next visit')], 'help_text': 'How soon the reader must act.'}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['paste', 'bold', 'italic', 'ol', 'ul', 'link', 'superscript', 'subscript'], 'help_text': 'When this applies, and what to do.'}), 3: ('wagtail.blocks.StructBlock', [[('urgency', 1), ('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Do', 'max_length': 300}), 5: ('wagtail.blocks.ListBlock', (4,), {'default': [], 'label': 'Do'}), 6: ('wagtail.blocks.CharBlock', (), {'label': 'Do not', 'max_length': 300}), 7: ('wagtail.blocks.ListBlock', (6,), {'default': [], 'label': 'Do not'}), 8: ('wagtail.blocks.StructBlock', [[('do', 5), ('dont', 7)]], {}), 9: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the table shows, e.g. How much to take each day. Screen readers say it first.', 'max_length': 200}), 10: ('wagtail.blocks.BooleanBlock', (), {'default': True, 'label': 'The first row names the columns', 'required': False}), 11: ('wagtail.blocks.BooleanBlock', (), {'default': False, 'label': 'The first column names the rows', 'required': False}), 12: ('wagtail.blocks.RichTextBlock', (), {'features': ['paste', 'bold', 'italic', 'superscript', 'subscript', 'link'], 'label': 'Cell', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('cell', 12)]], {'label': 'Cells'}), 14: ('wagtail.blocks.StructBlock', [[('caption', 9), ('header_row', 10), ('row_headers', 11), ('cells', 13)]], {}), 15: ('wagtail.images.blocks.ImageChooserBlock', (), {}), 16: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the picture says, for people who cannot see it.', 'label': 'Alternative text', 'max_length': 300}), 17: ('wagtail.blocks.CharBlock', (), {'max_length': 300, 'required': False}), 18: ('wagtail.blocks.StructBlock', [[('image', 15), ('alt', 16), ('caption', 17)]], {}), 19: ('wagtail.blocks.PageChooserBlock', (), {'page_type': ['monographs.ConditionPage']}), 20: ('wagtail.blocks.StreamBlock', [[('text', 0), ('advice', 3), ('do_dont', 8), ('table', 14), ('figure', 18)]], {}), 21: ('wagtail.blocks.StructBlock', [[('condition', 19), ('content', 20)]], {}), 22: ('wagtail.blocks.StreamBlock', [[('text', 0), ('advice', 3), ('do_dont', 8), ('table', 14), ('figure', 18), ('for_condition', 21)]], {}), 23: ('wagtail.blocks.CharBlock', (), {'help_text': 'References from the list of sources, separated by commas, e.g. label, nhs.', 'label': 'Sources', 'max_length': 200, 'required': False}), 24: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'Most serious warnings'}), 25: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'How it is administered'}), 26: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'If something goes wrong'}), 27: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'How it works'}), 28: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'How well it works'}), 29: ('monographs.blocks.parts.EffectListBlock', (), {'label': 'Common side effects'}), 30: ('wagtail.blocks.RichTextBlock', (), {'features': ['paste', 'bold', 'italic', 'ol', 'ul', 'link', 'superscript', 'subscript'], 'required': False}), 31: ('monographs.blocks.parts.EffectListBlock', (), {'label': 'Serious side effects'}), 32: ('wagtail.blocks.StructBlock', [[('introduction', 30), ('effects', 31)]], {'label': 'Serious side effects'}), 33: ('wagtail.blocks.StructBlock', [[('content', 22), ('common_effects', 29), ('serious', 32), ('sources', 23)]], {'label': 'Common side effects'}), 34: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'Checks while you take it'}), 35: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'Who should take it'}), 36: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'Who should not take it'}), 37: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'Pregnancy and breastfeeding'}), 38: ('monographs.blocks.parts.CompanionListBlock', (), {'label': 'Medicines and treatments'}), 39: ('wagtail.blocks.StructBlock', [[('content', 22), ('companions', 38), ('sources', 23)]], {'label': 'Commonly used with'}), 40: ('wagtail.blocks.StructBlock', [[('content', 22), ('companions', 38), ('sources', 23)]], {'label': 'Commonly tested with'}), 41: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'Other medicines'}), 42: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'Living with it'}), 43: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'For caregivers'}), 44: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'Cost and help'}), 45: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'When to get help'}), 46: ('wagtail.blocks.StructBlock', [[('content', 22), ('sources', 23)]], {'label': 'Common questions'})}, default=monographs.pages.monograph.required_sections)),
                ('sources', wagtail.fields.StreamField([('source', 5)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': 'A short name by which sections refer to it, e.g. label.', 'max_length': 30}), 1: ('wagtail.blocks.CharBlock', (), {'max_length': 300}), 2: ('wagtail.blocks.CharBlock', (), {'max_length': 200, 'required': False}), 3: ('wagtail.blocks.URLBlock', (), {'required': False}), 4: ('wagtail.blocks.DateBlock', (), {'label': 'Date seen', 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('reference', 0), ('title', 1), ('publisher', 2), ('address', 3), ('date_seen', 4)]], {})})),
                ('conditions', modelcluster.fields.ParentalManyToManyField(blank=True, related_name='+', to='monographs.conditionpage')),
                ('drug_class', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='monographs.drugclasspage', verbose_name='drug class')),
            ],
            options={
                'verbose_name': 'medicine',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.RunSQL(PAGE_FUNCTION + PAGE_TRIGGERS, PAGE_REMOVAL),
        migrations.RunSQL(
            TEXT_FUNCTION + "".join(TEXT_TRIGGERS.format(table=table) for table in TEXT_TABLES),
            "".join(TEXT_REMOVAL.format(table=table) for table in TEXT_TABLES)
            + "DROP FUNCTION monographs_text_remains();",
        ),
    ]
