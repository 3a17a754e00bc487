"""Rows of versions that pages rest on and cite: always what a slow count of texts and citations finds."""

import random
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from monographs.document.page_statements import statements
from monographs.editions.models import Publication, PublicationState
from monographs.editions.person import SYSTEM
from monographs.label_watch.citations import (
    cite,
    passages_by_key,
    remove_citations,
    standing_citations,
)
from monographs.label_watch.coverage import version_count, version_rows
from monographs.label_watch.coverage_sql import SET_ID_PATTERN, is_set_id
from monographs.label_watch.label_knowledge import begin_round
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import FollowedLabel, LabelVersion, RestedVersion, UpdateTask
from monographs.label_watch.rested_versions import store_missing_rested_versions
from monographs.label_watch.watched_editions import watch_missing_editions
from monographs.labels import ChangeClass
from monographs.labels.spl import SET_ID
from tests.label_watch.label_service import SET_IDS
from tests.label_watch.test_label_tasks import FIRST, GRAVE, SAME, publish_naming, store
from tests.public.published import key, monograph, publish, sections, text, withdraw

pytestmark = pytest.mark.django_db

_PAGES, _LABELS, _STEPS = 4, 3, 25
_NAMED = ("3", "4", "4", "", "a word")


class Count:
    """What the texts that patients read rest on and cite, read from the texts themselves."""

    def __init__(self) -> None:
        self.monographs: Counter[tuple[str, int | None]] = Counter()
        self.statements: Counter[tuple[str, int | None]] = Counter()
        self.citing: Counter[tuple[str, int | None]] = Counter()
        self.tasks: dict[tuple[str, int | None], list[UpdateTask]] = {}
        self.figures = dict.fromkeys(("monographs", "statements", "citing", "follow_none", "behind"), 0)
        self.waiting: Counter[str] = Counter()
        self.overdue: Counter[str] = Counter()
        current = Publication.objects.filter(state=PublicationState.CURRENT, edition__kind="monograph")
        for publication in current.select_related("edition"):
            self._count(publication.edition)

    def _count(self, edition: Any) -> None:
        document = edition.document
        present = {each.key for each in statements(document)}
        cited = [each for each in standing_citations(edition.key, edition) if each.statement in present]
        pairs = {(each.statement, each.label.set_id, each.label.version) for each in cited}
        for _, set_id, version in pairs:
            self.statements[set_id, version] += 1
        for cited_place in {(set_id, version) for _, set_id, version in pairs}:
            self.citing[cited_place] += 1
        followed = self._followed(edition.key, document.identifiers)
        tasks = list(UpdateTask.objects.filter(key=edition.key, closed_at=None, set_id__in=followed))
        for place in followed.items():
            self.monographs[place] += 1
            waiting = [task for task in tasks if task.set_id == place[0]]
            self.tasks.setdefault(place, []).extend(waiting)
        self.figures["monographs"] += 1
        self.figures["statements"] += len(present)
        self.figures["citing"] += len({statement for statement, *_ in pairs})
        self.figures["follow_none"] += not followed
        self.figures["behind"] += bool(tasks)
        self.waiting.update({task.change_class for task in tasks})
        self.overdue.update({task.change_class for task in tasks if task.is_overdue})

    @staticmethod
    def _followed(page: Any, named: Any) -> dict[str, int | None]:
        followed: dict[str, int | None] = dict.fromkeys(
            set_id
            for set_id in FollowedLabel.objects.filter(key=page).values_list("set_id", flat=True)
            if SET_ID.fullmatch(set_id)
        )
        if SET_ID.fullmatch(named.label_set_id):
            followed[named.label_set_id] = int(named.label_version) if named.label_version.isdigit() else None
        return followed

    def versions(self) -> list[tuple[Any, ...]]:
        """Return what each row of the list says, in its order."""
        places = {*self.monographs, *self.statements}
        return [
            (
                *place,
                self.monographs[place],
                self.statements[place],
                self.citing[place],
                len(tasks := self.tasks.get(place, [])),
                next(
                    (each.value for each in ChangeClass if any(t.change_class == each for t in tasks)), None
                ),
                min((task.opened_at for task in tasks), default=None),
            )
            for place in sorted(places, key=lambda each: (each[0], -(each[1] or 0)))
        ]


def listed() -> list[tuple[Any, ...]]:
    """Return what the report says of each version."""
    return [
        (
            row.set_id,
            row.version,
            row.monographs,
            row.statements,
            row.citing_monographs,
            row.waiting,
            row.change_class,
            row.behind_since,
        )
        for row in version_rows()
    ]


