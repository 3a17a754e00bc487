"""The text index and used-with links stay in step with publications."""

import pytest
from django.core.management import call_command
from django.db.models.signals import post_save

from monographs.editions.models import Publication
from monographs.public.models import Passage, UsedWith
from monographs.public.search.service import search
from monographs.public.search.text_index_sync import index_missing_editions
from tests.public.published import condition, information, monograph, publish, withdraw

pytestmark = pytest.mark.django_db


def test_each_section_of_a_medicine_is_a_passage_and_the_summary_another() -> None:
    edition = publish(monograph("aumab"))
    assert Passage.objects.filter(edition=edition).count() == 1 + len(edition.document.sections)


def test_only_the_current_edition_has_passages() -> None:
    document = monograph("aumab")
    publish(document)
    newer = publish(document.model_copy(update={"summary": "New."}))
    assert set(Passage.objects.values_list("edition", flat=True)) == {newer.pk}
    withdraw(newer)
    assert not Passage.objects.exists()


def test_migrate_indexes_what_was_published_before_the_index_existed() -> None:
    publish(monograph("aumab"))
    publish(condition())
    publish(information())
    count = Passage.objects.count()
    Passage.objects.all().delete()
    UsedWith.objects.all().delete()
    assert index_missing_editions() == 2
    assert Passage.objects.count() == count
    assert index_missing_editions() == 0
    Passage.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert Passage.objects.count() == count


def test_a_publication_saved_again_is_indexed_once() -> None:
    edition = publish(monograph("aumab"))
    count = Passage.objects.count()
    post_save.send(Publication, instance=Publication.objects.get(edition=edition))
    assert Passage.objects.count() == count
    assert len(search("aumab")["results"]) == 1
