"""The site that each example starts from, built once per process and restored before each example."""

import copy
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.files.images import ImageFile
from django.core.files.storage import default_storage
from wagtail.images import get_image_model

from home.site_setup import set_up_site
from monographs.models import ConditionPage, DrugClassPage, MonographIndexPage, MonographPage
from monographs.review.models import MedicalReviewTask
from monographs.review.outside_review.expert_records import ExpertFacts, RecordExpert
from tests.factories import complete_sections, make_group, stream, text
from tests.outside_review.outside_experts import confirm_expert
from tests.stateful import admin_client
from tests.stateful.actors import SECOND, SECOND_READING, Actor, Organisation, create_accounts, picture
from tests.stateful.forms import SOURCES
from tests.stateful.invariants import PublicReader
from tests.stateful.oracle import Oracle
from tests.stateful.oracle_submissions import require
from tests.stateful.running_site import RunningSite

#: Wagtail's folder of image files.
IMAGES = "original_images"
FIRST_COLOUR = (1, 2, 3)


@dataclass
class InitialSite:
    """What an example needs to start."""

    site: RunningSite
    oracle: Oracle
    medicines: int
    classes: int
    image: int
    image_file: str
    condition: int
    #: The account of the outside expert, and who recorded and confirmed their name.
    expert: User
    vouchers: frozenset[str] = frozenset(["emil", "alma"])

    def begin(self) -> tuple[Oracle, Organisation]:
        """Restore the database; return an oracle and organisation that belong to it."""
        self.site.reset()
        for file in default_storage.listdir(IMAGES)[1]:
            default_storage.delete(f"{IMAGES}/{file}")
        default_storage.save(self.image_file, BytesIO(picture(FIRST_COLOUR)))
        ContentType.objects.clear_cache()
        mail.outbox.clear()
        return copy.deepcopy(self.oracle), Organisation()

    def person(self, name: str, oracle: Oracle, organisation: Organisation) -> Actor:
        """Return a user with their client."""
        return Actor(name, self.site.client(name), oracle, organisation)

    def reader(self) -> PublicReader:
        """Return the reader of public pages."""
        return PublicReader(self.site.client(""))


def build_initial_site(site: RunningSite) -> InitialSite:
    """Create groups, users, a class, two monographs (one public) and an image; save the database."""
    ContentType.objects.clear_cache()
    set_up_site()
    second = make_group(SECOND)
    task = MedicalReviewTask.objects.create(name=SECOND_READING)
    task.groups.set([second])
    create_accounts(site)
    oracle = Oracle()
    wanda = get_user_model().objects.get(username="wanda")
    classes = MonographIndexPage.objects.get(collection="classes")
    medicines = MonographIndexPage.objects.get(collection="medicines")
    drug_class = _class(classes, oracle, wanda)
    image = get_image_model().objects.create(
        title="Pump", file=ImageFile(BytesIO(picture(FIRST_COLOUR)), name="pump.png"), uploaded_by_user=wanda
    )
    condition = _condition(MonographIndexPage.objects.get(collection="conditions"), oracle, wanda)
    first = _monograph(
        medicines, oracle, wanda, drug_class=drug_class, image=image.pk, conditions=[condition]
    )
    _monograph(medicines, oracle, wanda)
    oracle.author[sha256(picture(FIRST_COLOUR))] = "wanda"
    initial_site = InitialSite(
        site,
        oracle,
        medicines.pk,
        classes.pk,
        image.pk,
        image.file.name,
        condition.pk,
        _expert(oracle),
    )
    _publish(initial_site, first.pk)
    site.save()
    return initial_site


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes, computed by the standard library."""
    return hashlib.sha256(data).hexdigest()


def _class(parent: Any, oracle: Oracle, by: Any) -> DrugClassPage:
    word = oracle.word("wanda")
    page = DrugClassPage(title=f"{word} class", slug="pumps", summary=f"A class, {oracle.word('wanda')}.")
    page.body = json.dumps([text(oracle.word("wanda"))])
    parent.add_child(instance=page)
    page.save_revision(user=by, clean=False)
    return page


def _condition(parent: Any, oracle: Oracle, by: Any) -> ConditionPage:
    page = ConditionPage(title=f"{oracle.word('wanda')} disease", slug="disease")
    parent.add_child(instance=page)
    page.save_revision(user=by, clean=False)
    return page


def _expert(oracle: Oracle) -> User:
    """Record an outside expert as Emil, and confirm them as Alma."""
    emil, alma = (get_user_model().objects.get(username=name) for name in ("emil", "alma"))
    facts = ExpertFacts(oracle.name(), "Outside", "expert@clinic.example", ("PharmD",))
    expert = RecordExpert(emil, facts).execute()
    confirm_expert(alma, expert)
    return expert


def _monograph(
    parent: Any,
    oracle: Oracle,
    by: Any,
    *,
    drug_class: Any = None,
    image: int | None = None,
    conditions: Sequence[ConditionPage] = (),
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
    page.conditions = conditions
    page.save_revision(user=by, clean=False)
    return page


def _publish(initial_site: InitialSite, page: int) -> None:
    """Publish the first edition through the admin, as Wanda and Rita."""
    oracle, organisation = initial_site.oracle, Organisation()
    organisation.signers.read(admin_client.signers(), "")
    pages = admin_client.pages()
    for each in pages.values():
        oracle.changed(each.key, "wanda", dict(enumerate(each.print)))
    wanda, rita = (initial_site.person(name, oracle, organisation) for name in ("wanda", "rita"))
    require(wanda.submit(pages[page], "full_review"), "the first text cannot be submitted")
    sent = admin_client.submissions()[-1]
    oracle.submitted(sent, organisation.required_steps(), pages[page].said(pages, admin_client.things()))
    seen = rita.sign(sent)
    require(seen is not None, "the first text cannot be signed")
    assert seen is not None
    oracle.signed(sent["uuid"], seen)
    for row in admin_client.editions_after(0):
        oracle.edition(row, admin_client.signatures(row["submission"]))
