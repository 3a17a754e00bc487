from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("source_library", "0002_day_seen"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sourcetask",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("edition", "An edition answered it"),
                    ("answered", "Somebody who works on the page answered that it is still right"),
                    ("right_again", "The source is right again"),
                ],
                max_length=20,
            ),
        ),
    ]