class Site:
    """Pages and labels to which something happens at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # no secret
        self.keys = [key() for _ in range(_PAGES)]
        self.current: dict[str, Any] = {}
        for set_id in SET_IDS[:_LABELS]:
            for version, box in ((3, FIRST), (4, self.random.choice((SAME, GRAVE)))):
                store(version, box, set_id)
        self.labels = list(LabelVersion.objects.all())

    def step(self) -> None:
        """Let something happen to a page."""
        page = self.random.choice(self.keys)
        acts = (self.publish, self.publish, self.withdraw, self.cite, self.cite, self.cite)
        self.random.choice((*acts, self.remove, self.follow, self.follow, self.unfollow, self.check))(page)

    def fill(self) -> None:
        """Let every page be read, follow every label and cite one, and look at their tasks."""
        for page in self.keys:
            self.publish(page)
            self.cite(page)
            for set_id in SET_IDS[:_LABELS]:
                FollowedLabel.objects.get_or_create(key=page, set_id=set_id)
        refresh_label_tasks()

    def publish(self, page: str) -> None:
        named, version = self.random.choice((*SET_IDS[:_LABELS], "", "a word")), self.random.choice(_NAMED)
        title = f"medicine{self.keys.index(page)}"
        words = (text(f"<p>{'It helps. ' * self.random.randrange(1, 4)}</p>"),)
        document = monograph(title, brand_names=(), key=page, sections=sections(*words), change_note=key())
        identifiers = document.identifiers.model_copy(
            update={"label_set_id": named, "label_version": version}
        )
        self.current[page] = publish(document.model_copy(update={"identifiers": identifiers}))

    def withdraw(self, page: str) -> None:
        if page in self.current:
            withdraw(self.current.pop(page))

    def cite(self, page: str) -> None:
        if page in self.current:
            label = self.random.choice(self.labels)
            passage = self.random.choice(list(passages_by_key(label).values()))
            statement = self.random.choice(statements(self.current[page].document))
            cite(self.current[page].key, statement, label, passage, SYSTEM)

    def remove(self, page: str) -> None:
        if page in self.current:
            remove_citations(standing_citations(self.current[page].key), SYSTEM)

    def follow(self, page: str) -> None:
        set_id = self.random.choice((*SET_IDS[:_LABELS], "a word"))
        FollowedLabel.objects.get_or_create(key=page, set_id=set_id)

    def unfollow(self, page: str) -> None:
        FollowedLabel.objects.filter(key=page).delete()

    def check(self, page: str) -> None:
        refresh_label_tasks()
        UpdateTask.objects.filter(key=page).update(due_on="2020-01-01")

    def lose_rows(self) -> None:
        """Leave rows as a release that knows nothing of them does."""
        rows = list(RestedVersion.objects.all())
        for row in self.random.sample(rows, len(rows) // 2):
            row.delete()
        RestedVersion.objects.filter(pk__in=[row.pk for row in rows[::3]]).update(statements=9, rests=False)
        page = Publication.objects.filter(edition__kind="monograph").first()
        if page:
            RestedVersion.objects.create(
                key=key(), edition_id=page.edition_id, set_id=SET_IDS[7], version=9, rests=True
            )


@pytest.mark.parametrize("seed", range(3))
def test_what_is_listed_is_what_a_slow_count_finds(client: Client, seed: int) -> None:
    site = Site(seed)
    for _ in range(_STEPS):
        site.step()
        assert listed() == Count().versions()
        assert version_count() == len(listed())
    site.fill()
    count = Count()
    summary = client.get("/api/v1/labels/summary").json()
    waiting = {each["change"]: (each["monographs"], each["overdue"]) for each in summary["waiting"]}
    assert {name: summary[name] for name in count.figures} == count.figures
    assert waiting == {change: (number, count.overdue[change]) for change, number in count.waiting.items()}
    assert store_missing_rested_versions() == 0, "none is missing"
    site.lose_rows()
    assert listed() != count.versions()
    begin_round()
    assert listed() == count.versions()


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_cursor_goes_on_after_the_version_before(client: Client, limit: int) -> None:
    Site(1).fill()
    seen: list[Any] = []
    address = f"/api/v1/labels/versions?limit={limit}"
    while address:
        answer = client.get(address).json()
        assert len(answer["items"]) <= limit
        seen += answer["items"]
        address = answer["next"]
    assert [(each["set_id"], each["version"]) for each in seen] == [row[:2] for row in listed()]
    assert len(seen) > 3


def test_a_row_of_an_edition_that_patients_read_no_more_counts_for_nothing() -> None:
    """A release that knows nothing of the rows publishes, or withdraws, and leaves them as they were."""
    edition = publish_naming("3")
    row = RestedVersion.objects.get()
    assert (row.key, row.edition_id, str(row.set_id), row.version) == (edition.key, edition.pk, SET_IDS[0], 3)
    publish_naming("4", note="Another version.")
    RestedVersion.objects.update(edition=edition, version=3)
    assert (version_rows(), version_count()) == ([], 0)
    watch_missing_editions()
    assert [each.version for each in version_rows()] == [4]
    withdraw(publish_naming("4", note="The last one."))
    assert not RestedVersion.objects.exists()
    RestedVersion.objects.bulk_create([row])
    assert (version_rows(), version_count()) == ([], 0)
    watch_missing_editions()
    assert not RestedVersion.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        SET_IDS[0],
        SET_IDS[0].upper(),
        SET_IDS[0] + chr(10),
        SET_IDS[0][1:],
        SET_IDS[0].replace("2", "g"),
        SET_IDS[0].replace("2", "-"),
        SET_IDS[0].replace("-", "2"),
        "-".join("0" * length for length in (4, 8, 4, 4, 12)),
        "",
        "a word",
    ],
)
def test_the_database_knows_a_set_id_as_we_do(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {is_set_id('t')}, t ~ '{SET_ID_PATTERN}' FROM (SELECT %s::text) w (t)",  # noqa: S608
            [words],
        )
        found = cursor.fetchone()
    assert found == (SET_ID.fullmatch(words) is not None,) * 2


def test_labels_followed_by_pages_without_an_edition_are_not_listed() -> None:
    document = monograph("aumab")
    FollowedLabel.objects.create(key=document.key, set_id=SET_IDS[1])
    assert (version_rows(), RestedVersion.objects.count()) == ([], 0)
    publish(document)
    assert [(row.set_id, row.version, row.monographs) for row in version_rows()] == [(SET_IDS[1], None, 1)]
    FollowedLabel.objects.all().delete()
    assert version_rows() == []
