"""What editors and superusers change around the texts: groups, accounts, steps."""

from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone
from hypothesis import strategies as st
from wagtail.models import Workflow, WorkflowTask

from monographs.review.models import MedicalReviewTask, ReviewerProfile
from tests.stateful import admin_client
from tests.stateful.actors import PEOPLE, REVIEWERS, SECOND, WITHOUT_CREDENTIALS
from tests.stateful.base import Frame, deed, people

reviewers = st.sampled_from(sorted(set(PEOPLE) - set(WITHOUT_CREDENTIALS)))


class Housekeeping(Frame):
    """The ground moves in mid-review."""

    @deed(who=people, group=st.sampled_from([REVIEWERS, SECOND, "Medical writers"]))
    def change_membership(self, who: str, group: str) -> None:
        """In or out of a group."""
        account, row = self.account(who), Group.objects.get(name=group)
        if group in self.house.members[who]:
            account.groups.remove(row)
            self.house.members[who].discard(group)
        else:
            account.groups.add(row)
            self.house.members[who].add(group)
        self.disturb()

    @deed(who=reviewers)
    def change_account(self, who: str) -> None:
        """Deactivated, or active again; never everybody at once."""
        inactive = self.house.inactive
        if who in inactive:
            inactive.discard(who)
        elif len(inactive) < 2:
            inactive.add(who)
        account = self.account(who)
        account.is_active = who not in inactive
        account.save()

    @deed(who=reviewers)
    def change_credentials(self, who: str) -> None:
        """Expired yesterday, or without an end again."""
        gone = who not in self.house.expired
        self.house.expired ^= {who}
        profile = ReviewerProfile.objects.get(user__username=who)
        profile.expires_on = timezone.now().date() - timedelta(days=1) if gone else None
        profile.save()

    @deed(who=people, step=st.integers(0, 1), way=st.sampled_from(["disable", "enable"]))
    def change_task(self, who: str, step: int, way: str) -> str:
        """Disable or enable a step by Wagtail's own screens, also in mid-review."""
        task = MedicalReviewTask.objects.get(name=self.house.steps[step].name)
        self.someone(who).post(f"workflows/tasks/{way}/{task.pk}/")
        self._read_steps()
        return who

    @deed(step=st.integers(0, 1), wanted=st.integers(1, 2))
    def change_signatures(self, step: int, wanted: int) -> None:
        """One signature or two."""
        MedicalReviewTask.objects.filter(name=self.house.steps[step].name).update(signatures=wanted)
        self._read_steps()

    @deed(use=st.booleans())
    def change_second_step(self, use: bool) -> None:
        """With a second reading or without."""
        workflow = Workflow.objects.get(name="Medical review")
        task = MedicalReviewTask.objects.get(name=self.house.steps[1].name)
        WorkflowTask.objects.filter(workflow=workflow, task=task).delete()
        if use:
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
        self._read_steps()

    @deed()
    def repair_the_house(self) -> None:
        """Everything as it was at the start, so that texts can be signed again.

        Emil recalls what nobody can sign any more because its rows were written to.
        """
        for step in self.house.steps:
            task = MedicalReviewTask.objects.get(name=step.name)
            MedicalReviewTask.objects.filter(pk=task.pk).update(signatures=1, active=True)
        for name in list(self.house.inactive):
            self.change_back(name)
        ReviewerProfile.objects.update(expires_on=None)
        self.house.expired.clear()
        for name, groups in PEOPLE.items():
            self.account(name).groups.set(Group.objects.filter(name__in=groups))
            self.house.members[name] = set(groups)
        self._read_steps()
        for sent in self.open_ones():
            if sent["uuid"] in self.tampered or sent["key"] in self.rewritten:
                self.someone("emil").post(f"review/{sent['id']}/recall/", reason="Tampered with.")

    def change_back(self, name: str) -> None:
        """Active again."""
        account = self.account(name)
        account.is_active = True
        account.save()
        self.house.inactive.discard(name)

    def _read_steps(self) -> None:
        """Steps as they are stored now."""
        found = admin_client.rows(
            "SELECT t.name, t.active, r.signatures, EXISTS (SELECT 1 FROM wagtailcore_workflowtask w "
            "WHERE w.task_id = t.id) AS used FROM wagtailcore_task t "
            "JOIN review_medicalreviewtask r ON r.task_ptr_id = t.id"
        )
        by_name = {row["name"]: row for row in found}
        for step in self.house.steps:
            row = by_name[step.name]
            step.active, step.used, step.signatures = row["active"], row["used"], row["signatures"]
        self.disturb()
