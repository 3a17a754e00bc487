"""Rules of labels: their versions, label tasks, answers, and the prepared sentence for patients.

The text of every version has a new test word. Nobody signs it, so no public page may ever say it.
"""

from itertools import cycle
from typing import Any

from hypothesis import strategies as st

from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import FollowedLabel
from monographs.label_watch.storage import store_label
from monographs.labels import read_label
from tests.factories import PASSWORD
from tests.label_watch.label_service import SET_IDS, label_xml
from tests.stateful import admin_client
from tests.stateful.base import BaseMachine, machine_rule, people, which
from tests.stateful.oracle_submissions import require, words

#: What patients read of the prepared sentence.
TOLD = "We are checking this page."
#: What programs read, beside the pages.
OTHER_READERS = cycle(
    ("/api/v1/monographs", "/api/v1/labels", "/api/v1/search?q=zq", "/updates.atom", "/whats-new/")
)
passwords = st.sampled_from([PASSWORD, PASSWORD, "guess"])


def readable(machine: Any) -> list[str]:
    """Return the keys of the medicines that patients read now."""
    pages = ((key, page.current) for key, page in machine.oracle.pages.items() if not page.withdrawn)
    return [key for key, text in pages if text and text.kind == "monograph"]


def has_task(machine: Any) -> bool:
    """Return whether a change of a label waits for an answer."""
    return bool(admin_client.open_label_tasks())


class LabelRules(BaseMachine):
    """Labels that change, and what people do about it."""

    def __init__(self) -> None:
        super().__init__()
        #: Label tasks whose sentence somebody signed.
        self.told: set[int] = set()
        self.label_versions = 0

    @machine_rule(page=which, label=st.integers(0, 1), when=readable)
    def change_a_label(self, page: int, label: int) -> None:
        """Store a newer version of a page's label, whose boxed warning says something else."""
        self._change_a_label(page, label)

    def _change_a_label(self, page: int, label: int) -> None:
        keys = readable(self)
        key, set_id = keys[page % len(keys)], SET_IDS[label]
        FollowedLabel.objects.get_or_create(key=key, set_id=set_id)
        for _ in range(2):
            self.label_versions += 1
            box = f"{self.oracle.word('')} can be fatal."
            data = label_xml(self.label_versions, box, set_id=set_id)
            store_label(data, read_label(data), "here")
        refresh_label_tasks()  # as after a fetch: other pages may follow the same label

    @machine_rule(
        asker=st.sampled_from(["emil", "emil", "alma", "wanda"]),
        signer=people,
        task=which,
        password=passwords,
        when=readable,
    )
    def tell_patients(self, asker: str, signer: str, task: int, password: str) -> None:
        """Ask for the prepared sentence and sign it, after a label has changed."""
        if not has_task(self):
            self._change_a_label(task, 0)
        found = self._task(task)
        asked = self.actor(asker).post(f"labels/{found['id']}/sentence/ask/")
        require(
            not asked.is_accepted or "Editors" in self.organisation.members[asker],
            f"{asker} asked for a sentence and is no editor",
        )
        form = {"version": found["to_version"], "password": password}
        answer = self.actor(signer).post(f"labels/{found['id']}/sentence/sign/", **form)
        if answer.is_accepted:
            self._require_answerable(signer, found["key"], password, "signed a sentence")
            self.told.add(found["id"])

    @machine_rule(who=people, task=which, password=passwords, when=has_task)
    def answer_a_label(self, who: str, task: int, password: str) -> None:
        """Sign that a page needs no change, which ends the sentence."""
        found = self._task(task)
        form = {"version": found["to_version"], "reason": "It is there.", "password": password}
        answer = self.actor(who).post(f"labels/{found['id']}/answer/", **form)
        if answer.is_accepted:
            self._require_answerable(who, found["key"], password, "answered a label")
            open_now = [task["id"] for task in admin_client.open_label_tasks()]
            require(found["id"] not in open_now, "a label was answered and its task is open")

    def check(self) -> None:
        """Check also that the sentence is shown while its task is open, and no label's words anywhere."""
        super().check()
        if not self.label_versions:
            return
        told = {task["key"] for task in admin_client.open_label_tasks() if task["id"] in self.told}
        for key, page in self.oracle.pages.items():
            if page.current and not page.withdrawn:
                shown = TOLD in self.reader.client.get(page.current.path).text
                require(shown == (key in told), f"{page.current.path} tells of its label: {shown}")
        path = next(OTHER_READERS)
        said = words(self.reader.client.get(path).text)
        signed = frozenset[str]().union(
            *(text.allowed for page in self.oracle.pages.values() for text in page.editions)
        )
        require(said <= signed, f"{path} says what nobody signed: {sorted(said - signed)}")

    def _task(self, n: int) -> dict[str, Any]:
        tasks = admin_client.open_label_tasks()
        return tasks[n % len(tasks)]

    def _require_answerable(self, who: str, key: str, password: str, deed: str) -> None:
        """Raise a finding unless ``who`` is qualified and wrote nothing of what patients read."""
        may = self.organisation.may_withdraw(who) and self.organisation.signers.may_sign(who)
        require((key, who) not in self.oracle.conflicts, f"{who} {deed} with a conflict of interest")
        require(may and password == PASSWORD, f"{who} {deed} without being entitled to")
        require(who not in admin_client.contributors(key), f"{who} {deed} and wrote the page")
