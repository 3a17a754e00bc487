"""The site an example starts from, made once per process and brought back before each example."""

import copy
import hashlib
import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.files.images import ImageFile
from django.core.files.storage import default_storage
from wagtail.images import get_image_model

from home.site_setup import set_up_site
from monographs.models import DrugClassPage, MonographIndexPage, MonographPage
from monographs.review.models import MedicalReviewTask
from tests.factories import complete_sections, make_group, stream, text
from tests.stateful import admin_client
from tests.stateful.actors import SECOND, SECOND_READING, Actor, House, arrive, picture
from tests.stateful.forms import SOURCES
from tests.stateful.invariants import Reader
from tests.stateful.oracle import Oracle, hold
from tests.stateful.world import StatefulWorld

#: Where Wagtail keeps the files of pictures.
IMAGES = "original_images"
FIRST_COLOUR = (1, 2, 3)


@dataclass
class TestDatabase:
    """Everything an example needs to begin."""

    world: StatefulWorld
    oracle: Oracle
    medicines: int
    classes: int
    image: int
    image_file: str

    def begin(self) -> tuple[Oracle, House]:
        """The database as it was remembered, with a memory and books that belong to it."""
        self.world.reset()
        for file in default_storage.listdir(IMAGES)[1]:
            default_storage.delete(f"{IMAGES}/{file}")
        default_storage.save(self.image_file, BytesIO(picture(FIRST_COLOUR)))
        ContentType.objects.clear_cache()
        return copy.deepcopy(self.oracle), House()

    def person(self, name: str, oracle: Oracle, house: House) -> Actor:
        """Somebody at their browser."""
        return Actor(name, self.world.caller(name), oracle, house)

    def reader(self) -> Reader:
        """The public."""
        return Reader(self.world.caller(""))


def lay(world: StatefulWorld) -> TestDatabase:
    """Groups, people, a class, two monographs (one public) and a picture; then remember all of it."""
    ContentType.objects.clear_cache()
    set_up_site()
    second = make_group(SECOND)
    task = MedicalReviewTask.objects.create(name=SECOND_READING)
    task.groups.set([second])
    arrive(world)
    oracle = Oracle()
    wanda = get_user_model().objects.get(username="wanda")
    classes = MonographIndexPage.objects.get(collection="classes")
    medicines = MonographIndexPage.objects.get(collection="medicines")
    drug_class = _class(classes, oracle, wanda)
    image = get_image_model().objects.create(
        title="Pump", file=ImageFile(BytesIO(picture(FIRST_COLOUR)), name="pump.png"), uploaded_by_user=wanda
    )
    first = _monograph(medicines, oracle, wanda, drug_class=drug_class, image=image.pk)
    _monograph(medicines, oracle, wanda)
    oracle.author[sha256(picture(FIRST_COLOUR))] = "wanda"
    ground = TestDatabase(world, oracle, medicines.pk, classes.pk, image.pk, image.file.name)
    _publish(ground, first.pk)
    world.remember()
    return ground


def sha256(data: bytes) -> str:
    """The hash of some bytes, by the standard library alone."""
    return hashlib.sha256(data).hexdigest()


def _class(parent: Any, oracle: Oracle, by: Any) -> DrugClassPage:
    word = oracle.word("wanda")
    page = DrugClassPage(title=f"{word} class", slug="pumps", summary=f"A class, {oracle.word('wanda')}.")
    page.body = json.dumps([text(oracle.word("wanda"))])
    parent.add_child(instance=page)
    page.save_revision(user=by, clean=False)
    oracle.changed(str(page.translation_key), "wanda")
    return page


def _monograph(
    parent: Any, oracle: Oracle, by: Any, *, drug_class: Any = None, image: int | None = None
) -> MonographPage:
    word = oracle.word("wanda")
    page = MonographPage(title=f"{word}umab", slug=f"m-{word}", summary=f"It is {oracle.word('wanda')}.")
    page.drug_class = drug_class
    page.sources = json.dumps(SOURCES)
    sections = complete_sections(how_it_works=f"About {oracle.word('wanda')}.")
    if image:
        figure = {"image": image, "alt": "A pump.", "caption": ""}
        sections["how_it_works"]["content"].append({"type": "figure", "value": figure})
    page.sections = stream(sections)
    parent.add_child(instance=page)
    page.save_revision(user=by, clean=False)
    oracle.changed(str(page.translation_key), "wanda")
    return page


def _publish(ground: TestDatabase, page: int) -> None:
    """The first edition, through the screens, by Wanda and Rita."""
    oracle, house = ground.oracle, House()
    pages = admin_client.pages()
    wanda, rita = (ground.person(name, oracle, house) for name in ("wanda", "rita"))
    hold(wanda.submit(pages[page], "full_review"), "the first text cannot be submitted")
    sent = admin_client.submissions()[-1]
    oracle.submitted(sent, house.asked_for(), pages[page].said(pages))
    seen = rita.sign(sent)
    hold(seen is not None, "the first text cannot be signed")
    assert seen is not None
    oracle.signed(sent["uuid"], seen)
    for row in admin_client.editions_after(0):
        oracle.edition(row, admin_client.signatures(row["submission"]))
