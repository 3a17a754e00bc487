"""The command that publishes synthetic monographs for scale tests."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from devtools.synthetic.generation import generate
from monographs.document import REQUIRED_SECTIONS
from monographs.editions.models import Edition, Publication
from monographs.editions.verify import verify
from monographs.public.name_sort import normalise

pytestmark = pytest.mark.django_db


def generated(count: int, **options: int) -> list[Edition]:
    for _ in generate(count, **options):
        pass
    return list(Edition.objects.filter(kind="monograph").order_by("number", "slug"))


def test_generated_medicines_are_published_signed_and_verified() -> None:
    editions = generated(30, editions=2)
    assert [edition.number for edition in editions] == [1] * 30 + [2] * 30
    assert Publication.objects.filter(state="current", edition__kind="monograph").count() == 30
    counts = verify()
    assert counts["editions"] == counts["signatures"] == counts["contributions"] == Edition.objects.count()


@pytest.mark.extended
def test_no_two_of_them_share_a_name_and_each_says_that_it_is_invented() -> None:
    documents = [edition.document for edition in generated(120)]
    names = [normalise(name) for d in documents for name in (d.title, *d.brand_names)]
    assert len(names) == len(set(names))
    assert all(name.isascii() and name.isalpha() for name in names)
    assert all(d.demonstration and "invented" in d.summary for d in documents)
    assert all({s.type for s in d.sections} >= set(REQUIRED_SECTIONS) for d in documents)


def test_the_same_seed_generates_the_same_monographs_and_continues() -> None:
    first = {edition.slug: edition.sha256 for edition in generated(20, seed=5)}
    again = {edition.slug: edition.sha256 for edition in generated(30, seed=5)}
    assert len(again) == 30
    assert first.items() <= again.items()
    assert len(generated(30, seed=5)) == 30
    assert len(generated(10, seed=6)) == 40


def test_the_command_refuses_production_and_invalid_numbers(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("generate_monographs", 3, editions=2)
    told = capsys.readouterr()
    assert (told.out, told.err) == ("Ready.\n", "publishing: 3 of 3 medicines\n")
    with pytest.raises(CommandError, match="at least 1"):
        call_command("generate_monographs", 0)
    settings.ALLOW_DEMONSTRATION = False
    with pytest.raises(CommandError, match="must not be shown to patients"):
        call_command("generate_monographs", 3)
    with pytest.raises(PermissionError, match="ALLOW_DEMONSTRATION is off"):
        next(generate(9))
    assert Edition.objects.filter(kind="monograph").count() == 6
